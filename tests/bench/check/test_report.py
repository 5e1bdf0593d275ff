"""The conformance kit: sound rules and problems pass, each fault is caught by the requirement that
is about it.
"""

import json
import os
import re
import subprocess
import sys

import faulty
import numpy as np
import optbench as ob
import pytest
from click.testing import CliRunner
from optbench.bench.check import (
    bounds,
    optimizer_requirements,
    problem_requirements,
    properties,
    trial_problem,
)
from optbench.bench.check import report as check
from optbench.bench.cli.main import main
from optbench.bench.plugins import discovery
from optbench.bench.sweep import suites
from optbench.bench.timing import update_cost
from optbench.kernels.presets import PRESETS

WRAPPED = ("adam", "lion", "muon", "lbfgs", "dog", "sps")


@pytest.fixture
def rules(tmp_path):
    """The faulty rules, registered -> the file."""
    file = tmp_path / "faulty_rules.py"
    file.write_text(faulty.RULES)
    discovery.load_file(file)
    return file


@pytest.fixture
def problems(tmp_path):
    """The faulty problems, registered -> the file."""
    file = tmp_path / "faulty_problems.py"
    file.write_text(faulty.PROBLEMS)
    discovery.load_file(file)
    return file


def failures(report):
    """The requirements that failed, in order, with their reasons."""
    return {
        verdict.requirement: verdict.detail
        for verdict in report.verdicts
        if verdict.verdict == "fail"
    }


