"""Networks described as data: initialisations, depth, one's own data, and what is refused."""

import re
from pathlib import Path

import numpy as np
import optbench as ob
import pytest
from click.testing import CliRunner
from optbench.bench.cli.main import main
from twins import networks

VARIANCES = {
    "standard_normal": lambda fan_in, fan_out: 1.0,
    "lecun": lambda fan_in, fan_out: 1 / fan_in,
    "glorot": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "he": lambda fan_in, fan_out: 2 / fan_in,
}


@pytest.mark.parametrize("init", sorted(VARIANCES))
def test_weights_begin_with_the_variance_of_the_paper(init):
    """Each layer's weights have mean 0 and the stated variance, to 5 standard errors; biases are
    0.
    """
    problem = ob.get_problem("digits", init=init)
    layers = networks.unpack(problem.start(5), [64, 32, 10])
    for (weights, bias), fans in zip(layers, [(64, 32), (32, 10)], strict=True):
        variance = VARIANCES[init](*fans)

        assert abs(weights.mean()) < 5 * (variance / weights.size) ** 0.5
        assert abs(weights.var() / variance - 1) < 5 * (2 / weights.size) ** 0.5
        assert (bias == 0).all()


def test_from_zeros_hidden_units_stay_alike():
    """From zeros every seed starts at the same point, where all hidden units have the same slopes:
    none.
    """
    problem = ob.get_problem("mlp", init="zeros")
    _, g = problem.value_and_grad(problem.start(3))
    (weights, _), (outer, _) = networks.unpack(g, [13, 8, 3])

    assert (problem.start(3) == 0).all()
    assert (weights == 0).all()
    assert (outer == 0).all()


def test_depth_and_width_are_parameters():
    """digits[hidden=20,layers=3] is a 64-20-20-20-10 network, and its mini-batch gradient is the
    plain network's.
    """
    from optbench.problems.split import split
    from sklearn.datasets import load_digits

    problem = ob.get_problem("digits[hidden=20,layers=3,activation=gelu,init=he]")
    inputs, labels, *_ = split(*map(np.asarray, load_digits(return_X_y=True)))
    rows, x = problem.rows(1, 2), problem.start(1)
    layers = [64, 20, 20, 20, 10], "gelu", "softmax_cross_entropy", inputs[rows] / 16, labels[rows]
    loss, g = problem.gradient(x, seed=1, step=2)

    assert [shape for _, shape in problem.shapes if len(shape) == 2] == [
        (64, 20),
        (20, 20),
        (20, 20),
        (20, 10),
    ]
    np.testing.assert_allclose(loss, networks.network_loss(x, *layers), rtol=1e-12)
    np.testing.assert_allclose(g, networks.network_gradient(x, *layers), rtol=1e-9, atol=1e-13)


def test_a_network_on_data_of_ones_own():
    """ob.dense_problem makes a problem that runs: mini-batches, L2, a metric on rows held out."""
    random = np.random.default_rng(0)
    inputs, further = random.normal(size=(50, 3)), random.normal(size=(20, 3))
    truth = lambda rows: (rows[:, :1] * rows[:, 1:2] > 0).astype(float)  # noqa: E731
    problem = ob.dense_problem(
        [3, 6, 1],
        "softplus",
        "binary_cross_entropy",
        inputs,
        truth(inputs),
        init="glorot",
        l2=0.01,
        batch=10,
        held_out=(further, truth(further)),
        budget=300,
        source="made here",
        family="quadrants",
        levels=(0.5,),
    )
    x = problem.start(0)
    expected = networks.network_loss(
        x, [3, 6, 1], "softplus", "binary_cross_entropy", inputs, truth(inputs), 0.01
    )
    results = ob.run([problem], ["adam"], lrs=[0.03], seeds=2)

    assert problem.kind == "network"
    assert problem.value_and_grad(x)[0] == pytest.approx(expected, rel=1e-12)
    assert (results.runs["status"] == "solved").all()
    assert results.runs["epochs"].tolist() == [60.0, 60.0]
    assert results.curves.groupby("seed")["metric"].last().min() > 0.6


AT_ZERO = {
    "mean_squared_error": 1.0,
    "binary_cross_entropy": np.log(2),
    "softmax_cross_entropy": np.log(3),
    "huber": 0.5,
    "poisson": 1.0,
}


@pytest.mark.parametrize("rows", [2, 1000], ids=["over lanes", "run by run"])
@pytest.mark.parametrize("loss", sorted(AT_ZERO))
def test_a_loss_is_the_mean_over_rows_and_outputs(loss, rows):
    """Three outputs of zero with targets of one have one output's loss, and each bias a third of
    its slope.
    """
    inputs, targets = (
        np.zeros((rows, 6)),
        np.ones((rows, 1 if loss == "softmax_cross_entropy" else 3)),
    )
    problem = ob.dense_problem(
        [6, 3], "tanh", loss, inputs, targets, budget=1, source="", family="at zero", levels=(0.0,)
    )
    value, g = problem.value_and_grad(np.zeros(21))
    slopes = {
        "mean_squared_error": -2 / 3,
        "binary_cross_entropy": -0.5 / 3,
        "huber": -1 / 3,
        "poisson": 0.0,
    }

    assert value == pytest.approx(AT_ZERO[loss], rel=1e-14)
    assert g[18:] == pytest.approx(
        [1 / 3, -2 / 3, 1 / 3] if loss == "softmax_cross_entropy" else [slopes[loss]] * 3,
        rel=1e-13,
        abs=1e-15,
    )


