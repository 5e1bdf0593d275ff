"""Requirements of rules: sound ones pass, each fault is caught by the requirement about it."""

import re

import faulty
import optbench as ob
import pytest
from optbench.bench.check import bounds, optimizer_requirements
from optbench.bench.check import report as check
from optbench.bench.plugins import discovery
from optbench.kernels.presets import PRESETS
from verdicts import failures, line_of

WRAPPED = ("adam", "lion", "muon", "lbfgs", "dog", "sps")


@pytest.mark.cold
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


def test_a_rule_without_a_paper_does_not_fail(rules):
    """A new rule has no paper yet: that its docstring names none is said, and no failure."""
    assert "no paper named" in optimizer_requirements.described(ob.get_optimizer("sourceless"))


def test_a_requirement_is_a_test_by_itself(rules):
    """A requirement called on a rule returns what it measured, or raises AssertionError with the
    reason.
    """
    assert "2000" in optimizer_requirements.described(ob.get_optimizer("sound"))
    with pytest.raises(AssertionError, match="has no docstring"):
        optimizer_requirements.described(ob.get_optimizer("undescribed"))


def test_requirements_have_names_and_say_what_they_ask():
    """Each requirement's name is its own, and its docstring is what it asks for."""
    for kit in (check.OPTIMIZER_REQUIREMENTS, check.PROBLEM_REQUIREMENTS):
        assert len({requirement.__name__ for requirement in kit}) == len(kit)
        assert all(requirement.__doc__ for requirement in kit)


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