def optbench(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def line_of(text, remark):
    """The number of the line that carries the remark."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if remark in line)


# ----------------------------------------------------------------------------------------------
# rules


@pytest.mark.parametrize("name", ["sound", "adam", "sam[adam]"])
def test_a_sound_rule_meets_every_requirement(name, rules):
    """A plugin's rule, one of ours and a wrapper that evaluates again pass, bounds included, and
    nothing is skipped.
    """
    report = check.examine(ob.get_optimizer(name))

    assert [(v.requirement, v.detail) for v in report.verdicts if v.verdict != "pass"] == []
    assert len(report.verdicts) == len(check.OPTIMIZER_REQUIREMENTS)


@pytest.mark.parametrize(
    ("name", "requirement", "words"),
    [
        ("undescribed", "described", ["no docstring"]),
        ("short", "compiles", ["returns 2 values, must return x, m, v"]),
        ("handing", "compiles", ["returns nothing, must return x, m"]),
        ("misspelt", "compiles", ["'gradient'", "not defined"]),
        ("unlisted", "compiles", ["np", "'sqroot'"]),
        ("wordy", "compiles", ["add(float64, text)"]),
        ("returning", "compiles", ["change x in place"]),
        ("keeping", "compiles", ["readonly"]),
        ("still", "moves", ["50 steps"]),
        ("random", "is deterministic", ["step 1"]),
        ("sharing", "is independent of lanes", ["differs"]),
        ("dividing", "stands zero gradients", ["step 1"]),
        ("raising", "stands huge gradients", ["ValueError: the gradient explodes"]),
        ("resetting", "shows nan", ["nan", "hidden"]),
        ("ignoring", "shows nan", ["inf", "hidden"]),
        ("large", "float32 is near", ["apart"]),
        ("ascending", "descends", ["of the height above a quadratic's minimum", "against g"]),
        ("forgetful", "descends", ["of the height"]),
        ("forgetful_adam", "descends", ["of the height"]),
        ("forgetful_plain", "descends", ["without a learning rate"]),
        ("sinking", "is not drawn to the origin", ["times the start's height", "x plus its step"]),
    ],
)
def test_a_faulty_rule_is_caught(name, requirement, words, rules):
    """The first requirement that fails is the one about the fault; the reason is one line, with the
    file's line if known.
    """
    found = failures(check.examine(ob.get_optimizer(name), quick=True))
    first = next(iter(found), None)

    assert first == requirement, found
    assert all(word in found[first] for word in words)
    assert "\n" not in found[first]
    if requirement == "compiles":
        fault = (
            line_of(faulty.RULES, f"# {name}'s fault")
            if f"# {name}'s fault" in faulty.RULES
            else None
        )
        assert f"faulty_rules.py, line {fault}" in found[first]


@pytest.mark.parametrize("name", ["short", "wordy"])
def test_what_does_not_compile_is_not_run(name, rules):
    """After `compiles` fails all that follows is skipped, and says why."""
    verdicts = check.examine(ob.get_optimizer(name)).verdicts

    assert [v.verdict for v in verdicts] == ["pass", "fail"] + ["skipped"] * (len(verdicts) - 2)
    assert {v.detail for v in verdicts[2:]} == {"it doesn't compile"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("past", ["IndexError", "index 8 is out of bounds"]),
        ("sideways", ["IndexError", "out of bounds"]),
        ("endless", ["hangs", "huge gradients"]),
        ("crashing", ["crashes with SIGABRT", "NaN gradients"]),
        ("raising", ["ValueError: the gradient explodes", "huge gradients"]),
    ],
)
def test_an_unsafe_rule_ends_in_another_process(name, words, rules, monkeypatch):
    """An index out of bounds, a hang, a crash, an exception: each is a verdict, and the rule isn't
    run here.
    """
    monkeypatch.setattr(bounds, "STEPPING", 3)
    verdicts = check.examine(ob.get_optimizer(name)).verdicts
    place = [v.requirement for v in verdicts].index("stays in bounds")

    assert verdicts[place].verdict == "fail"
    assert all(word in verdicts[place].detail for word in words)
    assert {v.verdict for v in verdicts[place + 1 :]} == {"skipped"}
    if "IndexError" in words:
        line = next(
            n
            for n, text in enumerate(faulty.RULES.splitlines(), 1)
            if re.search(rf"# {name}'s? fault", text)
        )
        assert f"faulty_rules.py, line {line}" in verdicts[place].detail


@pytest.mark.slow
def test_a_rule_of_this_process_alone_is_skipped_not_judged():
    """A rule that another process can't find gets no verdict on its bounds; names of the function
    around it are known.
    """
    from optbench import optimizer as rule

    share = 0.5

    @rule
    def local_rule(x, g, lr=0.1):
        """A test's rule (2000)."""
        return x - lr * share * g

    verdicts = {v.requirement: v for v in check.examine(local_rule).verdicts}

    assert verdicts["stays in bounds"].verdict == "skipped"
    assert "another process" in verdicts["stays in bounds"].detail
    assert {v.verdict for name, v in verdicts.items() if name != "stays in bounds"} == {"pass"}


@pytest.mark.parametrize("name", ["forgetful", "forgetful_adam", "forgetful_plain"])
def test_a_rule_that_forgets_x_goes_to_the_origin(name, rules):
    """Whatever else it fails, a rule that returns its step alone is drawn to the origin."""
    with pytest.raises(AssertionError, match="times the start's height above the minimum"):
        optimizer_requirements.is_not_drawn_to_the_origin(ob.get_optimizer(name))


@pytest.mark.parametrize("name", [*ob.list_optimizers(), *PRESETS])
def test_every_rule_descends_and_is_not_drawn_to_the_origin(name):
    """All rules, wrappers and presets lower the height above a minimum away from the origin, and
    none goes to the origin.
    """
    rule = ob.get_optimizer(name)

    assert "of the height" in optimizer_requirements.descends(rule)
    assert "of the height" in optimizer_requirements.is_not_drawn_to_the_origin(rule)


def test_a_small_default_rate_is_no_fault():
    """Steps along -g at a default of 1e-6 go down, though not far: that is said, and no failure."""

    @ob.optimizer
    def creeping(x, g, lr=1e-6):
        """A test's rule (2000)."""
        return x - lr * g

    assert "a larger default may do better" in optimizer_requirements.descends(creeping)


def test_a_rule_without_a_paper_is_told_not_failed(rules):
    """A new rule has no paper yet: that its docstring names none is said, and no failure."""
    assert "no paper named" in optimizer_requirements.described(ob.get_optimizer("sourceless"))


def test_a_requirement_is_a_test_by_itself(rules):
    """A requirement called on a rule returns what it measured, or raises AssertionError with the
    reason.
    """
    assert "2000" in optimizer_requirements.described(ob.get_optimizer("sound"))
    with pytest.raises(AssertionError, match="has no docstring"):
        optimizer_requirements.described(ob.get_optimizer("undescribed"))


@pytest.mark.slow
def test_a_verdict_is_no_assertion(rules, python):
    """Under python -O, which strips assert statements, a requirement that isn't met says so
    still.
    """
    found = python(
        f"""
from optbench.bench.check import optimizer_requirements
from optbench.bench.plugins import discovery
discovery.load_file({str(rules)!r})
try:
    optimizer_requirements.described(discovery.get_optimizer("undescribed"))
except AssertionError as error:
    print(error)
""",
        PYTHONOPTIMIZE="1",
    )

    assert found == "undescribed has no docstring; say what the rule is and where it comes from\n"


@pytest.mark.slow
@pytest.mark.parametrize(("level", "unjudged"), [("1", set()), ("2", {"described"})])
def test_python_without_assertions_gives_the_same_verdicts(
    level, unjudged, rules, problems, python
):
    """python -O strips assert statements, never a verdict; -OO drops docstrings, so what they say
    is skipped, not failed.
    """
    names = ["still", "resetting", "undescribed", "steep_problem", "generous_problem"]
    code = f"""
from optbench.bench.check import report as check
from optbench.bench.plugins import discovery, lookup
for file in ({str(rules)!r}, {str(problems)!r}):
    discovery.load_file(file)
for name in {names}:
    report = check.examine(lookup.named(name), quick=True, measure=False)
    print(name, [v.requirement for v in report.verdicts if v.verdict == "fail"])
"""
    plain, stripped = (python(code, PYTHONOPTIMIZE=given) for given in ("", level))
    plain = plain.replace("['described']", "[]") if unjudged else plain

    assert "still ['moves'" in plain
    assert "steep_problem ['has its gradient'" in plain
    assert stripped == plain


def test_requirements_have_names_and_say_what_they_ask():
    """Each requirement's name is its own, and its docstring is what it asks for."""
    for kit in (check.OPTIMIZER_REQUIREMENTS, check.PROBLEM_REQUIREMENTS):
        assert len({requirement.__name__ for requirement in kit}) == len(kit)
        assert all(requirement.__doc__ for requirement in kit)


# ----------------------------------------------------------------------------------------------
# problems


@pytest.mark.parametrize("name", ["sound_problem", "rosenbrock"])
def test_a_sound_problem_meets_every_requirement(name, problems):
    """A plugin's problem and ours pass, bounds included, and nothing is skipped."""
    report = check.examine(ob.get_problem(name))

    assert [(v.requirement, v.detail) for v in report.verdicts if v.verdict != "pass"] == []
    assert len(report.verdicts) == len(check.PROBLEM_REQUIREMENTS)


def test_a_problem_in_mini_batches_meets_its_requirements():
    """What the loop feeds a rule in mini-batches is judged too."""
    assert failures(check.examine(ob.get_problem("logistic_regression"), quick=True)) == {}


@pytest.mark.parametrize(
    ("name", "requirement", "words"),
    [
        ("sourceless_problem", "names its source", ["empty"]),
        ("unknown_problem", "compiles", ["'square_of' is not defined", "faulty_problems.py, line"]),
        ("infinite_problem", "starts reproducibly", ["seed 0 isn't finite"]),
        ("steep_problem", "has its gradient", ["is 6", "give 4"]),
        ("slanted_problem", "has its gradient", ["g[0]"]),
        ("misplaced_problem", "knows its minimum", ["minimizer 0 has loss 3.0"]),
        ("undercut_problem", "knows its minimum", ["below the minimum"]),
        ("aimless_problem", "has targets", ["no targets: give minimum or levels"]),
        ("solved_problem", "has targets", ["start at the minimum"]),
        ("generous_problem", "has targets", ["isn't below the start's loss"]),
        ("shaky_problem", "is deterministic", ["declare the problem noisy=True"]),
        ("nearly_problem", "has its gradient", ["where complex steps give"]),
        ("misprinted_problem", "starts reproducibly", ["f(start) is 12.0, published as 12.01"]),
        ("misquoted_problem", "knows its minimum", ["published as 1e-3"]),
        ("mixing_problem", "is independent of lanes", ["differs"]),
        ("easy_problem", "is not solved by stumbling", ["wandering solves it from seed"]),
        ("crest_problem", "is not solved by stumbling", ["solves it from seed 0"]),
        ("hopeless_problem", "can be solved", ["no optimizer of the catalogue", "tag it open"]),
        ("open_problem", "can be solved", ["tagged open, but lbfgs"]),
        ("wide_problem", "runs in float32", ["float32"]),
    ],
)
def test_a_faulty_problem_is_caught(name, requirement, words, problems):
    """The first requirement that fails is the one about the fault; the reason is one line."""
    found = failures(check.examine(ob.get_problem(name), quick=True))
    first = next(iter(found), None)

    assert first == requirement, found
    assert all(word in found[first] for word in words), found[first]
    assert "\n" not in found[first]


@pytest.mark.slow
def test_a_problem_that_reads_past_an_end_ends_in_another_process(problems):
    """An index out of bounds in a formula is told with its line, and the problem isn't evaluated
    here.
    """
    verdicts = check.examine(ob.get_problem("past_problem")).verdicts

    line = line_of(faulty.PROBLEMS, "# past's fault")

    assert [v.verdict for v in verdicts] == ["pass", "pass", "fail"] + ["skipped"] * (
        len(verdicts) - 3
    )
    assert f"faulty_problems.py, line {line}" in verdicts[2].detail


# ----------------------------------------------------------------------------------------------
# facts


INVARIANT = {
    "gradient scale": {"adam", "signsgd", "lars", "normalized_sgd"},
    "parameter scale": {"lars"},
    "translation": {"adam", "sgd", "signsgd", "lbfgs", "normalized_sgd"},
    "rotation": {"sgd", "momentum"},
    "permutation": {"sgd", "adam", "signsgd", "momentum", "lbfgs"},
    "signs": {"sgd", "adam", "signsgd", "momentum", "lars", "lbfgs", "lamb", "normalized_sgd"},
}
VARIANT = {
    "gradient scale": {"sgd", "momentum", "clip_norm"},
    "parameter scale": {"sgd", "adam", "signsgd", "normalized_sgd"},
    "translation": {"lars", "adamw", "lamb"},
    "rotation": {"adam", "signsgd", "adamw", "lamb"},
    "permutation": {"muon"},
    "signs": {"muon"},
}


@pytest.mark.parametrize("name", sorted(set.union(*INVARIANT.values(), *VARIANT.values())))
def test_invariances_are_the_known_ones(name):
    """What follows from a rule's formula is what is measured: Adam forgets the gradient's scale,
    SGD turns with the axes.
    """
    measured = {
        fact.name: fact.values["invariant"]
        for fact in properties.invariances(ob.get_optimizer(name))
    }
    for words, wanted in ((INVARIANT, True), (VARIANT, False)):
        for prefix in words:
            if name in words[prefix]:
                assert (
                    next(held for fact, held in measured.items() if fact.startswith(prefix))
                    is wanted
                ), prefix


def test_the_schedule_is_measured():
    """scale multiplies lr in Adam; AdamW's weight decay is lr's own share, so halving lr is not
    halving the scale.
    """
    found = {
        name: properties.schedule(ob.get_optimizer(name)).values["scales_lr"]
        for name in ("adam", "adamw")
    }

    assert found == {"adam": True, "adamw": False}


@pytest.mark.parametrize(
    ("name", "size"), [("sgd", 0), ("adam", 16), ("lookahead[adam]", 24), ("shampoo", None)]
)
def test_bytes_of_state(name, size):
    """Two slots of float64 are 16 bytes a parameter; Shampoo's two square matrices go with the
    tensor's sides.
    """
    found = update_cost.state_bytes(ob.get_optimizer(name), (("w", (8, 4)),))

    assert found == (size if size is not None else 8 * (8 * 8 + 4 * 4) / 32 + 8 * found_plain(name))


def found_plain(name):
    """Slots shaped like x, the partner's too."""
    rule = ob.get_optimizer(name)
    return len(rule.rule.plain) + (len(rule.partner.rule.plain) if rule.partner else 0)


def test_costs_are_positive_and_relative():
    """The cost is a positive number, and sgd's ratio to sgd and adam's to adam are positive too."""
    for name in ("sgd", "adam"):
        values = properties.cost(ob.get_optimizer(name)).values

        assert all(np.isfinite(value) and value >= 0 for value in values.values())
        assert values["ratio_to_sgd"] > values["ratio_to_adam"] > 0


def test_trial_twins_are_the_same_problem():
    """A transformed twin's loss at a transformed point is the original's, times the gain."""
    turn, x = trial_problem.orthogonal(5), np.linspace(-1, 1, trial_problem.DIM)
    twin, own = trial_problem.trial(turn=turn, size=3.0, shift=2.0, gain=7.0), trial_problem.trial()
    f, g = own.value_and_grad(x)
    f_twin, g_twin = twin.value_and_grad(3.0 * turn @ x + 2.0)

    np.testing.assert_allclose(f_twin, 7.0 * f, rtol=1e-12)
    np.testing.assert_allclose(g_twin, 7.0 / 3.0 * turn @ g, rtol=1e-10)


# ----------------------------------------------------------------------------------------------
# command


def test_the_command_prints_verdicts_and_facts():
    """`optbench check NAME` prints each requirement and each fact, and exits with 0."""
    result = optbench("check", "adam", "--quick")
    words = " ".join(result.stdout.split())

    assert result.exit_code == 0
    assert all(r.__name__.replace("_", " ") in words for r in check.OPTIMIZER_REQUIREMENTS)
    assert "optimizer adam passes" in words
    assert "rotation of all coordinates" in words


@pytest.mark.slow
def test_the_command_takes_a_file(problems):
    """`optbench check FILE` checks all that the file registers, says which fail, and exits with
    1.
    """
    result = optbench("check", problems, "--quick")
    words = " ".join(result.stdout.split())

    assert result.exit_code == 1
    assert "problem sound_problem passes" in words
    assert "problem steep_problem fails: has its gradient" in words


def test_the_command_prints_json_alone():
    """--json prints one document: what was checked, verdicts, facts with numbers; no NaN in it."""
    result = optbench("check", "quadratic", "--quick", "--json")
    document = json.loads(result.stdout, parse_constant=lambda word: pytest.fail(word))
    (one,) = document["checked"]

    assert result.exit_code == 0
    assert document["passed"] is one["passed"] is True
    assert (one["kind"], one["name"]) == ("problem", "quadratic")
    assert {entry["verdict"] for entry in one["requirements"]} == {"pass", "skipped"}
    assert {"name": "parameters", "told": "10: x (10,)", "dim": 10} in one["facts"]


def test_json_tells_a_failure(rules):
    """--json of a faulty file: passed is false, the reason stands with the requirement, exit status
    1.
    """
    result = optbench("check", "short", "--json", "--quick")
    (one,) = json.loads(result.stdout)["checked"]

    assert result.exit_code == 1
    assert one["passed"] is False
    assert one["facts"] == []
    assert "returns 2 values" in next(
        v["detail"] for v in one["requirements"] if v["requirement"] == "compiles"
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["adm"], "unknown optimizer or problem 'adm'; did you mean 'adam'"),
        (["adam[beta=1]"], "unknown setting of adam 'beta'"),
        (["lookahead[adm]"], "unknown optimizer 'adm'"),
        (["rosenbrok"], "did you mean 'rosenbrock'"),
        (["torch:adm"], "'torch:adam'"),
        (["nowhere.py"], "plugin file 'nowhere.py' doesn't exist"),
        ([], "give a name or a file"),
    ],
)
def test_wrong_words_end_in_one_line(words, reason):
    """Unknown names and missing files: one line on stderr, exit status 2, nothing on stdout."""
    result = optbench("check", *words)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert reason in result.stderr


