"""Figures: what is drawn are the medians and quartiles of the runs, and nothing that happens to a
run upsets them.
"""

from dataclasses import replace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import optbench as ob
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from optbench.bench.plots import panels
from optbench.bench.plots.curves import loss_curves
from optbench.bench.plots.landscape import landscape
from optbench.bench.plots.panels import draw
from optbench.bench.plots.paths import paths
from optbench.bench.plots.sensitivity import lr_sensitivity
from optbench.bench.plots.style import look
from optbench.bench.plugins import discovery
from optbench.bench.runs import run as running
from optbench.bench.runs.results import Results
from optbench.bench.terminal.notices import Notice
from optbench.kernels import registry as optimizers
from optbench.problems import registry as problems

PLOTS = [loss_curves, lr_sensitivity, paths]
BOWL = "quadratic[condition=10.0]"
LRS = [1e-4, 1e-3, 1e-2, 0.3]
EPS = float(np.finfo(float).eps)


@pytest.fixture(scope="module")
def results():
    """Two optimizers on two problems at four learning rates, of which sgd diverges at some; three
    seeds.
    """
    return ob.run(["rosenbrock", BOWL], ["sgd", "adam"], lrs=LRS, seeds=3, steps=200)


@pytest.fixture
def ax():
    return Figure().subplots()


@pytest.fixture(autouse=True)
def _closed():
    """Figures of pyplot are closed after each test."""
    yield
    plt.close("all")


def lines(ax):
    """The labelled lines of an Axes by the optimizer's name."""
    found = {line.get_label().split(", lr")[0]: line for line in ax.lines}
    return {name: line for name, line in found.items() if not name.startswith("_")}


def crosses(ax):
    """The learning rates marked as diverged, by colour."""
    marks = [line for line in ax.lines if line.get_marker() == "x" and len(line.get_xdata())]
    return {to_hex(line.get_color()): np.asarray(line.get_xdata()).tolist() for line in marks}


def chosen(results, problem, optimizer):
    """The learning rate of an optimizer that a reader expects: least evaluations per solved run,
    else least median gap.
    """
    runs = results.runs[
        (results.runs["problem"] == problem) & (results.runs["optimizer"] == optimizer)
    ]
    costs = {}
    for lr, own in runs.groupby("lr"):
        spent = [
            e if np.isnan(t) else t
            for e, t in zip(
                own["evaluations"], own["evaluations_to_target"].astype(float), strict=True
            )
        ]
        solved = own["evaluations_to_target"].notna().sum()
        costs[lr] = (sum(spent) / solved if solved else np.inf, own["gap"].median())
    return min(costs, key=costs.get)


def gaps_at(results, problem, optimizer, lr, steps):
    """The gap of every seed at `steps`, (seeds, steps): an ended run stays where it was, a diverged
    one is lost.
    """
    minimum = ob.get_problem(problem).minimum
    keys = {"problem": problem, "optimizer": optimizer, "lr": lr}
    runs, curves = (
        frame[np.logical_and.reduce([frame[key] == value for key, value in keys.items()])]
        for frame in (results.runs, results.curves)
    )
    found = []
    for row in runs.itertuples():
        own = curves[curves["seed"] == row.seed].set_index("step")["loss"]
        gaps = [own[own.index <= step].iloc[-1] - minimum for step in steps]
        found.append(
            [
                np.inf if row.status == "diverged" and step >= row.steps else gap
                for step, gap in zip(steps, gaps, strict=True)
            ]
        )
    return np.array(found)


def shown(gaps):
    """Values as they stand on a log axis: no smaller than float64 can tell from f*, lost ones left
    out.
    """
    return np.where(np.isfinite(gaps), np.maximum(gaps, 4 * EPS), np.nan)


# ---------------------------------------------------------------------------------------------- all
# figures


@pytest.mark.parametrize("plot", PLOTS)
def test_a_plot_draws_on_the_axes_it_is_given(plot, results, ax):
    """A plot function draws on `ax` and returns it."""
    assert plot(results, ax=ax) is ax
    assert ax.lines


@pytest.mark.parametrize("plot", PLOTS)
def test_a_plot_makes_axes_of_its_own(plot, results):
    """Without `ax` a plot function returns the Axes of a new figure."""
    one, other = plot(results), plot(results)

    assert one.figure is not other.figure


