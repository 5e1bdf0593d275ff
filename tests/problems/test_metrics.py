"""Accuracy and R² on training rows and on rows held out: what they are, where they stand, that they
cost no time.
"""

import numpy as np
import optbench as ob
import pytest
from optbench.problems.split import split

CLASSIFIED = ["logistic_regression", "digits[hidden=0]"]


def data_of(name):
    """A data set's training and held-out rows, standardised or scaled as the problem's file says,
    from scikit-learn anew.
    """
    from sklearn import datasets

    load = {"linear_regression": "diabetes", "logistic_regression": "breast_cancer"}.get(
        name.split("[")[0], "digits"
    )
    inputs, targets = getattr(datasets, f"load_{load}")(
        return_X_y=True, **({"scaled": False} if load == "diabetes" else {})
    )
    x, y, held_x, held_y = split(inputs, targets)
    if load == "digits":
        return (x / 16, y), (held_x / 16, held_y)
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    if load == "diabetes":
        y, held_y = ((part - y.mean()) / y.std() for part in (y, held_y))
    return ((x - mean) / deviation, y), ((held_x - mean) / deviation, held_y)


def plain_metric(name, point, inputs, targets):
    """Accuracy or R² of a linear model, with NumPy."""
    columns = point.size // (inputs.shape[1] + 1)
    outputs = (
        inputs @ point[: inputs.shape[1] * columns].reshape(-1, columns)
        + point[inputs.shape[1] * columns :]
    )
    if name == "linear_regression":
        return 1 - ((outputs - targets) ** 2).sum() / ((targets - targets.mean()) ** 2).sum()
    labels = outputs.argmax(axis=1) if columns > 1 else (outputs[:, 0] > 0).astype(int)
    return (labels == targets[:, 0]).mean()


@pytest.mark.parametrize("name", ["linear_regression", *CLASSIFIED])
def test_metrics_are_numpys(name):
    """At several points the metric on both sets of rows is that of the formula written plainly."""
    problem, points = ob.get_problem(name), ob.get_problem(name).starts(range(5))
    train, held_out = problem.metrics(points)
    for lane in range(5):
        for found, rows in zip((train, held_out), data_of(name), strict=True):
            assert found[lane] == pytest.approx(
                plain_metric(name, points[:, lane], *rows), abs=1e-12
            )


def test_the_split_is_fixed_and_disjoint():
    """A fifth is held out, always the same, and no row stands on both sides."""
    rows, targets = np.arange(200.0).reshape(100, 2), np.arange(100)
    first, again = split(rows, targets), split(rows, targets)

    assert [len(part) for part in first] == [80, 80, 20, 20]
    assert all(a.tobytes() == b.tobytes() for a, b in zip(first, again, strict=True))
    assert sorted([*first[1][:, 0], *first[3][:, 0]]) == list(range(100))
    np.testing.assert_array_equal(first[0][:, 0], 2 * first[1][:, 0])
    assert np.abs(np.diff(first[3][:, 0])).max() > 1, "not a block of rows"


def several_outputs(loss, inputs, targets):
    """A linear model of several outputs whose metric is taken on the rows it is trained on."""
    widths = [inputs.shape[1], targets.shape[1]]
    rows = inputs, targets
    return ob.dense_problem(
        widths,
        "identity",
        loss,
        *rows,
        held_out=rows,
        budget=1,
        source="",
        family="several",
        levels=(0.0,),
    )


@pytest.mark.parametrize("samples", [30, 2000], ids=["over lanes", "run by run"])
@pytest.mark.parametrize("loss", ["mean_squared_error", "huber", "poisson", "binary_cross_entropy"])
def test_metrics_of_several_outputs_are_scikit_learns(loss, samples):
    """R² is r2_score with its defaults, the mean over the outputs, also where an output's targets
    are all equal or met.
    """
    from sklearn.metrics import accuracy_score, r2_score

    random = np.random.default_rng(1)
    inputs = random.normal(size=(samples, 4))
    targets = random.poisson(2.0, (samples, 4)).astype(float)
    if loss == "binary_cross_entropy":
        targets = np.minimum(targets, 1.0)
    targets[:, 1], targets[:, 2] = 0.25, 1.0
    point = 0.3 * random.normal(size=20)
    point[2:18:4], point[18] = (
        0.0,
        0.0 if loss == "poisson" else 1.0,
    )  # what the third output predicts is 1 everywhere
    outputs = inputs @ point[:16].reshape(4, 4) + point[16:]
    if loss == "binary_cross_entropy":
        expected = accuracy_score((targets > 0.5).ravel(), (outputs > 0).ravel())
    else:
        expected = r2_score(targets, np.exp(outputs) if loss == "poisson" else outputs)
    train, held_out = several_outputs(loss, inputs, targets).metrics(point[:, None])

    assert train[0] == pytest.approx(expected, rel=1e-12)
    assert held_out[0] == train[0]


