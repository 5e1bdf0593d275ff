"""Which names a check judges: those of the suites, those asked for, and those that no suite has."""

import pytest
from optbench.bench.history import tracked, untracked
from optbench.kernels.grammar import InputError


def test_any_name_may_be_chosen():
    """One that is tracked is judged where it is; one that isn't joins the curves, and the times, of
    those that are.
    """
    single = tracked.Grid(("xor",), ("adam",), ("1.0e-02",), dtype="float32")
    main = tracked.Grid(("xor", "beale"), ("adam", "sgd"), ("1.0e-02",))
    known = tracked.Tracked(main, (single,), (("xor", "adam"), ("digits", "lion")))
    beale, nadam, cliff = (
        known.narrowed(["beale"], ["sgd"]),
        known.narrowed(None, ["nadam"]),
        known.narrowed(["cliff"], None),
    )

    assert (beale.main, beale.variants, beale.pairs) == (
        tracked.Grid(("beale",), ("sgd",), ("1.0e-02",)),
        (),
        (),
    )
    assert nadam.main == tracked.Grid(("xor", "beale"), ("nadam",), ("1.0e-02",))
    assert set(nadam.pairs) == {("xor", "nadam"), ("digits", "nadam")}
    assert cliff.main == tracked.Grid(("cliff",), ("adam", "sgd"), ("1.0e-02",))
    assert set(cliff.pairs) == {("cliff", "adam"), ("cliff", "lion")}
    assert known.narrowed(["digits"], ["lion"]).pairs == (("digits", "lion"),)
    assert known.narrowed(None, ["adam"]).variants == (single,)


def names(optimizers, problems=(), schedules=(), known=((), ())):
    """What a commit brings, its problems with their coordinates, and what it knows of the names
    that are asked for.
    """
    return untracked.Names(
        optimizers,
        dict(problems),
        schedules,
        dict(zip(("problems", "optimizers"), known, strict=True)),
    )


KNOWN = tracked.Tracked(tracked.Grid(("xor",), ("adam",), ("1.0e-02",)), (), ())


def test_what_either_commit_brings_is_judged_though_untracked():
    """A rule that HEAD has no more as well as a new one; problems beyond a thousand coordinates
    only where asked for.
    """
    base = names(("adam", "gone"), {"xor": 9, "cliff": 2}, ("constant", "cosine"))
    head = names(
        ("adam", "new", "torch:adam"), {"xor": 9, "cliff": 2, "huge": 5000}, ("constant", "step")
    )
    found = untracked.grids(base, head, KNOWN, None, None)
    rules, formulas, *schedules, single = found

    assert set(rules.optimizers) == {"gone", "new", "torch:adam"}
    assert rules.problems == untracked.PROBLEMS
    assert rules.lrs == ("default", "1.0e-02")
    assert formulas.problems == ("cliff",)
    assert {grid.schedule for grid in schedules} == {"cosine", "step"}
    assert (single.problems, single.dtype) == (("xor",), "float32")
    assert [grid.optimizers for grid in untracked.grids(base, head, KNOWN, None, ["new"])] == [
        ("new",)
    ]


def test_a_name_that_neither_commit_has_is_an_error():
    """With the near ones of both commits; one that only BASE has is judged."""
    base, head = names(("nadam", "gone"), known=((), ("gone",))), names(("nadam",))
    untracked.examine({"problems": [], "optimizers": ["gone"]}, base, head, KNOWN)

    with pytest.raises(InputError, match="unknown optimizer 'nadamm'; did you mean 'nadam'"):
        untracked.examine({"problems": [], "optimizers": ["nadamm"]}, base, head, KNOWN)