@pytest.mark.parametrize("plot", PLOTS)
def test_axes_are_labelled(plot, results, ax):
    """Both axes have a label, and the title names the problem: the results' first, if none is
    named.
    """
    plot(results, ax=ax)

    assert ax.get_xlabel()
    assert ax.get_ylabel()
    assert ("rosenbrock" if plot is paths else BOWL) in ax.get_title()


@pytest.mark.parametrize("plot", PLOTS)
def test_every_optimizer_has_one_line(plot, results, ax):
    """Each optimizer of the results has one line under its name."""
    plot(results, ax=ax, problem="rosenbrock")

    assert {"adam", "sgd"} <= set(lines(ax)) <= {"adam", "sgd", "start", "f*"}


def test_an_optimizer_has_one_look(results):
    """An optimizer has the same colour and dashes in all figures, whoever stands beside it."""
    alone = ob.run(["rosenbrock"], ["adam"], lrs=[0.3], seeds=1, steps=20)
    looks = []
    for given in (results, alone):
        for plot in PLOTS:
            line = lines(plot(given, ax=Figure().subplots(), problem="rosenbrock"))["adam"]
            looks.append((to_hex(line.get_color()), line.get_linestyle()))

    assert len(looks) == 6
    assert len(set(looks)) == 1


@pytest.mark.parametrize("plot", [loss_curves, lr_sensitivity])
def test_optimizers_are_told_apart(plot, ax):
    """No two of our optimizers share colour and dashes, nor two variants of one."""
    names = [*discovery.COMMON, "adam[beta1=0.5]", "adam[beta1=0.8]"]
    plot(ob.run([BOWL], names, lrs=[0.01, 0.1], seeds=1, steps=5), ax=ax)
    drawn = {
        (to_hex(line.get_color()), line.get_linestyle(), line.get_marker())
        for line in lines(ax).values()
    }
    every = {
        repr(look(name)) for name in (*ob.list_optimizers(), "adam[beta1=0.5]", "adam[beta1=0.8]")
    }

    assert len(lines(ax)) == len(names)
    assert len(drawn) == len(names)
    assert len(every) == len(ob.list_optimizers()) + 2


# ----------------------------------------------------------------------------------------------
# curves


@pytest.mark.parametrize("problem", ["rosenbrock", BOWL])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_curves_are_medians(results, ax, problem, optimizer):
    """A line of the loss curves is the median over seeds of the gap at each recorded step, at the
    best learning rate.
    """
    lr = chosen(results, problem, optimizer)
    steps = np.unique(results.curves["step"])
    line = lines(loss_curves(results, ax=ax, problem=problem))[optimizer]
    expected = shown(np.median(gaps_at(results, problem, optimizer, lr, steps), axis=0))

    assert f"lr {lr:g}" in line.get_label()
    np.testing.assert_array_equal(line.get_xdata(), steps + 1)
    np.testing.assert_array_equal(line.get_ydata(), expected)


@pytest.mark.parametrize("plot", [loss_curves, lr_sensitivity])
def test_the_median_of_two_seeds_is_their_mean(plot, ax):
    """With two seeds a line stands at the mean of both, the quartiles a quarter of the way from
    either.
    """
    results = ob.run([BOWL], ["sgd"], lrs=[0.5], seeds=2, steps=30)
    one, other = np.sort(results.runs["gap"])
    line = lines(plot(results, ax=ax))["sgd"]
    (band,) = ax.collections
    heights = np.concatenate([path.vertices[:, 1] for path in band.get_paths()])
    places = [np.abs(heights / (one + share * (other - one)) - 1).min() for share in (0.25, 0.75)]

    assert one < other
    assert line.get_ydata()[-1] == pytest.approx((one + other) / 2)
    assert max(places) < 1e-9


@pytest.mark.parametrize("plot", [loss_curves, lr_sensitivity])
def test_half_of_two_seeds_diverged_is_lost(plot, ax):
    """With one of two seeds diverged the median lies between a number and infinity: nothing is
    drawn there.
    """
    found, lost = (
        ob.run([BOWL], ["sgd"], lrs=[lr], seeds=[seed], steps=30).table
        for seed, lr in enumerate((0.1, 5.0))
    )
    lost = lost.set_column(lost.column_names.index("lr"), "lr", found["lr"])
    results = Results([found, lost])
    line = lines(plot(results, ax=ax))["sgd"]

    assert results.runs["status"].tolist() == ["budget", "diverged"]
    assert np.isnan(line.get_ydata()[-1])


