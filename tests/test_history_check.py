"""The gate: real faults planted in a throw-away repository fail it, a harmless rewriting and an accepted change pass."""

import json
import os
import re
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from git_repository import committed, git

ROOT = Path(__file__).resolve().parents[1]
CELLS = ["-p", "quadratic,rosenbrock", "-o", "adam,momentum,sgd"]


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A repository of its own with this tree as its only commit."""
    folder = tmp_path_factory.mktemp("repository")
    for name in git(ROOT, "ls-files", "-z", "-co", "--exclude-standard").split("\0"):
        if name and not name.startswith(("tests/", "docs/", "results/")) and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "init", "-q", "-b", "main")
    committed(folder)
    return folder


def command(folder, *words, **variables):
    """`optbench history check` of these words, in `folder`."""
    start = [sys.executable, "-c", "from optbench.bench.cli import main; main()", "history", "check", *words]
    # errors="replace": an output in ASCII is read as any other
    return subprocess.run(start, cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True, errors="replace")


@pytest.fixture
def check(repository, tmp_path):
    """Run `optbench history check main .` after edits of the tree -> (exit status, words, what --json wrote).

    Edits are undone after it.
    """

    def _check(edits, *options, accept=None, **variables):
        for file, before, after in edits:
            text = (repository / file).read_text()
            assert text.count(before) == 1, (file, before)
            (repository / file).write_text(text.replace(before, after))
        if accept is not None:
            (repository / "accepted.toml").write_text(accept)
        file = tmp_path / "report.json"
        done = command(repository, "main", ".", "--json", str(file), *options, **variables)
        report = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return done.returncode, done.stdout + done.stderr, report

    yield _check
    git(repository, "reset", "-q", "--hard")
    git(repository, "clean", "-q", "-fd")


ADAM = "kernels/update/adam.py"
BIAS = (ADAM, "m_hat = m / (1 - beta1**t)", "m_hat = m / (1 - beta1**(t + 1))")
LATE = (ADAM, "    return x - lr * m_hat", "    lr = lr * 0.5 if t >= 300 else lr\n    return x - lr * m_hat")
COSINE = ("kernels/schedule.py", "np.cos(np.pi * np.arange(steps) / steps)", "np.cos(np.pi * np.arange(1, steps + 1) / steps)")
LAGGING = ("kernels/loop.py", "                multipliers[step],", "                multipliers[max(step - 1, 0)],")
EXPONENTIAL = ("kernels/elementary.py", "for n in (5040, 720, 120, 24, 6, 2))", "for n in (5040, 720, 121, 24, 6, 2))")
PRESET = ("kernels/presets.py", '"torch:adagrad": ("adagrad", {"eps": 1e-10}', '"torch:adagrad": ("adagrad", {"eps": 1e-4}')
SLEEPING = [
    ("__init__.py", "import importlib\nfrom typing", "import importlib\nimport time\nfrom typing"),
    ("__init__.py", "_PLACES = {", "time.sleep(2)\n_PLACES = {"),
]
SLOT = [
    (ADAM, "def adam(x, g, t, m, v, lr", "def adam(x, g, t, m, v, spare, lr"),
    (ADAM, "+ eps), m, v", "+ eps), m, v, spare"),
]
LEAK = [
    ("bench/run.py", "def compute(block: Block) -> Done:", "_kept = []\n\n\ndef compute(block: Block) -> Done:"),
    ("bench/run.py", "    plugged = [rule for", "    _kept.append(np.ones(4_000_000))\n    plugged = [rule for"),
]
USUAL = ("constant", "float64")


def changed(report):
    """{(problem, optimizer, lr)} of curves at a constant learning rate in float64."""
    return {
        (row["problem"], row["optimizer"], row["lr"])
        for row in report["findings"]
        if row["what"] == "convergence" and (row["schedule"], row["dtype"]) == USUAL
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "faulty", "still"),
    [
        pytest.param(BIAS, "adam", set(), id="a wrong bias correction"),
        pytest.param((ADAM, "beta2=0.999,", "beta2=0.9991,"), "adam", set(), id="a beta wrong in the fourth digit"),
        pytest.param(
            ("kernels/update/sgd.py", "return x - lr * g", "return x - 1.02 * lr * g"),
            "sgd",
            {("rosenbrock", "1.0e-02"), ("rosenbrock", "1.0e+00")},
            id="an lr off by 2 %",
        ),
    ],
)
def test_a_fault_fails(check, fault, faulty, still):
    """All six cells of the faulty optimizer move, but those that have diverged by the 20th update, and no other rule's do."""
    moving = set(product(("quadratic", "rosenbrock"), ("1.0e-03", "1.0e-02", "1.0e+00"))) - still
    status, words, report = check([fault], *CELLS, "--no-times")

    assert status == 1, words
    assert {row["optimizer"] for row in report["findings"]} == {faulty}
    assert {(problem, lr) for problem, _, lr in changed(report)} >= moving


