"""A problem's data set: given as such or field by field, never changed afterwards."""

import pickle
from dataclasses import replace

import numpy as np
import optbench as ob
import pytest
from optbench.problems.data_set import DataSet


def halves(x, g, data, rows):
    """A test's formula: the mean over rows r of (x - data[r])**2 / 2."""
    total, slope = 0.0, 0.0
    for row in rows:
        total += 0.5 * (x[0] - data[row]) ** 2
        slope += x[0] - data[row]
    g[0] = slope / rows.size
    return total / rows.size


NUMBERS = np.array([1.0, 2.0, 4.0, 5.0])
SHARED = {
    "formula": halves,
    "center": np.zeros(1),
    "spread": 0.1,
    "budget": 10,
    "source": "a test",
    "minimum": 1.25,
    "family": "halves",
}


def test_fields_of_a_data_set_may_be_given_one_by_one():
    """`ob.Problem(data=..., samples=..., batch=...)` is the same problem as with a DataSet."""
    flat = ob.Problem(**SHARED, data=NUMBERS, samples=4, batch=2)
    nested = ob.Problem(**SHARED, data_set=DataSet(NUMBERS, samples=4, batch=2))

    assert flat.digest == nested.digest
    assert flat.value_and_grad([3.0]) == (1.25, 0.0) == nested.value_and_grad([3.0])
    assert flat.rows(0, 1).size == 2


def test_fields_of_a_data_set_may_be_read_one_by_one():
    """`problem.samples` is the data set's, as plugins read it; another name is an error."""
    problem = ob.Problem(**SHARED, data=NUMBERS, samples=4, batch=3)

    assert (problem.samples, problem.batch, problem.metric) == (4, 3, "")
    assert problem.data.tolist() == NUMBERS.tolist()
    with pytest.raises(AttributeError, match="'Problem' object has no attribute 'sampels'"):
        _ = problem.sampels


def test_one_field_of_the_data_set_can_be_replaced():
    """`replace(problem, batch=1)` keeps the other fields."""
    problem = ob.Problem(**SHARED, data=NUMBERS, samples=4, batch=3)
    changed = replace(problem, batch=1)

    assert (changed.samples, changed.batch, problem.batch) == (4, 1, 3)


def test_an_unknown_field_is_an_error():
    """A misspelt keyword of ob.Problem isn't taken for a data set's."""
    with pytest.raises(TypeError, match="sampels"):
        ob.Problem(**SHARED, sampels=4)


def test_arrays_are_copies_that_cant_be_written():
    """Whoever made a problem can't change its data afterwards, nor can whoever reads it, in this
    process or in another.
    """
    numbers = NUMBERS.copy()
    made = DataSet(numbers, samples=4)
    numbers[0] = 9.0

    for data in (made.data, pickle.loads(pickle.dumps(made)).data):
        assert data[0] == 1.0
        with pytest.raises(ValueError, match="read-only"):
            data[0] = 9.0


def test_an_epoch_ends_with_the_rows_that_are_left():
    """Ten rows in mini-batches of four are seen in three updates, the third of two rows."""
    rows = DataSet(np.zeros(10), samples=10, batch=4)

    assert rows.steps_per_epoch == 3
    assert [rows.rows_seen(steps) for steps in range(5)] == [0, 4, 8, 10, 14]
    assert DataSet().steps_per_epoch == 0
