"""The gate: real faults planted in a throw-away repository fail it, a harmless rewriting and an accepted change pass."""

import os
import re
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from optbench.bench.history import accepted, verdict
from optbench.kernels.grammar import InputError

ROOT = Path(__file__).resolve().parents[1]
CELLS = ["-p", "quadratic,rosenbrock", "-o", "adam,momentum,sgd"]


def git(folder, *words):
    author = {f"GIT_{who}_{what}": "optbench@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(["git", *words], cwd=folder, env={**os.environ, **author}, capture_output=True, text=True, check=True)
    return done.stdout


def commit_all(folder):
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "a commit")


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A repository of its own with this tree as its only commit."""
    folder = tmp_path_factory.mktemp("repository")
    for name in git(ROOT, "ls-files", "-z", "-co", "--exclude-standard").split("\0"):
        if name and not name.startswith(("tests/", "docs/", "results/")) and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "init", "-q", "-b", "main")
    commit_all(folder)
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
    commit_all(repository)
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


def fingerprint(sizes, nudged=0.0):
    return {"sizes": sizes, "nudged": [nudged] * len(sizes)}


def test_a_fingerprint_moves_beyond_1e_9_of_itself():
    """A relative change of 1e-10 is rounding and one of 1e-8 is not, whatever the losses' sizes; it is told as it is."""
    for size in (1e-10, 1.0, 1e9):
        assert verdict.moved(fingerprint([1.0, size]), fingerprint([1.0, size * (1 + 1e-10)])) == 0
        assert verdict.moved(fingerprint([1.0, size]), fingerprint([1.0, size * (1 + 1e-8)])) == pytest.approx(1e-8, rel=1e-6)


def test_a_loss_that_amplifies_rounding_may_move_further():
    """Where a nudge of lr moves a loss by 1e-6, a move of 1e-6 is none and one of 1e-4 is; other losses as ever."""
    wild, still = {"sizes": [1.0, 1.0], "nudged": [0.0, 1e-6]}, 1e-15

    assert verdict.moved(wild, {"sizes": [1.0, 1 + 1e-6], "nudged": [0.0, still]}) == 0
    assert verdict.moved(wild, {"sizes": [1.0, 1 + 1e-4], "nudged": [0.0, still]}) > 0
    assert verdict.moved(wild, {"sizes": [1 + 1e-8, 1.0], "nudged": [0.0, still]}) > 0


def test_a_commit_that_makes_a_cell_wild_does_not_excuse_itself():
    """Only what BASE amplifies is let off: a HEAD whose losses are by chance has moved."""
    assert verdict.moved(fingerprint([1.0]), fingerprint([5.0], nudged=0.8)) > 0


def late(steps, gap, diverged=1.0):
    return {"steps_to_target": steps, "best_gap": gap, "diverged": diverged}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (late(100, 1e-3), "same"),
        (late(103, 1e-4), "worse"),
        (late(97, 1e-2), "better"),
        (late(101, 1.1e-3), "worse"),
        (late(101, 0.9e-3), "better"),
        (late(90, 1e-4, diverged=2.0), "worse"),
    ],
)
def test_direction_is_by_divergence_then_steps_then_gap(head, expected):
    """More diverged seeds are worse whatever else; steps within 2 % are equal, and gaps decide then."""
    assert verdict.direction(late(100, 1e-3), head, 1e-12) == expected


def test_gaps_below_the_floor_are_equal():
    """Nobody is better by 1e-20 against 1e-15."""
    assert verdict.direction(late(100, 1e-15), late(100, 1e-20), 1e-12) == "same"


def test_an_interval_covers_the_true_ratio_as_often_as_it_says():
    """Of 4 000 series of ten pairs with a heavy-tailed noise, 1 - 22 / 1024 of the 95 % intervals hold the ratio 1.1.

    It runs from the second lowest to the second highest: all ten but one lie on a side of the median as often as a coin
    falls so, 2 (1 + 10) / 2^10.
    """
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(4000):
        found = verdict.interval(np.exp(0.05 * rng.standard_t(2, 10)), 1.1 * np.exp(0.05 * rng.standard_t(2, 10)), 0.95)
        held += found.low < 1.1 < found.high

    assert held / 4000 == pytest.approx(1 - 22 / 1024, abs=4 * np.sqrt(22 / 1024 / 4000))


def test_one_disturbed_pair_of_sixteen_hides_nothing():
    """A pair in which the machine was three times as fast for one side leaves a 99.9 % interval beyond 1.05."""
    head = np.full(16, 1.3)
    head[5] = 0.4
    found = verdict.interval(np.ones(16), head, 0.999)

    assert (found.low, found.ratio, found.high) == (1.3, 1.3, 1.3)


def test_too_few_pairs_say_nothing():
    """Three pairs are no ground for 99.9 %: the interval is everything."""
    found = verdict.interval([1.0] * 3, [2.0] * 3, 0.999)

    assert (found.low, found.high) == (0.0, np.inf)


def test_what_both_times_share_cancels():
    """A machine that is twice as slow in some rounds leaves the ratio of pairs as certain as without."""
    base, noise = np.array([1.0, 2.0, 1.0, 2.0, 1.0, 5.0]), np.array([1.0, 1.01, 0.99, 1.0, 1.0, 1.01])
    found = verdict.interval(base, 1.3 * base * noise, 0.95)

    assert 1.25 < found.low <= found.ratio <= found.high < 1.35
    assert found.ratio == pytest.approx(1.3, rel=1e-3)


def test_entries_cover_what_they_name():
    """A pattern's * stands for any letters and brackets for themselves; times have no lr."""
    (entry,) = accepted.entries(
        '[[accepted]]\nproblem = "rosenbrock[dim=10]"\noptimizer = "adam*"\nwhat = "time"\nreason = "r"', "f"
    )

    assert entry.covers("time", "rosenbrock[dim=10]", "adamw", "*")
    assert not entry.covers("convergence", "rosenbrock[dim=10]", "adamw", "1.0e-03")
    assert not entry.covers("time", "rosenbrock", "adamw", "*")
    assert not entry.covers("time", "rosenbrock[dim=10]", "sgd", "*")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[accepted]]\nreason = 'r'", "needs a problem or an optimizer"),
        ("[[accepted]]\noptimizer = 'a'\nreason = ' '", "needs a reason"),
        ("[[accepted]]\noptimiser = 'a'\nreason = 'r'", "'optimiser'"),
        ("[[accepted]]\noptimizer = 'a'\nwhat = 'memory'\nreason = 'r'", "convergence or time"),
        ("[[accepted]]\noptimizer = 3\nreason = 'r'", "text"),
        ("[[acepted]]", "[[accepted]] alone"),
        ("[[", "can't be read"),
    ],
)
def test_wrong_entries_are_told(text, told):
    """What isn't an entry is refused with the file and the entry's number, not passed over."""
    with pytest.raises(InputError, match=re.escape(told)):
        accepted.entries(text, "accepted.toml")


def entry(optimizer, reason="r"):
    return f'[[accepted]]\noptimizer = "{optimizer}"\nreason = "{reason}"\n'


def test_only_new_entries_count():
    """What BASE's file holds already is spent, however its reason is worded now; a second change has an entry of its own."""
    old, new = entry("sgd"), entry("adam")

    assert [found.optimizer for found in accepted.brought(old, old + new)] == ["adam"]
    assert [found.optimizer for found in accepted.brought("", old + new)] == ["sgd", "adam"]
    assert accepted.brought(old, entry("sgd", "said better")) == []
    assert [found.reason for found in accepted.brought(old, old + entry("sgd", "again"))] == ["again"]
