"""docs/history.md's example: another package, a repository of its own, judged by the regression
check and measured by asv.
"""

import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from git_repository import committed, git
from history_command import history, start
from optbench.bench.history import asv_results

ROOT = Path(__file__).resolve().parents[3]
RULE = "src/optbench_example/diffgrad.py"
BETA = ("beta2=0.999", "beta2=0.9991")


@pytest.fixture
def mine(tmp_path):
    """The example package as a repository of its own, of one commit."""
    root = tmp_path / "mine"
    shutil.copytree(
        ROOT / "examples" / "plugin",
        root,
        ignore=shutil.ignore_patterns("*.egg-info", "__pycache__", "build"),
    )
    git(root, "init", "-q")
    committed(root, "diffGrad and Leon's valley")
    return root


def command(folder, *arguments, kept=None):
    return history(folder, *arguments, kept=kept, HOME=str(folder.parent), COLUMNS="200")


def change(root, file, before, after):
    text = (root / file).read_text()
    assert text.count(before) == 1
    (root / file).write_text(text.replace(before, after))


def rows(done):
    """Problem, optimizer, lr and the rest, as lists of texts."""
    return [
        line.split()
        for line in done.stdout.splitlines()
        if line.startswith((" leon", " quadratic", " rosenbrock"))
    ]


@pytest.mark.slow
def test_the_example_package_is_followed_as_a_repository_of_its_own(mine, kept):
    """As docs/history.md says: a digit changed in diffGrad moves all of its cases and none of
    Adam's.
    """
    still = command(mine, "check", "HEAD", ".", "--no-times", kept=kept)
    assert still.returncode == 0, still.stderr + still.stdout
    assert "have the same files" in still.stdout

    change(mine, RULE, *BETA)
    changed = command(mine, "check", "HEAD", ".", "--no-times", kept=kept)

    assert changed.returncode == 1, changed.stderr
    assert {row[1] for row in rows(changed)} == {"diffgrad"}
    assert len(rows(changed)) == 9 + 2 + 1  # curves, under two schedules, and in float32


@pytest.mark.slow
def test_no_check_finds_what_another_compiled(mine):
    """A constant in another module, which a rule reads as an attribute: its change fails the first
    time and the second.
    """
    (mine / "src/optbench_example/gains.py").write_text('"""A constant."""\n\nGAIN = 1.0\n')
    change(mine, RULE, "from math import sqrt", "from math import sqrt\n\nfrom . import gains")
    change(mine, RULE, "v = beta2 * v", "g = gains.GAIN * g\n    v = beta2 * v")
    committed(mine, "a gain")
    change(mine, "src/optbench_example/gains.py", "1.0", "0.5")
    for _ in range(2):
        done = command(mine, "check", "HEAD", ".", "--no-times", "-p", "leon", "-o", "diffgrad")

        assert done.returncode == 1, done.stdout + done.stderr
        assert {row[1] for row in rows(done)} == {"diffgrad"}


@pytest.mark.slow
def test_a_rule_that_does_not_compile_fails_with_its_reason(mine, kept):
    """In each of its cases, and in no other."""
    change(mine, RULE, "sqrt(v_hat)", "undefined(v_hat)")
    done = command(mine, "check", "HEAD", ".", "--no-times", "-p", "leon", kept=kept)

    assert done.returncode == 1, done.stderr
    assert {row[1] for row in rows(done)} == {"diffgrad"}
    assert {row[2] for row in rows(done)} == {"1.0e+00", "1.0e-02", "1.0e-03"}
    assert all("fails" in row for row in rows(done))
    assert done.stdout.count("'undefined' is not defined") == len(rows(done))


@pytest.mark.slow
def test_a_package_that_cannot_be_loaded_is_an_error(mine, kept):
    """Nothing was compared, so it is status 3, with the commit, the place and the reason; it isn't
    that all of it is gone.
    """
    change(mine, RULE, "from math import sqrt", "from math import sqrt\nimport no_such_module")
    committed(mine, "a module that isn't there")
    broken = (
        r"optbench: HEAD \(\w{8}\) can't be measured: \S+/diffgrad.py, line \d+: .*No module named"
        r" 'no_such_module'"
    )
    for base, head in (("HEAD~1", "HEAD"), ("HEAD", "HEAD~1")):
        done = command(mine, "check", base, head, "--no-times", kept=kept)

        assert done.returncode == 3
        assert re.match(broken, done.stderr.splitlines()[-1])

    (mine / RULE).write_text((mine / RULE).read_text().replace("import no_such_module", "def ("))
    done = command(mine, "check", "HEAD~1", ".", "--no-times", kept=kept)

    assert done.returncode == 3
    assert re.search(
        r"optbench: the working tree can't be measured: \S+/diffgrad.py, line \d+: SyntaxError",
        done.stderr,
    )


