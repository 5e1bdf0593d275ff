"""Updates one at a time and many in a call: the loop's kernels with gradients from outside."""

import numpy as np
import optbench as ob
import pytest
from optbench.kernels.groups import Kernels, setup_of
from optbench.kernels.no_problem import no_feed, no_gradient_kernel
from optbench.kernels.padding import tensor_layout
from optbench.kernels.stepper import Stepper

RULES = ["sgd", "adam", "lamb", "muon", "lookahead[adam]", "schedule_free_sgd"]
SHAPES = (("w", (3, 2)), ("b", (2,)))
RANDOM = np.random.default_rng(5)
STARTS, GRADIENTS = RANDOM.normal(size=(8, 3)), RANDOM.normal(size=(40, 8, 3))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", RULES)
def test_many_updates_in_a_call_are_those_one_by_one(name, dtype):
    """`steps` leads through the points that as many `step`s lead through, to the last bit."""
    rule = ob.get_optimizer(name)
    walk, other = (rule.start(STARTS[:, 0], shapes=SHAPES, dtype=dtype) for _ in range(2))
    points = walk.steps(GRADIENTS[:, :, 0])

    assert points.tobytes() == np.array([other.step(g) for g in GRADIENTS[:, :, 0]]).tobytes()
    assert walk.t == other.t == len(GRADIENTS)
    assert all(walk.slots[slot].tobytes() == other.slots[slot].tobytes() for slot in walk.slots)


@pytest.mark.parametrize("name", RULES)
def test_lanes_side_by_side_are_walks(name):
    """Each lane of a Stepper goes where a walk with its start, gradients and lr goes."""
    rule, layout, lrs = ob.get_optimizer(name), tensor_layout(SHAPES), np.array([0.1, 0.01, 1e-3])
    stepper = Stepper(
        Kernels(no_gradient_kernel("float64"), rule.kernel()),
        STARTS,
        rule.initial_state(STARTS, layout),
        no_feed([1, 2, 3], "float64"),
        setup_of(rule, lrs, layout),
    )
    points = stepper.steps(GRADIENTS)

    for lane, lr in enumerate(lrs):
        walk = rule.configured(lr=lr).start(STARTS[:, lane], shapes=SHAPES)

        assert points[:, :, lane].tobytes() == walk.steps(GRADIENTS[:, :, lane]).tobytes()


def test_the_schedule_and_the_loss_reach_the_rule():
    """`scale` multiplies lr, and a rule that uses the loss gets the one that is given."""
    walk = ob.get_optimizer("sgd", lr=0.5).start([1.0, 2.0])

    assert walk.step([1.0, 1.0], scale=0.5).tolist() == [0.75, 1.75]
    polyak = ob.get_optimizer("sps", c=1.0).start(
        [1.0, 2.0], problem=ob.get_problem("sphere", dim=2)
    )
    assert polyak.step([1.0, 2.0], loss=2.5).tolist() == [0.5, 1.0]


@pytest.mark.parametrize("gradients", [np.zeros(2), np.zeros((4, 3)), np.zeros((1, 2, 2))])
def test_gradients_of_another_shape_are_refused(gradients):
    """`steps` takes (T, n) alone, and says what it got."""
    with pytest.raises(ValueError, match="gradients' shape"):
        ob.get_optimizer("sgd").start([1.0, 2.0]).steps(gradients)


def test_a_rule_that_needs_losses_is_stepped_one_by_one():
    """`steps` has no losses to give, and says so."""
    with pytest.raises(ValueError, match="uses the loss at x"):
        ob.get_optimizer("sps").start([1.0], problem=ob.get_problem("sphere", dim=1)).steps([[1.0]])