def test_curves_have_logarithmic_axes(results, ax):
    """Loss curves are drawn on two log axes, the start among what is seen."""
    loss_curves(results, ax=ax)

    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert ax.get_xlim()[0] <= 1


def test_curves_have_quartile_bands(ax):
    """The band around a line goes from the lower to the upper quartile over seeds."""
    results = ob.run([BOWL], ["sgd"], lrs=[0.5], seeds=5, steps=30)
    steps = np.unique(results.curves["step"])
    gaps = np.sort(shown(gaps_at(results, BOWL, "sgd", 0.5, steps)), axis=0)
    (band,) = loss_curves(results, ax=ax).collections
    corners = {tuple(corner) for path in band.get_paths() for corner in path.vertices}

    assert {
        (step + 1, gap) for row in (1, 3) for step, gap in zip(steps, gaps[row], strict=True)
    } <= corners


def test_a_solved_run_is_carried_on(ax):
    """With stop="target" runs end at different steps; each counts on with its last value."""
    results = ob.run([BOWL], ["sgd"], lrs=[0.8], seeds=3, steps=300, stop="target")
    ends = results.runs["steps"]
    line = lines(loss_curves(results, ax=ax))["sgd"]
    steps = np.asarray(line.get_xdata()) - 1

    assert ends.nunique() > 1, "all runs end together: the test is void"
    np.testing.assert_array_equal(
        line.get_ydata(), shown(np.median(gaps_at(results, BOWL, "sgd", 0.8, steps), axis=0))
    )


def test_a_diverged_run_is_carried_on_as_lost(ax):
    """Where at least half of the seeds have diverged the line ends."""
    results = ob.run([BOWL], ["sgd"], lrs=[5.0], seeds=3, steps=100)
    last = sorted(results.runs["steps"])[1]
    line = lines(loss_curves(results, ax=ax))["sgd"]
    steps = np.asarray(line.get_xdata()) - 1

    assert (results.runs["status"] == "diverged").all()
    np.testing.assert_array_equal(np.isfinite(line.get_ydata()), steps < last)


def test_curves_without_minimum_show_the_loss(ax):
    """Where f* is unknown the loss itself is drawn, and the axis says so."""
    results = ob.run(
        [replace(ob.get_problem(BOWL), minimum=None)], ["sgd"], lrs=[0.1], seeds=1, steps=30
    )
    line = lines(loss_curves(results, ax=ax))["sgd"]

    assert "f*" not in ax.get_ylabel()
    np.testing.assert_array_equal(line.get_ydata(), results.curves["loss"])


# ----------------------------------------------------------------------------------------------
# sensitivity


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_sensitivity_shows_median_gaps(results, ax, optimizer):
    """A line of the sensitivity is the median final gap over seeds at each learning rate, none
    where it is lost.
    """
    runs = results.runs[
        (results.runs["problem"] == "rosenbrock") & (results.runs["optimizer"] == optimizer)
    ]
    gaps = runs["gap"].where(runs["status"] != "diverged", np.inf)
    expected = [np.median(gaps[runs["lr"] == lr]) for lr in LRS]
    line = lines(lr_sensitivity(results, ax=ax, problem="rosenbrock"))[optimizer]

    np.testing.assert_array_equal(line.get_xdata(), LRS)
    np.testing.assert_array_equal(line.get_ydata(), shown(np.array(expected)))


def test_diverged_learning_rates_are_marked(results, ax):
    """Learning rates at which at least half of the seeds diverged carry a cross in the optimizer's
    colour, no others.
    """
    lr_sensitivity(results, ax=ax, problem="rosenbrock")
    runs = results.runs[results.runs["problem"] == "rosenbrock"]
    lost = (runs["status"] == "diverged").groupby(
        [runs["optimizer"].astype(str), runs["lr"]]
    ).mean() >= 0.5
    expected = {
        to_hex(line.get_color()): lost[name][lost[name]].index.tolist()
        for name, line in lines(ax).items()
    }
    expected = {colour: lrs for colour, lrs in expected.items() if lrs}

    assert expected, "nothing diverged: the test is void"
    assert crosses(ax) == expected


