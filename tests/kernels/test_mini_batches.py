"""Mini-batches of any size: the runs that they give, and how many epochs they make."""

import numpy as np
import optbench as ob
import pytest
from optbench.bench.sweep.sweep import recording_grid
from optbench.problems.split import split, standardised
from optbench.problems.tables import table
from twins import networks

STEPS = 250


def plain_descent(problem, batch, seed, lr, steps):
    """The losses of stochastic gradient descent on the plain network, epoch by epoch, at the
    recorded steps.
    """
    inputs, labels, *_ = split(*table("iris"))
    (inputs,) = standardised(inputs)
    layers = [4, 5, 3], "tanh", "softmax_cross_entropy"
    is_weight = np.concatenate(
        [np.full(20, True), np.full(5, False), np.full(15, True), np.full(3, False)]
    )
    x, losses, step = problem.start(seed), [], 0
    grid = set(recording_grid(steps).tolist())
    while True:
        order = np.concatenate(
            [problem.rows(seed, step + 1 + k) for k in range(-(-len(inputs) // batch))]
        )
        assert sorted(order) == list(range(len(inputs)))  # an epoch is all rows, once each
        for first in range(0, len(inputs), batch):
            if step in grid:
                losses.append(networks.network_loss(x, *layers, inputs, labels, 1e-3))
            if step == steps:
                return losses
            rows = order[first : first + batch]
            x = x - lr * (
                networks.network_gradient(x, *layers, inputs[rows], labels[rows])
                + 1e-3 * is_weight * x
            )
            step += 1


@pytest.mark.parametrize("batch", [1, 7, 16, 119, 120])
def test_runs_equal_plain_descent_on_the_same_rows(batch):
    """Down to one row at a time, and with a short last batch, SGD's curve is the plain
    network's.
    """
    problem = ob.get_problem("mlp", batch=batch, data="iris", hidden=5)
    results = ob.run([problem], ["sgd"], lrs=[0.05], seeds=[3], steps=STEPS)

    np.testing.assert_allclose(
        results.curves["loss"], plain_descent(problem, batch, 3, 0.05, STEPS), rtol=1e-10
    )


@pytest.mark.parametrize(("batch", "an_epoch"), [(1, 120), (7, 18), (119, 2)])
def test_epochs_are_given_beside_steps(batch, an_epoch):
    """An epoch has as many steps as it takes to see every row, the last on what is left."""
    results = ob.run(
        [ob.get_problem("mlp", batch=batch, data="iris")], ["sgd"], lrs=[0.05], seeds=2, steps=60
    )

    assert (results.runs["steps"] == 60).all()
    np.testing.assert_allclose(results.runs["epochs"], 60 / an_epoch)
    np.testing.assert_allclose(results.curves["epoch"], results.curves["step"] / an_epoch)


def test_epochs_beside_other_problems(tmp_path):
    """Beside mini-batches a step on all rows is an epoch, and a problem without data has NaN.
    Stored runs have the same.
    """
    asked = ["rosenbrock", "xor", "mlp[batch=60]"]
    results = ob.run(asked, ["sgd"], lrs=[1e-3], seeds=1, steps=6, store=tmp_path)
    epochs = results.runs.set_index("problem")["epochs"]

    assert np.isnan(epochs["rosenbrock"])
    assert epochs["xor"] == 6
    assert epochs["mlp[batch=60]"] == 2
    assert ob.load(tmp_path).runs["epochs"].equals(results.runs["epochs"])
    assert results.curves["epoch"].isna().equals(results.curves["problem"] == "rosenbrock")


def test_without_mini_batches_steps_are_enough():
    """Where every step sees all rows, or there are none, the frames have no column for epochs."""
    results = ob.run(["rosenbrock", "xor"], ["sgd"], lrs=[1e-3], seeds=1, steps=5)

    assert "epochs" not in results.runs
    assert "epoch" not in results.curves


def test_rows_are_the_same_for_every_optimizer_and_rate():
    """A run among other optimizers, rates and seeds is the one computed alone, to the last bit: it
    saw the same rows.
    """
    alone = ob.run(["digits"], ["sgd"], lrs=[0.1], seeds=[2], steps=30).curves["loss"].to_numpy()
    among = ob.run(["digits"], ["adam", "sgd"], lrs=[1e-3, 0.1, 1.0], seeds=[5, 2], steps=30).curves
    same = among[(among["optimizer"] == "sgd") & (among["lr"] == 0.1) & (among["seed"] == 2)]

    assert same["loss"].to_numpy().tobytes() == alone.tobytes()