@pytest.mark.slow
def test_a_fault_after_100_updates_fails(check):
    """Adam halves its rate from t = 300 on: fingerprints are equal, and curves need a third more steps."""
    status, words, report = check([LATE], "-p", "rosenbrock", "-o", "adam,sgd", "--no-times")

    assert status == 1, words
    assert ("rosenbrock", "adam", "1.0e-02") in changed(report)
    assert {row["optimizer"] for row in report["findings"]} == {"adam"}
    assert all(row["change"].startswith("first 100 updates equal") for row in report["findings"])
    assert re.search(r"^adam: \d of \d moved, \d worse$", words, re.MULTILINE)


@pytest.mark.slow
def test_faults_of_schedules_and_of_float32_fail(check):
    """A cosine off by one and float32's exponential wrong in a coefficient: each moves what it concerns alone."""
    status, words, report = check([COSINE, EXPONENTIAL], "-p", "quadratic,rosenbrock,xor", "-o", "sgd", "--no-times")
    found = {(row["problem"], row["schedule"], row["dtype"]) for row in report["findings"] if row["fails"]}

    assert status == 1, words
    assert {("quadratic", "cosine[warmup=10]", "float64"), ("rosenbrock", "cosine[warmup=10]", "float64")} <= found
    assert ("xor", "constant", "float32") in found
    assert all("cosine" in schedule or (problem, dtype) == ("xor", "float32") for problem, schedule, dtype in found)


@pytest.mark.slow
def test_a_loop_that_is_a_step_late_with_its_schedule_fails(check):
    """Under every schedule, and nowhere else."""
    status, words, report = check([LAGGING], "-p", "quadratic", "-o", "sgd", "--no-times")
    schedules = {row["schedule"].partition("[")[0] for row in report["findings"] if row["fails"]}

    assert status == 1, words
    assert {"cosine", "step", "linear", "wsd", "one_cycle", "inverse_sqrt"} <= schedules
    assert "constant" not in schedules


@pytest.mark.slow
def test_rules_and_presets_that_no_suite_tracks_are_judged(check, repository):
    """A rule's file is deleted, and a preset's eps changed: both are found though asked for by no suite."""
    (repository / "kernels/update/nadam.py").unlink()
    status, words, report = check([PRESET], "-p", "rosenbrock", "--no-times")
    gone = {row["optimizer"] for row in report["findings"] if row["verdict"] == "gone"}

    assert status == 1, words
    assert gone >= {"nadam", "torch:nadam"}
    assert {optimizer for _, optimizer, _ in changed(report)} == {"torch:adagrad"}
    assert re.search("^nadam: gone$", words, re.MULTILINE), words


@pytest.mark.slow
def test_any_rule_and_problem_may_be_asked_for(check):
    """A rule and a problem that no suite tracks, by name: all the suite's learning rates are judged."""
    beta = ("kernels/update/nadam.py", "beta2=0.999", "beta2=0.99")
    status, words, report = check([beta], "-p", "booth", "-o", "nadam,lion", "--no-times")

    assert status == 1, words
    assert changed(report) == {("booth", "nadam", lr) for lr in ("1.0e-03", "1.0e-02", "1.0e+00")}


@pytest.mark.slow
def test_state_memory_and_import_time_are_judged(check):
    """A slot more in Adam, 32 MB that each block keeps, and an import two seconds slower; no curve has moved."""
    status, words, report = check([*SLOT, *LEAK, *SLEEPING], "-p", "quadratic,rosenbrock", "-o", "adam", "--no-times")
    kinds = {(row["what"], row["optimizer"]) for row in report["findings"]}

    assert status == 1, words
    assert kinds == {("state", "adam"), ("memory", "*"), ("import", "*")}
    assert "quadratic" in words
    assert re.search(r"240 → 320 bytes of x and slots", words)


@pytest.mark.slow
def test_a_harmless_rewriting_passes(check):
    """The same formulas with their terms in another order round otherwise, and are no change."""
    edits = [
        (ADAM, "m = beta1 * m + (1 - beta1) * g", "m = m + (1 - beta1) * (g - m)"),
        (ADAM, "return x - lr * m_hat / (sqrt(v_hat) + eps)", "return x - m_hat / (sqrt(v_hat) + eps) * lr"),
        ("kernels/update/momentum.py", "m = momentum * m + g", "m = g + m * momentum"),
    ]
    status, words, report = check(edits, *CELLS, "--no-times")

    assert status == 0, words
    assert report["findings"] == []
    assert "0 moved by more than rounding" in words
    assert re.search(r"\d+ of them are rounded differently", words)
    assert "no curve converges differently; times weren't judged" in words