def test_crosses_are_seen(results, ax):
    """The crosses lie inside the frame, none on another."""
    lr_sensitivity(results, ax=ax, problem="rosenbrock")
    marks = [line for line in ax.lines if line.get_marker() == "x"]
    places = [
        point for line in marks for point in line.get_transform().transform(line.get_xydata())
    ]
    inside = ax.transAxes.inverted().transform(places)

    assert ((inside >= 0) & (inside <= 1)).all()
    assert len({tuple(place) for place in inside}) == len(places)


def test_sensitivity_has_quartile_bands(ax):
    """The band around a line goes from the lower to the upper quartile over seeds."""
    results = ob.run([BOWL], ["sgd"], lrs=[0.01, 0.1], seeds=5, steps=30)
    (band,) = lr_sensitivity(results, ax=ax).collections
    corners = {tuple(corner) for path in band.get_paths() for corner in path.vertices}
    gaps = {lr: np.sort(own["gap"]) for lr, own in results.runs.groupby("lr")}

    assert {(lr, own[row]) for lr, own in gaps.items() for row in (1, 3)} <= corners


# ----------------------------------------------------------------------------------------------
# paths


def test_paths_are_those_of_a_plain_loop(results, ax):
    """The path of sgd at its best learning rate is that of a plain loop from the start of seed
    0.
    """
    lr = chosen(results, "rosenbrock", "sgd")
    x = np.array([-1.2, 1.0])
    expected = [x]
    for _ in range(60):
        a, b = x
        x = x - lr * np.array([-400 * a * (b - a**2) - 2 * (1 - a), 200 * (b - a**2)])
        expected.append(x)
    paths(results, ax=ax, problem="rosenbrock", steps=60)

    np.testing.assert_allclose(lines(ax)["sgd"].get_xydata(), expected, rtol=1e-9)


@pytest.mark.parametrize(("asked", "made"), [(60, 60), (1000, 100)])
def test_paths_are_as_long_as_their_title_says(asked, made, ax):
    """As many updates as asked for, and no more than the runs made."""
    results = ob.run(["rosenbrock"], ["adam"], lrs=[1e-3], seeds=1, steps=100)
    drawn = lines(paths(results, ax=ax, steps=asked))

    assert ax.get_title() == f"rosenbrock, first {made} updates"
    assert len(drawn["adam"].get_xydata()) == made + 1


def test_paths_mark_start_and_minimum(results, ax):
    """The start of seed 0 and the minimizers are marked, inside the frame."""
    paths(results, ax=ax, problem="rosenbrock", steps=60)
    found = lines(ax)

    assert found["start"].get_xydata().tolist() == [[-1.2, 1.0]]
    assert found["f*"].get_xydata().tolist() == [[1.0, 1.0]]
    assert all(ax.viewLim.contains(*point) for point in ([-1.2, 1.0], [1.0, 1.0]))


def test_paths_need_two_dimensions(results, ax):
    """A problem of other dimension can't be drawn: a ValueError that names it."""
    with pytest.raises(ValueError, match="quadratic"):
        paths(results, ax=ax, problem=BOWL)


def test_a_failed_optimizer_has_no_path(ax, monkeypatch):
    """An optimizer whose runs failed isn't drawn, the others are."""
    compute = running.compute

    def failing(block):
        return (
            running.Done(block, None, "error") if block.optimizer.name == "adam" else compute(block)
        )

    monkeypatch.setattr(running, "compute", failing)
    with pytest.warns(Notice, match="failed: adam on rosenbrock, 1 run: error"):
        results = ob.run(["rosenbrock"], ["adam", "sgd"], lrs=[1e-3], seeds=1, steps=10)
    drawn = lines(paths(results, ax=ax))

    assert "sgd" in drawn
    assert "adam" not in drawn


# ---------------------------------------------------------------------------------------------- odd
# results

ODD = {
    "one step": {"steps": 1},
    "one run": {"seeds": 1, "lrs": [1e-3], "dtype": "float32"},
    "all diverged": {"optimizers": ["sgd"], "lrs": [1.0, 10.0]},
    "diverged at once": {"optimizers": ["sgd"], "lrs": [1e6]},
    "diverged late": {"optimizers": ["sgd"], "lrs": [5e-3], "steps": 1000},
    "exactly solved": {"problems": [BOWL, "rosenbrock"], "lrs": [1.0], "steps": 2000},
}