@pytest.mark.slow
def test_the_kit_works_in_another_projects_tests(tmp_path):
    """A plugin author's test module with REQUIREMENTS: pytest names each, tells the reason, skips
    what can't be judged.
    """
    (tmp_path / "their_rule.py").write_text(
        "import optbench as ob\n\n\n@ob.optimizer\ndef their_rule(x, g, m, lr=0.1):\n"
        '    """Them (2000)."""\n    return x - lr * g\n'
    )
    (tmp_path / "test_their_rule.py").write_text(
        "import pytest\nfrom optbench.bench.check.report import OPTIMIZER_REQUIREMENTS\nfrom"
        ' their_rule import their_rule\n\n\n@pytest.mark.parametrize("requirement",'
        " OPTIMIZER_REQUIREMENTS)\ndef test_conforms(requirement):\n    requirement(their_rule)\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rfs",
        "-p",
        "no:cacheprovider",
        "test_their_rule.py",
    ]
    wide = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(
        command, cwd=tmp_path, env=wide, capture_output=True, text=True, timeout=300
    )

    assert "1 failed, 1 passed, 10 skipped" in done.stdout, done.stdout
    assert "Unmet: their_rule.py, line 7: returns 1 value, must return x, m" in done.stdout
    assert "it doesn't compile" in done.stdout


