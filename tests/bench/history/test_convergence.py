"""Which cases of two commits count as changed: by their first 100 updates, and by all of them where
nothing was rounded.
"""

import math

import pytest
from optbench.bench.history import convergence
from optbench.bench.history.tracked import Grid

GRID = Grid(("xor",), ("adam",), ("1.0e-02",))
KEY = ["xor", "adam", "1.0e-02", "constant", "float64"]


def entry(
    sizes=(0.5, 0.25),
    bits="same",
    steps=100.0,
    gap=1e-3,
    runs=None,
    diverged=1.0,
    state=24,
    nudged=0.0,
):
    """A case of two losses, whose target is met after so many steps; a miss counts 1000."""
    runs = [[steps, gap, gap]] if runs is None else runs
    late = {
        "steps_to_target": steps,
        "best_gap": gap,
        "diverged": diverged,
        "miss": 1000.0,
        "runs": runs,
        "state": state,
    }
    return {"sizes": list(sizes), "nudged": [nudged] * len(sizes), "bits": bits, **late}


@pytest.fixture
def compare(monkeypatch):
    """Compare what two commits answer: {key: entry} each, a key as in KEY. nudged : what BASE
    answers near its rates.
    """

    def rows(side):
        return [[*key, value] for key, value in side.items()]

    def _compare(base, head, nudged=None, untracked=0):
        def streamed(module, requests, both, *more):
            if len(requests) == 2:
                return [[rows(base)], [rows(head)]]
            return [[rows(base if nudged is None else nudged) for _ in requests[0]]]

        monkeypatch.setattr(convergence, "streamed", streamed)
        return convergence.compared([GRID], ["all"], [], None, lambda text: None, untracked)

    return _compare


def one(before, after):
    return {tuple(KEY): before}, {tuple(KEY): after}


def test_a_change_after_100_updates_is_found(compare):
    """Where the first 100 are equal to the last bit, nothing was rounded differently: 33 % more
    steps are real.
    """
    found = compare(*one(entry(steps=300.0), entry(steps=400.0)))
    (row,) = found.findings

    assert (row.what, row.verdict, row.fails) == ("convergence", "converges worse", True)
    assert row.change == "first 100 updates equal; steps 300 → 400, gap 0.001 → 0.001"
    assert "0 moved by more than rounding within 100 updates, 1 only later" in found.lines[0]


def test_one_seed_that_changed_late_is_found(compare):
    """Though the medians are the same."""
    before = entry(runs=[[100.0, 1e-3, 1e-3], [100.0, 1e-3, 1e-3], [90.0, 1e-3, 1e-3]])
    after = entry(runs=[[100.0, 1e-3, 1e-3], [100.0, 1e-3, 1e-3], [95.0, 1e-3, 1e-3]])
    (row,) = compare(*one(before, after)).findings

    assert row.verdict == "moved"


def test_a_change_as_large_as_a_nudge_makes_is_none(compare):
    """A rounding that a large x absorbs shows in no early loss, and late: where a nudge does as
    much, it says nothing.
    """
    sides = one(entry(steps=300.0), entry(steps=400.0))
    wild = {tuple(KEY): entry(steps=320.0)}

    assert compare(*sides, nudged=wild).findings == []
    assert len(compare(*sides).findings) == 1


def test_a_case_that_is_rounded_differently_is_left_alone_later(compare):
    """Late numbers amplify rounding: they say nothing then, and how many cases that concerns is
    said.
    """
    found = compare(
        *one(
            entry(bits="this", steps=300.0),
            entry((0.5, 0.25 * (1 + 1e-12)), bits="that", steps=400.0),
        )
    )

    assert found.findings == []
    assert "1 of them are rounded differently" in found.lines[1]


