"""The gate: real faults planted in a throw-away repository fail it, a harmless rewriting and an accepted change pass."""

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


@pytest.fixture
def check(repository):
    """Run `optbench history check main .` after edits of the tree -> (exit status, words); edits are undone after it."""

    def _check(edits, *options, accept=None):
        for file, before, after in edits:
            text = (repository / file).read_text()
            assert text.count(before) == 1, (file, before)
            (repository / file).write_text(text.replace(before, after))
        if accept is not None:
            (repository / "accepted.toml").write_text(accept)
        command = [sys.executable, "-c", "from optbench.bench.cli import main; main()", "history", "check", "main", "."]
        done = subprocess.run(
            [*command, *options], cwd=repository, env={**os.environ, "COLUMNS": "200"}, capture_output=True, text=True
        )
        return done.returncode, done.stdout + done.stderr

    yield _check
    git(repository, "reset", "-q", "--hard")
    git(repository, "clean", "-q", "-fd")


ADAM = "kernels/update/adam.py"
BIAS = (ADAM, "m_hat = m / (1 - beta1**t)", "m_hat = m / (1 - beta1**(t + 1))")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "changed", "still"),
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
def test_a_fault_fails(check, fault, changed, still):
    """All six cells of the faulty optimizer move, but those that have diverged by the 20th update, and no other cell does."""
    moving = set(product(("quadratic", "rosenbrock"), ("1.0e-03", "1.0e-02", "1.0e+00"))) - still
    status, words = check([fault], *CELLS, "--no-times")
    rows = [line.split() for line in words.splitlines() if line.startswith((" quadratic", " rosenbrock"))]

    assert status == 1, words
    assert {(problem, lr) for problem, _, lr, *_ in rows} == moving
    assert {row[1] for row in rows} == {changed}
    assert f"18 cells compared, {len(moving)} moved" in words


@pytest.mark.slow
def test_a_harmless_rewriting_passes(check):
    """The same formulas with their terms in another order round otherwise, and are no change."""
    edits = [
        (ADAM, "m = beta1 * m + (1 - beta1) * g", "m = m + (1 - beta1) * (g - m)"),
        (ADAM, "return x - lr * m_hat / (sqrt(v_hat) + eps)", "return x - m_hat / (sqrt(v_hat) + eps) * lr"),
        ("kernels/update/momentum.py", "m = momentum * m + g", "m = g + m * momentum"),
    ]
    status, words = check(edits, *CELLS, "--no-times")

    assert status == 0, words
    assert "18 cells compared, 0 moved" in words


@pytest.mark.slow
def test_a_slower_loop_fails(check):
    """A loop that computes every third gradient twice, some 30 % more, has the same losses and is told as slower."""
    call = "gradient(x, g, losses, data, rows, keys, step + 1)\n                elif"
    twice = call.replace(
        "\n",
        "\n                    if step % 3 == 0:\n                        gradient(x, g, losses, data, rows, keys, step + 1)\n",
        1,
    )
    status, words = check([("kernels/loop.py", call, twice)], "-p", "xor", "-o", "sgd")

    assert status == 1, words
    assert "3 cells compared, 0 moved" in words
    assert re.search(r"xor +sgd +\* +slower", words), words


@pytest.mark.slow
def test_a_change_that_is_meant_passes_once(check, repository):
    """An entry with a reason lets the change pass that it comes with, and not a second one later."""
    entry = '[[accepted]]\noptimizer = "adam"\nreason = "a test of this file"\n'
    status, words = check([BIAS], *CELLS, "--no-times", accept=entry)
    assert status == 0, words
    assert "accepted: a test of this file" in words

    git(repository, "checkout", "-q", "-b", "merged")
    committed(repository)
    (repository / ADAM).write_text((repository / ADAM).read_text().replace("beta2=0.999,", "beta2=0.99,"))
    command = [sys.executable, "-c", "from optbench.bench.cli import main; main()", "history", "check", "merged", "."]
    done = subprocess.run([*command, *CELLS, "--no-times"], cwd=repository, capture_output=True, text=True)
    git(repository, "reset", "-q", "--hard")
    git(repository, "checkout", "-q", "main")

    assert done.returncode == 1
    assert "18 cells compared, 6 moved" in done.stdout
    assert "accepted:" not in done.stdout


def test_words_that_mean_nothing_end_in_a_line(check):
    """An unknown commit, a problem that isn't tracked and a wrong entry: status 2 and one line that says what."""
    for options, accept, told in (
        (["-p", "no_such"], None, "'no_such' isn't tracked"),
        ([], '[[accepted]]\noptimizer = "adam"\n', "needs a reason"),
        ([], "accepted = 3", "[[accepted]]"),
    ):
        status, words = check([], *options, accept=accept)
        assert (status, words.count("\n")) == (2, 1)
        assert told in words


def test_a_folder_without_history_is_told(tmp_path):
    """Outside a repository, and in one without asv.conf.json, the command says what is missing."""
    command = [sys.executable, "-c", "from optbench.bench.cli import main; main()", "history", "check", "HEAD"]
    alone = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    outside = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True)
    git(tmp_path, "init", "-q")
    bare = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    assert (outside.returncode, bare.returncode) == (2, 2)
    assert "no Git repository" in outside.stderr
    assert "asv.conf.json" in bare.stderr
