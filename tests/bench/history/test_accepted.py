"""Entries of accepted.toml: what they cover, when they count, and which are wrong."""

import re

import pytest
from optbench.bench.history import accepted
from optbench.bench.history.cases import Case
from optbench.kernels.grammar import InputError


def test_entries_cover_what_they_name():
    """A pattern's * stands for any letters and brackets for themselves; times have no lr."""
    (entry,) = accepted.entries(
        '[[accepted]]\nproblem = "rosenbrock[dim=10]"\noptimizer = "adam*"\nwhat = "time"\nreason'
        ' = "r"',
        "f",
    )

    assert entry.covers("time", Case("rosenbrock[dim=10]", "adamw", "*"))
    assert not entry.covers("convergence", Case("rosenbrock[dim=10]", "adamw", "1.0e-03"))
    assert not entry.covers("time", Case("rosenbrock", "adamw", "*"))
    assert not entry.covers("time", Case("rosenbrock[dim=10]", "sgd", "*"))


def test_entries_may_name_a_schedule_or_a_dtype():
    """One for float32 leaves float64 alone, one for a schedule all others; without either both are
    covered.
    """
    text = '[[accepted]]\noptimizer = "adam"\nreason = "r"\n'
    both, single, cosine = accepted.entries(
        f'{text}{text}dtype = "float32"\n{text}schedule = "cosine*"', "f"
    )
    case = Case("xor", "adam", "1.0e-02")
    in_float32, under_cosine = (
        case._replace(dtype="float32"),
        case._replace(schedule="cosine[warmup=10]"),
    )

    assert both.covers("convergence", case)
    assert both.covers("convergence", under_cosine._replace(dtype="float32"))
    assert single.covers("convergence", in_float32)
    assert not single.covers("convergence", case)
    assert cosine.covers("convergence", under_cosine)
    assert not cosine.covers("convergence", case)


def test_a_curve_that_is_lost_has_to_be_named():
    """A change that is meant for a rule's numbers excuses neither its crash nor its removal."""
    text = '[[accepted]]\noptimizer = "adam"\nreason = "r"\n'
    changed, lost = accepted.entries(text + text + 'what = "lost"', "f")

    assert changed.covers("convergence", Case("xor", "adam", "1.0e-03"))
    assert changed.covers("time", Case("xor", "adam", "*"))
    assert not changed.covers("lost", Case("xor", "adam", "1.0e-03"))
    assert lost.covers("lost", Case("xor", "adam", "1.0e-03"))
    assert not lost.covers("time", Case("xor", "adam", "*"))


def test_a_file_that_cannot_be_read_can_be_repaired():
    """Where BASE's is broken, HEAD's entries count; where HEAD's is, that is an error."""
    assert [found.optimizer for found in accepted.brought("[[", entry("sgd"))] == ["sgd"]
    with pytest.raises(InputError, match="can't be read"):
        accepted.brought("", "[[")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[accepted]]\nreason = 'r'", "needs a problem or an optimizer"),
        ("[[accepted]]\noptimizer = 'a'\nreason = ' '", "needs a reason"),
        ("[[accepted]]\noptimiser = 'a'\nreason = 'r'", "'optimiser'"),
        (
            "[[accepted]]\noptimizer = 'a'\nwhat = 'speed'\nreason = 'r'",
            "convergence, time, state, memory, import, lost",
        ),
        ("[[accepted]]\noptimizer = 3\nreason = 'r'", "text"),
        ("[[acepted]]", "[[accepted]] alone"),
        ("[[", "can't be read"),
    ],
)
def test_wrong_entries_are_errors(text, reason):
    """What isn't an entry is refused with the file and the entry's number, not passed over."""
    with pytest.raises(InputError, match=re.escape(reason)):
        accepted.entries(text, "accepted.toml")


def entry(optimizer, reason="r"):
    return f'[[accepted]]\noptimizer = "{optimizer}"\nreason = "{reason}"\n'


def test_only_new_entries_count():
    """What BASE's file holds already is spent, however its reason is worded now; a second change
    has an entry of its own.
    """
    old, new = entry("sgd"), entry("adam")

    assert [found.optimizer for found in accepted.brought(old, old + new)] == ["adam"]
    assert [found.optimizer for found in accepted.brought("", old + new)] == ["sgd", "adam"]
    assert accepted.brought(old, entry("sgd", "said better")) == []
    assert [found.reason for found in accepted.brought(old, old + entry("sgd", "again"))] == [
        "again"
    ]