@pytest.mark.slow
def test_a_rule_whose_name_is_dropped_is_judged_once_more(mine, kept):
    """The suite no longer names it, and its fault is found all the same; an acceptance of something
    else is reported.
    """
    change(mine, "benchmarks/rules.py", '("adam", "diffgrad")', '("adam", "difgrad")')
    change(mine, RULE, *BETA)
    (mine / "accepted.toml").write_text('[[accepted]]\noptimizer = "difgrad"\nreason = "a slip"\n')
    done = command(mine, "check", "HEAD", ".", "--no-times", "-p", "leon", kept=kept)

    assert done.returncode == 1, done.stderr
    assert {row[1] for row in rows(done)} == {"diffgrad"}
    assert "no longer tracks diffgrad" in done.stdout
    assert "in neither commit: difgrad" in done.stdout
    assert 'the entry optimizer = "difgrad" covers no curve' in done.stdout


@pytest.mark.slow
def test_what_a_package_prints_is_no_answer(mine, kept):
    """A print at import disturbs neither losses nor times."""
    change(mine, RULE, "from math import sqrt", "from math import sqrt\nprint('hello')")
    done = command(mine, "check", "HEAD", ".", "-p", "leon", "-o", "diffgrad", kept=kept)

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ cases compared, 0 moved", done.stdout)
    assert "1 step times compared" in done.stdout


def test_a_commit_is_not_compared_with_itself(mine):
    """There is nothing to compare, and the tree's change, which isn't looked at, is reported."""
    change(mine, RULE, *BETA)
    done = command(mine, "check", "HEAD")

    assert done.returncode == 0
    assert f"{RULE} differs from the last commit, and isn't compared" in done.stderr
    assert "they are the same commit" in done.stdout


@pytest.mark.slow
def test_asv_measures_the_example_package(mine):
    """`optbench history run --here` in that repository leaves finite values of both rules, which
    the figure takes.
    """
    done = command(mine, "run", "--here", "--machine", "here")
    assert done.returncode == 0, done.stdout + done.stderr
    frame = asv_results.read(mine)
    steps = frame[frame["benchmark"].str.endswith("Convergence.track_fingerprint")]

    assert set(steps["optimizer"]) == {"adam", "diffgrad"}
    assert len(steps) == len(list(itertools.product(range(3), range(2), range(3))))
    assert command(mine, "plot", "--out", "figure.png").returncode == 0


@pytest.mark.slow
def test_a_failure_is_not_taken_for_measured(mine):
    """What fails is reported with its reason, and tried again by the next command; what was
    measured isn't.
    """
    change(mine, RULE, "from math import sqrt", "from math import sqrt\nimport no_such_module")
    committed(mine, "a module that isn't there")
    for _ in range(2):
        done = command(mine, "run", "--here", "--machine", "here")

        assert done.returncode == 1, done.stderr
        assert "No module named 'no_such_module'" in done.stderr
        assert "benchmarks failed" in done.stderr

    change(mine, RULE, "no_such_module", "no_module_either")
    done = command(mine, "run", "--here", "--machine", "here")

    assert re.search(
        rf"^done in \d+ s, not kept: {RULE} differs from the last commit$",
        done.stderr,
        re.MULTILINE,
    )


@pytest.mark.slow
def test_the_workflow_runs_in_a_fresh_checkout(mine, kept, tmp_path):
    """The line of docs/history.md's workflow, in a clone of all branches as actions/checkout makes
    it: a page, then a fault.
    """
    (line,) = re.findall(
        "- run: (optbench history check .*)", (ROOT / "docs" / "history.md").read_text()
    )
    git(mine, "branch", "-M", "main")
    git(mine, "checkout", "-q", "-b", "pr")
    (mine / "NOTES.md").write_text("a page")
    for edit, status, text in (
        (lambda: None, 0, "same files"),
        (lambda: change(mine, RULE, *BETA), 1, "- diffgrad: "),
    ):
        edit()
        committed(mine, "an edit")
        clone = tmp_path / f"checkout-{status}"
        git(tmp_path, "clone", "-q", str(mine), str(clone))
        git(clone, "checkout", "-q", "--detach", "origin/pr")
        git(clone, "branch", "-q", "-D", "pr")
        summary = tmp_path / f"summary-{status}.md"
        summary.write_text("")
        function = f'optbench() {{ {sys.executable} -c {shlex.quote(start(kept))} "$@"; }}\n'
        variables = {**os.environ, "BASE": "main", "GITHUB_STEP_SUMMARY": str(summary)}
        done = subprocess.run(
            ["bash", "-c", function + line + " --no-times"],
            cwd=clone,
            env=variables,
            capture_output=True,
            text=True,
        )

        assert done.returncode == status, done.stdout + done.stderr
        assert text in summary.read_text()
        assert (clone / "report.json").is_file()