@pytest.mark.slow
def test_a_slower_loop_fails(check):
    """A loop that computes every third gradient twice, some 30 % more, has the same losses and is slower."""
    call = "gradient(x, g, losses, data, rows, keys, step + 1)\n                elif"
    twice = call.replace(
        "\n",
        "\n                    if step % 3 == 0:\n                        gradient(x, g, losses, data, rows, keys, step + 1)\n",
        1,
    )
    status, words, report = check([("kernels/loop.py", call, twice)], "-p", "xor", "-o", "sgd")

    assert status == 1, words
    assert [(row["what"], row["problem"], row["optimizer"], row["lr"]) for row in report["findings"]] == [
        ("time", "xor", "sgd", "*")
    ]
    assert re.search(r"xor +sgd +\* +slower", words), words


@pytest.mark.slow
def test_a_change_that_is_meant_passes_once(check, repository):
    """An entry with a reason lets the change pass that it comes with, and not a second one later."""
    entry = '[[accepted]]\noptimizer = "adam"\nreason = "a test of this file"\n'
    status, words, _ = check([BIAS], *CELLS, "--no-times", accept=entry)
    assert status == 0, words
    assert "accepted: a test of this file" in words

    git(repository, "checkout", "-q", "-b", "merged")
    committed(repository)
    (repository / ADAM).write_text((repository / ADAM).read_text().replace("beta2=0.999,", "beta2=0.99,"))
    done = command(repository, "merged", ".", *CELLS, "--no-times")
    git(repository, "reset", "-q", "--hard")
    git(repository, "checkout", "-q", "main")

    assert done.returncode == 1
    assert re.search(r"^adam: \d+ of \d+ moved", done.stdout, re.MULTILINE)
    assert "accepted:" not in done.stdout


@pytest.mark.slow
def test_a_dependency_that_changes_is_reported(check):
    """Both commits run in this Python: what HEAD asks for, and that it wasn't judged, is in the output."""
    bump = ("pyproject.toml", '"numba>=0.68"', '"numba>=0.68,!=0.68.0"')
    status, words, report = check([bump], "-p", "booth", "-o", "sgd", "--no-times")

    assert status == 0, words
    assert "numba: HEAD asks for numba>=0.68,!=0.68.0, BASE for numba>=0.68; here runs" in words
    assert any("--environments" in note for note in report["notes"])


@pytest.mark.slow
def test_output_in_ascii_loses_nothing(check):
    """Where the output takes no other characters, the table is in plain ones, and the files are there."""
    status, words, report = check([BIAS], "-p", "booth", "-o", "adam", "--no-times", PYTHONIOENCODING="ascii", LC_ALL="C")

    assert status == 1, words
    assert re.search("booth +adam +1.0e-02 +converges", words)
    assert "->" in words
    assert "→" in report["findings"][0]["change"]


@pytest.mark.slow
def test_a_check_has_an_end(check):
    """With --timeout it ends by then: status 3 where curves weren't done, and nothing stays behind."""
    status, words, _ = check([BIAS], "--timeout", "5s")

    assert status == 3
    assert words.splitlines()[-1] == "optbench: the check's time is over"


def test_words_that_mean_nothing_end_in_a_line(check):
    """An unknown commit, a wrong entry, a file that can't be written and a wrong time: status 2 and one line that says what."""
    for options, accept, message in (
        ([], '[[accepted]]\noptimizer = "adam"\n', "needs a reason"),
        ([], "accepted = 3", "[[accepted]]"),
        (["--json", "no/such/folder.json"], None, "its folder is missing"),
        (["--timeout", "soon"], None, "'soon' is no time"),
    ):
        status, words, _ = check([], *options, accept=accept)
        assert (status, words.count("\n")) == (2, 1)
        assert message in words


@pytest.mark.slow
def test_a_slip_in_a_name_is_an_error(check):
    """Also where there is nothing to compare: neither commit has such a rule, and the near ones are named."""
    status, words, _ = check([], "-o", "adamm")

    assert status == 2, words
    assert "unknown optimizer 'adamm'; did you mean" in words


def test_equal_commits_are_noticed_at_once(check):
    """The tree without a change has the same files as the commit; a name that the suite tracks is no slip."""
    for options in ([], ["-o", "adam"]):
        status, words, report = check([], *options)

        assert status == 0, words
        assert "main" in words
        assert "the working tree have the same files" in words
        assert report["passed"] is True


@pytest.mark.slow
def test_a_change_outside_of_the_package_needs_no_measuring(check, repository):
    """A page of documentation moves no curve: what would be installed is the same."""
    (repository / "NOTES.md").write_text("nothing")
    status, words, _ = check([])

    assert status == 0, words
    assert "their packages have the same files" in words


def test_a_folder_without_history_is_an_error(tmp_path):
    """Outside a repository, and in one without asv.conf.json, the command says what is missing."""
    alone = {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    outside = command(tmp_path, "HEAD", **alone)
    git(tmp_path, "init", "-q")
    bare = command(tmp_path, "HEAD")

    assert (outside.returncode, bare.returncode) == (2, 2)
    assert "no Git repository" in outside.stderr
    assert "asv.conf.json" in bare.stderr
