"""A problem's digest is made of all its fields but a named few, so that no stored run is taken for
one of a problem that differs.
"""

from dataclasses import field, fields, make_dataclass, replace

import numpy as np
import optbench as ob
import pytest
from optbench.problems.data_set import DataSet
from optbench.problems.problem import Problem
from optbench.problems.problem_digest import IGNORED, digest_of
from optbench.problems.transform import Transform

OF_A_PROBLEM = {
    "center": np.ones(2),
    "spread": 0.7,
    "published": False,
    "minimum": -1.0,
    "taus": (0.5,),
    "levels": (3.0, 2.0),
    "shapes": (("a", (1,)), ("b", (1,))),
    "noisy": True,
    "data_set": DataSet(np.ones(3)),
    "transform": Transform.of(2, 1.0, False, 1.0, False, 0.0, 0, 0),
}
OF_A_DATA_SET = {
    "data": np.ones(1),
    "samples": 7,
    "batch": 7,
    "held_out": np.ones(1),
    "held_out_samples": 7,
    "metric": "loss",
}
"""Another value of each field that decides a run."""


def with_another_field(made, value):
    """The same, of a class that has one field more."""
    kind = type(made)
    wider = make_dataclass(
        f"Wider{kind.__name__}",
        [("another", object, field(default=0))],
        bases=(kind,),
        frozen=True,
        eq=False,
    )
    return wider(**{entry.name: getattr(made, entry.name) for entry in fields(made)}, another=value)


@pytest.mark.parametrize("value", [1, "1", 1.0, None, (1,), np.ones(1), np.ones(1, np.float32)])
def test_a_field_added_to_a_problem_counts(value):
    """A field that nobody has told the digest about changes it, with each value of its own."""
    problem = ob.get_problem("rosenbrock")

    assert digest_of(with_another_field(problem, value)) != digest_of(problem)
    assert digest_of(with_another_field(problem, value)) != digest_of(
        with_another_field(problem, 0)
    )


@pytest.mark.parametrize(
    ("name", "inner"), [("digits", "data_set"), ("rosenbrock[rotated]", "transform")]
)
def test_a_field_added_to_an_inner_record_counts(name, inner):
    """A field added to the data set, or to the transform, changes the problem's digest."""
    problem = ob.get_problem(name)
    one, other = (
        replace(problem, **{inner: with_another_field(getattr(problem, inner), value)})
        for value in (0, 1)
    )

    assert len({problem.digest, one.digest, other.digest}) == 3


@pytest.mark.parametrize("name", OF_A_PROBLEM)
def test_each_field_of_a_problem_counts(name):
    """A problem with another start, other targets, another minimum ... is another one."""
    problem = ob.get_problem("rosenbrock")

    assert replace(problem, **{name: OF_A_PROBLEM[name]}).digest != problem.digest


@pytest.mark.parametrize("name", OF_A_DATA_SET)
def test_each_field_of_a_data_set_counts(name):
    """A problem on other rows, or on other mini-batches of them, is another one."""
    problem = ob.get_problem("rosenbrock")
    changed = replace(problem, **{name: OF_A_DATA_SET[name]})

    assert changed.digest != problem.digest


@pytest.mark.parametrize(
    "parameter", ["noise=0.5", "bits=4", "delay=3", "shift=2.0", "rescale=9.0"]
)
def test_each_parameter_of_a_transform_counts(parameter):
    """A problem seen through another transform is another one."""
    digests = [ob.get_problem(f"rosenbrock[{p}]").digest for p in (parameter, "permuted")]

    assert len({*digests, ob.get_problem("rosenbrock").digest}) == 3


def test_what_no_run_depends_on_is_ignored():
    """A run's numbers don't depend on the budget, the source's text or the tags: its stored runs
    stay found.
    """
    problem = ob.get_problem("rosenbrock")
    changed = replace(problem, budget=7, source="elsewhere", tags=("multimodal",))

    assert changed.digest == problem.digest


def test_only_existing_fields_are_ignored():
    """Each name that is ignored is that of a field, and has a reason."""
    for kind in (Problem, DataSet):
        names = {entry.name for entry in fields(kind)}

        assert {*IGNORED[kind.__name__]} <= names
        assert all(IGNORED[kind.__name__].values())


def test_a_value_without_a_digest_is_an_error():
    """A field that holds a function, which nothing tells from another one, is refused by name."""
    odd = with_another_field(ob.get_problem("rosenbrock"), len)

    with pytest.raises(ValueError, match=r"WiderProblem\.another is builtin_function_or_method"):
        digest_of(odd)
