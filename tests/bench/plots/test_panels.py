"""The files of figures: a panel a problem, written where they are asked for."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import optbench as ob
import pytest
from drawn_lines import BOWL
from optbench.bench.plots import panels
from optbench.bench.plots.panels import draw


def test_draw_writes_pictures(results, tmp_path):
    """draw() writes PNG files of some size into a folder that it makes, and yields their paths."""
    files = list(draw(results, tmp_path / "new" / "folder", ["curves", "paths"]))
    sizes = [plt.imread(file).shape for file in files]

    assert [file.relative_to(tmp_path).as_posix() for file in files] == [
        f"new/folder/{name}.png" for name in ("curves", "paths")
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

    files = [file.name for file in draw(results, tmp_path)]

    assert {"curves.png", "sensitivity.png"} <= set(files)
    assert "paths.png" not in files


def test_an_unknown_figure_is_named(results, tmp_path):
    """A name that is no figure's raises a ValueError that lists those that there are."""
    with pytest.raises(ValueError, match=r"unknown figure 'curve'; there are curves, "):
        list(draw(results, tmp_path, ["curve"]))


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