@pytest.mark.parametrize(("name", "lr"), [("linear_regression", 0.1), ("digits[hidden=0]", 0.03)])
def test_curves_have_the_metric_at_every_recorded_step(name, lr):
    """The curve's metrics are those of the points on the path, walked by hand: exact problems and
    mini-batches.
    """
    problem, rule = ob.get_problem(name), ob.get_optimizer("sgd", lr=lr)
    curve = ob.run([name], [rule], lrs=[lr], seeds=[1], steps=20).curves
    walk = rule.start(problem.start(1))
    points = [walk.x]
    for step in range(1, 21):
        points.append(walk.step(problem.gradient(walk.x, seed=1, step=step)[1]))
    train, held_out = problem.metrics(np.array(points).T)

    np.testing.assert_allclose(curve["train_metric"], train[curve["step"]], atol=1e-12)
    np.testing.assert_allclose(curve["metric"], held_out[curve["step"]], atol=1e-12)


def test_the_metric_is_the_reported_points():
    """Of a rule that averages, the metric is taken where its loss is: at the average."""
    problem, rule = ob.get_problem("linear_regression"), ob.get_optimizer("averaged_sgd", lr=0.1)
    curve = ob.run([problem], [rule], lrs=[0.1], seeds=[1], steps=20).curves
    walk = rule.start(problem.start(1))
    for step in range(1, 21):
        walk.step(problem.gradient(walk.x, seed=1, step=step)[1])

    assert np.abs(walk.reported - walk.x).max() > 1e-6
    assert curve["metric"].iloc[-1] == pytest.approx(
        problem.metrics(walk.reported[:, None])[1][0], abs=1e-12
    )


def test_what_is_no_number_has_no_accuracy():
    """At weights that are NaN the accuracy is NaN, not the share of the first class."""
    problem = ob.get_problem("digits[hidden=0]")
    points = np.stack([problem.start(1), np.full(problem.dim, np.nan)], axis=1)

    assert [list(np.isnan(part)) for part in problem.metrics(points)] == [[False, True]] * 2


def test_learning_shows():
    """A logistic regression learns what it wasn't shown: over 90 % of the held-out rows."""
    curve = ob.run(["logistic_regression"], ["adam"], lrs=[1e-2], seeds=1, steps=500).curves

    assert curve["metric"].iloc[-1] > 0.9 > curve["metric"].iloc[0]


def test_problems_without_data_have_no_metric():
    """No column where nobody has one; NaN beside problems that have; asking is an error that says
    so.
    """
    bare, mixed = (
        ob.run(names, ["sgd"], seeds=1, steps=10).curves
        for names in (["xor"], ["xor", "linear_regression"])
    )

    assert "metric" not in bare
    assert mixed["metric"].isna().equals(mixed["problem"] == "xor")
    with pytest.raises(ValueError, match="has no metric"):
        ob.get_problem("xor").metrics(np.zeros((9, 1)))


def test_metrics_are_stored_and_older_files_are_read(tmp_path):
    """What a store gives back has the metrics; files from before there were any are read
    without.
    """
    import pyarrow.parquet as pq

    asked = {"optimizers": ["sgd"], "lrs": [0.1], "seeds": 1, "steps": 10}
    computed = ob.run(["linear_regression"], store=tmp_path, **asked).curves
    (file,) = tmp_path.glob("*.parquet")
    stored = ob.load(tmp_path).curves
    pq.write_table(pq.read_table(file).drop_columns(["metrics", "train_metrics"]), file)

    assert stored.equals(computed)
    assert "metric" not in ob.load(tmp_path).curves
    np.testing.assert_array_equal(ob.load(tmp_path).curves["loss"], computed["loss"])


def test_an_ended_runs_metric_is_its_last_recorded():
    """A run that diverges between two recorded steps has no metric at its end, and none after
    it.
    """
    curve = ob.run(["linear_regression"], ["sgd"], lrs=[30.0], seeds=1, steps=2000).curves
    last = curve.iloc[-1]

    assert curve["step"].max() < 2000
    assert curve["metric"].iloc[:-1].notna().all()
    assert np.isfinite(curve["metric"].iloc[0])
    assert (
        np.isnan(last["metric"])
        or last["step"] in ob.run(["linear_regression"], ["sgd"], seeds=1).curves["step"].to_numpy()
    )


@pytest.mark.parametrize("name", ["breast_cancer", "diabetes", "digits", "iris", "wine"])
def test_tables_are_scikit_learns(name):
    """The files are read as scikit-learn's own loader reads them, to the last bit."""
    from optbench.problems.tables import table
    from sklearn import datasets

    expected = getattr(datasets, f"load_{name}")(
        return_X_y=True, **({"scaled": False} if name == "diabetes" else {})
    )
    for found, part in zip(table(name), expected, strict=True):
        np.testing.assert_array_equal(found, part)