# ---------------------------------------------------------------------------------------------- all
# of ours


def everything():
    discovery.discover()
    ours = [
        name
        for name, rule in discovery.optimizers.registered().items()
        if rule.owner.startswith("optbench.")
    ]
    wrappers = [name for name in ours if ob.get_optimizer(name).rule.wraps]
    return [*ours, *PRESETS, *(f"{wrapper}[{name}]" for wrapper in wrappers for name in WRAPPED)]


@pytest.mark.slow
@pytest.mark.parametrize("name", everything())
def test_every_rule_of_ours_meets_every_requirement(name):
    """All rules, presets and wrappers pass; bounds are checked for the rules themselves."""
    known = PRESETS.keys() | {n for n in everything() if "[" in n}

    assert failures(check.examine(ob.get_optimizer(name), quick=name in known)) == {}


def formulas():
    """A problem of each formula and each kind of transform, by name."""
    found = {problem.formula: problem.name for problem in reversed(suites.every_problem())}
    return sorted(
        [
            *found.values(),
            "rosenbrock[bits=8,delay=2,noise=0.1,rotated]",
            "rosenbrock[dim=5,permuted,rescale=9.0]",
        ]
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", formulas())
def test_every_formula_of_ours_stays_in_bounds(name):
    """Every formula and transform, in a process of its own that checks each index."""
    assert problem_requirements.stays_in_bounds(ob.get_problem(name))
