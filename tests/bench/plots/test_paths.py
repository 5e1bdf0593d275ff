"""Paths are those of the update rule from the start of seed 0."""

import numpy as np
import optbench as ob
import pytest
from drawn_lines import BOWL, chosen, lines
from optbench.bench.plots import paths
from optbench.bench.plots.panels import draw
from optbench.bench.runs import run as running
from optbench.bench.terminal.notices import Notice
from optbench.kernels import registry as optimizers
from optbench.problems import registry as problems


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
    paths.draw(results, ax=ax, problem="rosenbrock", steps=60)

    np.testing.assert_allclose(lines(ax)["sgd"].get_xydata(), expected, rtol=1e-9)


@pytest.mark.parametrize(("asked", "made"), [(60, 60), (1000, 100)])
def test_paths_are_as_long_as_their_title_says(asked, made, ax):
    """As many updates as asked for, and no more than the runs made."""
    results = ob.run(["rosenbrock"], ["adam"], lrs=[1e-3], seeds=1, steps=100)
    drawn = lines(paths.draw(results, ax=ax, steps=asked))

    assert ax.get_title() == f"rosenbrock, first {made} updates"
    assert len(drawn["adam"].get_xydata()) == made + 1


def test_paths_mark_start_and_minimum(results, ax):
    """The start of seed 0 and the minimizers are marked, inside the frame."""
    paths.draw(results, ax=ax, problem="rosenbrock", steps=60)
    found = lines(ax)

    assert found["start"].get_xydata().tolist() == [[-1.2, 1.0]]
    assert found["f*"].get_xydata().tolist() == [[1.0, 1.0]]
    assert all(ax.viewLim.contains(*point) for point in ([-1.2, 1.0], [1.0, 1.0]))


def test_paths_need_two_dimensions(results, ax):
    """A problem of other dimension can't be drawn: a ValueError that names it."""
    with pytest.raises(ValueError, match="quadratic"):
        paths.draw(results, ax=ax, problem=BOWL)


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
    drawn = lines(paths.draw(results, ax=ax))

    assert "sgd" in drawn
    assert "adam" not in drawn


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
        drawn = lines(paths.draw(results, ax=ax))

    assert set(drawn) == {"sgd", "start", "f*"}