@pytest.mark.parametrize("given", ODD.values(), ids=ODD)
def test_odd_results_are_drawn(given, tmp_path):
    """Whatever happens to the runs, every figure is drawn, without an error or a warning."""
    asked = {
        "problems": ["rosenbrock"],
        "optimizers": ["sgd", "adam"],
        "lrs": LRS,
        "seeds": 2,
        "steps": 100,
        **given,
    }
    files = list(draw(ob.run(**asked), tmp_path))

    assert [file.name for file in files] == ["curves.png", "sensitivity.png", "paths.png"]


@pytest.mark.parametrize(
    "level", [None, 0.0, 1e9], ids=["unknown minimum", "no minimizers", "minimum above all"]
)
def test_odd_problems_are_drawn(level, tmp_path):
    """Every figure is drawn for a problem without f* or minimizers, or one whose f* no run
    exceeds.
    """
    odd = replace(ob.get_problem("rosenbrock"), minimum=level, minimizers=None)
    files = list(draw(ob.run([odd], ["sgd", "adam"], lrs=LRS, seeds=2, steps=100), tmp_path))

    assert len(files) == 3


VARIANTS = {
    "schedule": ({"schedule": "constant"}, {"schedule": "exponential"}),
    "dtype": ({"dtype": "float64"}, {"dtype": "float32"}),
    "steps": ({"steps": 20}, {"steps": 50}),
}


