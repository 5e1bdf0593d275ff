"""What every figure does, whatever happened to the runs."""

from dataclasses import replace

import numpy as np
import optbench as ob
import pytest
from drawn_lines import BOWL, LRS, lines
from matplotlib.figure import Figure
from optbench.bench.plots import curves, paths, sensitivity
from optbench.bench.plots.panels import draw, load
from optbench.bench.plugins import figures
from optbench.bench.runs.results import Results

EVERY = {name: load(name) for name in figures.found()}
PLOTS = {name: figure.draw for name, figure in EVERY.items() if figure.fits("rosenbrock")}
LINES = {own.NAME: own.draw for own in (curves, sensitivity, paths)}
BANDS = {own.NAME: own.draw for own in (curves, sensitivity)}


def files_of(*problems):
    """The files of all figures that can show one of these problems."""
    return [f"{name}.png" for name, own in EVERY.items() if any(map(own.fits, problems))]


def test_figures_are_found():
    """The figures of this folder are found by their files, in the order in which they are drawn;
    what they share and figures of other things than runs aren't among them.
    """
    names = list(EVERY)

    assert [name for name in names if name in LINES] == ["curves", "sensitivity", "paths"]
    assert not {"style", "contours", "panels", "history", "landscape"} & set(names)
    assert all(own.about for own in figures.found().values())


@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)
def test_a_plot_draws_on_the_axes_it_is_given(plot, results, ax):
    """A plot function draws on `ax` and returns it."""
    assert plot(results, ax=ax) is ax
    assert ax.has_data()


@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)
def test_a_plot_makes_axes_of_its_own(plot, results):
    """Without `ax` a plot function returns the Axes of a new figure."""
    one, other = plot(results), plot(results)

    assert one.figure is not other.figure


@pytest.mark.parametrize("name", PLOTS)
def test_axes_are_labelled(name, results, ax):
    """Both axes have a label, and the title names the problem: the results' first that the figure
    can show, if none is named.
    """
    shown = next(filter(EVERY[name].fits, (BOWL, "rosenbrock")))
    PLOTS[name](results, ax=ax)

    assert ax.get_xlabel()
    assert ax.get_ylabel()
    assert shown in ax.get_title()


@pytest.mark.parametrize("plot", LINES.values(), ids=LINES)
def test_every_optimizer_has_one_line(plot, results, ax):
    """Each optimizer of the results has one line under its name."""
    plot(results, ax=ax, problem="rosenbrock")

    assert {"adam", "sgd"} <= set(lines(ax)) <= {"adam", "sgd", "start", "f*"}


@pytest.mark.parametrize("plot", BANDS.values(), ids=BANDS)
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


@pytest.mark.parametrize("plot", BANDS.values(), ids=BANDS)
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

    assert [file.name for file in files] == files_of(*asked["problems"])


@pytest.mark.parametrize(
    "level", [None, 0.0, 1e9], ids=["unknown minimum", "no minimizers", "minimum above all"]
)
def test_odd_problems_are_drawn(level, tmp_path):
    """Every figure is drawn for a problem without f* or minimizers, or one whose f* no run
    exceeds.
    """
    odd = replace(ob.get_problem("rosenbrock"), minimum=level, minimizers=None)
    files = list(draw(ob.run([odd], ["sgd", "adam"], lrs=LRS, seeds=2, steps=100), tmp_path))

    assert [file.name for file in files] == files_of("rosenbrock")


VARIANTS = {
    "schedule": ({"schedule": "constant"}, {"schedule": "exponential"}),
    "dtype": ({"dtype": "float64"}, {"dtype": "float32"}),
    "steps": ({"steps": 20}, {"steps": 50}),
}


@pytest.mark.parametrize("variants", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize("plot", LINES.values(), ids=LINES)
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
    parts = [ob.run(**{**asked, **options}).table for options in variants]
    together = [
        line.get_ydata()
        for name, line in lines(plot(Results(parts), ax=ax)).items()
        if name.startswith("sgd")
    ]
    alone = [
        lines(plot(Results([part]), ax=Figure().subplots()))["sgd"].get_ydata() for part in parts
    ]

    assert sorted(map(tuple, together)) == sorted(map(tuple, alone))