def test_a_case_that_moved_says_in_which_direction(compare):
    """By its late numbers."""
    better = compare(*one(entry(), entry((0.5, 0.2), bits="other", steps=50.0))).findings[0]
    worse = compare(*one(entry(), entry((0.5, 0.2), bits="other", steps=1000.0))).findings[0]

    assert (better.verdict, worse.verdict) == ("converges better", "converges worse")
    assert worse.change == "losses by 0.2 of themselves; steps 100 → miss, gap 0.001 → 0.001"


def test_ends_are_words(compare):
    """A miss, a divergence and a solution to the floor are no numbers to be read."""
    gone = entry((9.0, 9.0), bits="other", steps=1000.0, gap=1e10, diverged=6.0)
    (row,) = compare(*one(entry(gap=1e-12), gone)).findings

    assert row.change.endswith("steps 100 → miss, gap below 1e-12 → diverged")


def test_what_head_lacks_or_fails_in_is_lost(compare):
    """Whether it is gone, fails now, or has failed before; what is new is counted."""
    keys = [("xor", name, *KEY[2:]) for name in ("gone", "fails", "both", "new", "repaired")]
    base = dict(zip(keys, [entry(), entry(), "it broke", None, "it broke"], strict=True))
    head = dict(zip(keys, [None, "it broke", "it broke", entry(), entry()], strict=True))
    base, head = ({key: value for key, value in side.items() if value} for side in (base, head))
    found = compare(base, head)

    assert {(row.case.optimizer, row.verdict) for row in found.findings} == {
        ("gone", "gone"),
        ("fails", "fails"),
        ("both", "fails in both"),
    }
    assert "1 are new" in found.lines[0]


def test_an_optimizer_that_is_gone_is_one_finding(compare):
    """Not one for each of its cases; the same holds for a problem."""
    keys = [
        (problem, name, *KEY[2:])
        for problem in ("xor", "beale", "cliff")
        for name in ("adam", "nadam")
    ]
    base = {key: entry() for key in keys}
    head = {key: entry() for key in keys if key[1] != "nadam" and key[0] != "cliff"}

    assert {row.case[:3] for row in compare(base, head).findings} == {
        ("*", "nadam", "*"),
        ("cliff", "*", "*"),
    }


def test_bytes_of_state_are_exact(compare):
    """A slot more is a finding of the pair, once for all of its learning rates, and not of the
    curve.
    """
    keys = [tuple(KEY), ("xor", "adam", "1.0e-03", "constant", "float64"), ("xor", "sgd", *KEY[2:])]
    base = {key: entry(state=24) for key in keys}
    head = {key: entry(state=32 if key[1] == "adam" else 24) for key in keys}
    (row,) = compare(base, head).findings

    assert (row.what, row.case.optimizer, row.case.lr, row.verdict) == (
        "state",
        "adam",
        "*",
        "more state",
    )
    assert row.change == "24 → 32 bytes of x and slots"


def test_state_that_can_no_longer_be_known_is_a_finding(compare):
    """Where BASE's could; what BASE's couldn't be is none."""
    (row,) = compare(*one(entry(state=24), entry(state=None))).findings

    assert (row.what, row.verdict, row.fails) == ("state", "state unknown", True)
    assert row.change == "24 → ? bytes of x and slots"
    assert compare(*one(entry(state=None), entry(state=24))).findings == []


def test_what_no_suite_tracks_may_fail_in_both_commits(compare):
    """It is said in a line; what fails in HEAD alone is lost all the same."""
    found = compare(*one("it broke", "it broke again"), untracked=1)
    (row,) = compare(*one(entry(), "it broke"), untracked=1).findings

    assert found.findings == []
    assert (
        found.lines[-1]
        == "1 cases that no suite tracks fail in both commits (adam on xor): it broke again"
    )
    assert row.verdict == "fails"


def test_a_run_that_ends_in_no_number_equals_itself(compare):
    """NaN is no change."""
    runs = [[1000.0, 1.0, math.nan]]

    assert compare(*one(entry(runs=runs), entry(runs=[[1000.0, 1.0, math.nan]]))).findings == []
