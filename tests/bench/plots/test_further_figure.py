"""A file in bench/plots/ is all that a figure takes."""

import sys

import optbench as ob
import pytest
from optbench.bench import plots
from optbench.bench.plots.panels import draw
from optbench.bench.plugins import figures

HEIGHTS = '''
"""Heights: the final loss of every run, one dot a run.

Nobody needs it.
"""

from matplotlib.axes import Axes

from optbench.bench.plots.style import axes
from optbench.bench.runs.results import Results

NAME = "heights"
PLACE = 15


def fits(problem: str) -> bool:
    """Whatever can be climbed."""
    return problem == "rosenbrock"


def draw(results: Results, ax: Axes | None = None, problem: str | None = None) -> Axes:
    """Draw a dot a run."""
    ax = axes(ax)
    runs = results.runs[results.runs["problem"] == problem]
    ax.plot(runs["seed"], runs["final_loss"], "o", label="height")
    ax.set(xlabel="seed", ylabel="final loss", title=problem)
    return ax
'''
COMMANDS = """
import contextlib
from optbench.bench import plots

plots.__path__.append({folder!r})
from optbench.bench.cli.main import main

for command in {commands}:
    with contextlib.suppress(SystemExit):
        main(command)
"""


@pytest.fixture
def folder(tmp_path):
    """A folder whose files are taken for files of bench/plots/, with one figure in it."""
    folder = tmp_path / "further"
    folder.mkdir()
    (folder / "heights.py").write_text(HEIGHTS)
    return folder


@pytest.fixture
def added(folder):
    """The folder's figure beside ours."""
    plots.__path__.append(str(folder))
    yield folder
    plots.__path__.remove(str(folder))
    sys.modules.pop(f"{plots.__name__}.heights", None)


@pytest.mark.usefixtures("added")
def test_a_further_file_is_drawn(tmp_path):
    """Every sweep draws the figure at its place, of the problems that it fits."""
    results = ob.run(["rosenbrock", "quadratic"], ["sgd"], lrs=[1e-3], seeds=1, steps=5)
    named, every = (list(draw(results, tmp_path, names)) for names in (["heights"], None))

    assert [file.name for file in named] == ["heights.png"]
    assert [file.stem for file in every if file.stem in ("curves", "heights", "paths")] == [
        "curves",
        "heights",
        "paths",
    ]


@pytest.mark.usefixtures("added")
def test_a_further_file_says_what_it_shows():
    """What a figure shows is the first paragraph of its file."""
    assert (
        figures.found()["heights"].about == "Heights: the final loss of every run, one dot a run."
    )


def test_two_files_of_one_name_are_named(added):
    """Two files that say the same NAME raise a ValueError that names both."""
    (added / "depths.py").write_text(HEIGHTS)

    with pytest.raises(ValueError, match=r"called 'heights': .*plots\.depths and .*plots\.heights"):
        figures.found()


def test_the_command_draws_a_further_file(folder, tmp_path, python):
    """`optbench plot` lists the figure, takes its name and draws it."""
    stored = str(tmp_path / "runs")
    ob.run(["rosenbrock"], ["sgd"], lrs=[1e-3], seeds=1, steps=5, store=stored)
    drawing = ["plot", "heights", "--from", stored, "--out", str(tmp_path)]
    code = COMMANDS.format(folder=str(folder), commands=[["plot", "--help"], drawing])
    text = python(code, COLUMNS="200")

    choices = text[text.index("{") + 1 : text.index("}")].split("|")

    assert "heights" in choices
    assert "heights      Heights: the final loss of every run, one dot a run." in text
    assert f"figures in {tmp_path}/heights.png" in text
    assert (tmp_path / "heights.png").stat().st_size > 1000


def test_the_help_loads_no_figure(python):
    """`optbench --help` names the figures without matplotlib and Numba."""
    code = (
        "import sys; from optbench.bench.cli.main import main\n"
        "try: main(['plot', '--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'matplotlib', 'numba', 'numpy', 'pandas'} & set(sys.modules)))"
    )

    assert python(code).endswith("[]\n")