@pytest.mark.parametrize("variants", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize("plot", PLOTS)
def test_variants_are_lines_of_their_own(plot, variants, ax):
    """Runs of one optimizer that differ in schedule, dtype or steps are two lines, each as if drawn
    alone.
    """
    asked = {
        "problems": ["rosenbrock"],
        "optimizers": ["sgd"],
        "lrs": [1e-4, 1e-3],
        "seeds": 3,
        "steps": 50,
    }
    parts = [ob.run(**{**asked, **words}).table for words in variants]
    together = [
        line.get_ydata()
        for name, line in lines(plot(Results(parts), ax=ax)).items()
        if name.startswith("sgd")
    ]
    alone = [
        lines(plot(Results([part]), ax=Figure().subplots()))["sgd"].get_ydata() for part in parts
    ]

    assert sorted(map(tuple, together)) == sorted(map(tuple, alone))


# ----------------------------------------------------------------------------------------------
# files


def test_draw_writes_pictures(results, tmp_path):
    """draw() writes PNG files of some size into a folder that it makes, and yields their paths."""
    files = list(draw(results, tmp_path / "new" / "folder"))
    sizes = [plt.imread(file).shape for file in files]

    assert [file.relative_to(tmp_path).as_posix() for file in files] == [
        f"new/folder/{name}.png" for name in ("curves", "sensitivity", "paths")
    ]
    assert all(height >= 300 and width >= 400 for height, width, _ in sizes)


def test_draw_has_a_panel_for_each_problem(results, tmp_path):
    """More problems make a larger picture: one panel each."""
    one = ob.run([BOWL], ["sgd"], lrs=[0.1], seeds=1, steps=20)
    (small,), (large,) = (
        list(draw(one, tmp_path / "one", ["curves"])),
        list(draw(results, tmp_path / "two", ["curves"])),
    )

    assert plt.imread(large).shape[1] > plt.imread(small).shape[1]


def test_draw_leaves_out_what_has_no_problem(tmp_path):
    """Without a two-dimensional problem there are no paths."""
    results = ob.run([BOWL], ["sgd"], lrs=[0.1], seeds=1, steps=20)

    assert [file.name for file in draw(results, tmp_path)] == ["curves.png", "sensitivity.png"]


def test_draw_leaves_the_host_alone(results, tmp_path):
    """Drawing changes no setting of the host's matplotlib and leaves no figure open in pyplot."""
    with mpl.rc_context():
        mpl.rcdefaults()
        before, open_figures = dict(mpl.rcParams), plt.get_fignums()
        list(draw(results, tmp_path, ["curves"]))

        assert dict(mpl.rcParams) == before
        assert plt.get_fignums() == open_figures


def test_a_folder_that_cannot_be_written_is_named(results, tmp_path):
    """A folder below a regular file raises a ValueError that names the figure."""
    (tmp_path / "file").write_text("a regular file")

    with pytest.raises(ValueError, match=r"file/figures/curves\.png.*can't be written"):
        list(draw(results, tmp_path / "file" / "figures"))


# ----------------------------------------------------------------------------------------------
# many optimizers


def test_crowded_figures_show_the_leaders(tmp_path, monkeypatch):
    """Beyond MOST optimizers a figure has the first of the leaderboard; with fewer, all."""
    monkeypatch.setattr(panels, "MOST", 2)
    results = ob.run(
        [BOWL], ["sgd", "adam", "momentum", "signsgd"], lrs=[0.01, 0.1], seeds=1, steps=300
    )
    shown = panels.leading(results)

    assert sorted(shown.runs["optimizer"].unique()) == sorted(
        results.leaderboard()["optimizer"].head(2)
    )
    assert panels.leading(shown) is shown


def test_a_problem_whose_plugin_is_gone_is_left_out_of_paths(tmp_path):
    """Paths are drawn of the problems that are known; one that isn't any more costs only itself."""

    @ob.problem
    def gone_probe():
        return ob.Problem(lambda x, g: 0.0, np.zeros(2), 0.1, 5, "a test", minimum=0.0)

    results = ob.run(["gone_probe", "rosenbrock"], ["sgd"], lrs=[0.001], seeds=1, steps=5)
    problems._registry.pop("gone_probe")

    assert [file.name for file in draw(results, tmp_path, ["paths"])] == ["paths.png"]


def test_a_rule_whose_plugin_is_gone_has_no_path(ax):
    """Paths are drawn of the rules that are known; one that isn't any more costs only itself, and a
    notice names it.
    """

    @ob.optimizer
    def gone_rule(x, g, lr=0.1):
        """A test's rule (2000). lr : units of x."""
        return x - lr * g

    results = ob.run(["rosenbrock"], ["gone_rule", "sgd"], lrs=[1e-3], seeds=1, steps=5)
    optimizers._registry.pop("gone_rule")
    with pytest.warns(Notice, match=r"no path of gone_rule: its plugin isn't loaded"):
        drawn = lines(paths(results, ax=ax))

    assert set(drawn) == {"sgd", "start", "f*"}


# ----------------------------------------------------------------------------------------------
# landscapes


def test_a_landscape_of_two_dimensions_holds_starts_and_minima(ax):
    """Contours of the gap with the start of seed 0, further starts and every minimizer inside the
    frame.
    """
    problem = ob.get_problem("rosenbrock")
    landscape(problem, ax)
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert problem.minimizers is not None
    points = [*problem.starts(range(20)).T, *problem.minimizers]

    assert all(low < x < high and bottom < y < top for x, y in points)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "further starts",
        "start of seed 0",
        "minimum",
    ]
    np.testing.assert_allclose(lines(ax)["minimum"].get_xydata(), problem.minimizers)
    assert ax.get_xlabel() == "x[0]"


@pytest.mark.parametrize(
    ("name", "goal"), [("quadratic", "minimum"), ("xor", "point a gradient step away")]
)
def test_a_landscape_of_more_dimensions_is_a_plane(name, goal, ax):
    """The plane leads from the start to the minimum, or along the gradient where none is known."""
    landscape(ob.get_problem(name), ax)

    assert ax.get_xlabel() == f"from the start (0) to the {goal} (1)"
    np.testing.assert_array_equal(lines(ax)["start of seed 0"].get_xydata(), [[0, 0]])
    assert ("minimum" in lines(ax)) == (goal == "minimum")


def test_a_landscape_shows_the_gap():
    """What is drawn is log10 of the gap: its values at the frame's corners are among the levels."""
    figure = Figure()
    ax = figure.subplots()
    problem = ob.get_problem("quadratic[dim=2]")
    landscape(problem, ax)
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    corners = (
        problem.values(np.array([[low, low, high, high], [bottom, top, bottom, top]]))
        - problem.minimum
    )
    levels = ax.collections[0].levels

    assert levels.min() < np.log10(corners).min()
    assert levels.max() >= np.log10(corners).max() - 0.1