GOOD = {
    "widths": [3, 2],
    "activation": "tanh",
    "loss": "mean_squared_error",
    "inputs": np.ones((4, 3)),
    "targets": np.ones((4, 2)),
}


def test_labels_and_single_outputs_may_be_vectors():
    """Targets as scikit-learn has them, (N,), are what a column of them is."""
    inputs, labels = np.arange(12.0).reshape(4, 3), np.array([0, 1, 1, 0])
    for loss, outputs in (("softmax_cross_entropy", 2), ("binary_cross_entropy", 1)):
        flat, column = (
            ob.dense_problem(
                [3, outputs],
                "tanh",
                loss,
                inputs,
                targets,
                budget=1,
                source="",
                family="flat",
                levels=(0.0,),
            )
            for targets in (labels, labels[:, None])
        )

        assert flat.data_set.data.tobytes() == column.data_set.data.tobytes()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"activation": "gelo"}, "did you mean 'gelu'"),
        ({"loss": "mse"}, "mean_squared_error"),
        ({"init": "xavier"}, "glorot"),
        ({"widths": [3]}, "two whole numbers or more"),
        ({"widths": 3}, "two whole numbers or more"),
        ({"widths": [3, 2.5, 2]}, "two whole numbers or more"),
        ({"activation": None}, "unknown activation 'None'"),
        ({"l2": -1.0}, "l2 must be a number from 0 on"),
        ({"l2": float("nan")}, "l2 must be a number from 0 on"),
        ({"batch": -1}, "from 0 .all rows. to 4"),
        ({"batch": 5}, "from 0 .all rows. to 4"),
        ({"batch": 2.5}, "whole number"),
        ({"inputs": np.full((4, 3), np.nan)}, "finite"),
        ({"inputs": [["a", "b", "c"]] * 4}, "arrays of numbers"),
        ({"loss": "binary_cross_entropy", "targets": np.full((4, 2), 2.0)}, "from 0 to 1"),
        ({"loss": "poisson", "targets": np.full((4, 2), -1.0)}, "from 0 on"),
        ({"held_out": np.ones((2, 3))}, "a pair"),
        (
            {"loss": "softmax_cross_entropy", "targets": np.eye(4)[:, :2]},
            "labels .4,., not one-hot",
        ),
        ({"level": (0.1,)}, "did you mean 'levels'"),
        ({"widths": [3, 0, 2]}, "from 1 on"),
        ({"inputs": np.ones((4, 5))}, r"inputs \(N, 3\), not \(4, 5\)"),
        ({"targets": np.ones((4, 1))}, r"targets \(4, 2\)"),
        ({"loss": "softmax_cross_entropy", "targets": np.full((4, 1), 2.0)}, "labels from 0 to 1"),
        ({"loss": "softmax_cross_entropy", "targets": np.full((4, 1), 0.5)}, "labels from 0 to 1"),
        ({"held_out": (np.ones((2, 3)), np.ones((2, 3)))}, r"targets \(2, 2\)"),
    ],
)
def test_what_does_not_fit_is_refused(wrong, reason):
    """A word or a shape that doesn't fit is one line that says what is allowed: a wrong label would
    read other memory.
    """
    with pytest.raises(ValueError, match=reason) as error:
        ob.dense_problem(**{**GOOD, **wrong}, budget=1, source="", family="wrong")
    assert "\n" not in str(error.value)


def test_the_example_of_the_page_runs(capsys):
    """docs/problems.md's network on data of one's own is registered, solved by some run, and has an
    accuracy.
    """
    page = (Path(__file__).resolve().parents[2] / "docs/problems.md").read_text()
    block = next(
        text
        for text in re.findall(r"```python\n(.*?)```", page, re.DOTALL)
        if "dense_problem" in text
    )
    exec(block, space := {"__name__": "__main__"})
    assert "sgd" in capsys.readouterr().out
    results = ob.run(["quadrants[batch=100,hidden=16]"], ["adam"], lrs=[0.01], seeds=1, steps=200)

    assert space["quadrants"].problem().shapes[1:3] == (("b1", (32,)), ("W2", (32, 32)))
    assert results.runs["status"].tolist() == ["solved"]
    assert results.curves["metric"].iloc[-1] > 0.7


def test_a_problem_without_targets_is_named(tmp_path, monkeypatch):
    """Where nothing can count as solved, `optbench run` says so and what to give, beside a
    leaderboard of zeros.
    """
    monkeypatch.chdir(tmp_path)
    Path("aimless.py").write_text(
        "import optbench as ob\n\n\n@ob.problem\ndef aimless():\n    return ob.dense_problem([1,"
        " 1], 'tanh', 'huber', [[0.0], [1.0]], [1.0, 0.0], budget=10, source='here')\n"
    )
    arguments = (
        "run --plugin aimless.py -p aimless,xor -o sgd --lr 0.1 --seeds 1 --steps 10 --quiet"
        " --no-figures"
    )
    done = CliRunner().invoke(main, arguments.split())

    assert done.exit_code == 0, done.output
    assert "aimless has no targets, so nothing solves it: give it minimum or levels" in done.stderr
    assert "xor has no targets" not in done.stderr
