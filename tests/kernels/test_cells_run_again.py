"""What a session binds anew, a cell that is run again, counts at the next run."""

import optbench as ob
import pytest
from optbench.bench.plugins import discovery


SESSION = """
import numba
import optbench as ob

GAIN = 1.0

@numba.njit
def deepest(g):
    return GAIN * g

@numba.njit
def push(g):
    return deepest(g)

@ob.optimizer
def session_rule(x, g, lr=0.1):
    "A test's rule (2000). lr : units of x."
    return x - lr * push(g)
"""
CELLS = {
    "a helper's constant": "GAIN = 0.5",
    "a helper's helper": "@numba.njit\ndef deepest(g):\n    return 0.5 * g",
    "a helper": "@numba.njit\ndef push(g):\n    return 0.5 * g",
}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_cell_that_is_run_again_counts_at_once(cell):
    """In a session a helper or a constant is bound anew while the rule's own cell isn't run again:
    the next run uses it.
    """
    space = {"__name__": "__main__"}
    exec(SESSION, space)
    x0 = ob.get_problem("quadratic").start(0)

    def step():
        return ob.get_optimizer("session_rule").start(x0).step(x0)

    first = step()
    exec(cell, space)
    second = step()

    assert first == pytest.approx(0.9 * x0)
    assert second == pytest.approx(0.95 * x0)


def test_a_formula_s_cell_that_is_run_again_counts_at_once(tmp_path):
    """The same of a problem's formula: its losses and its targets are the new ones, of an object
    made before too.
    """
    space = {"__name__": "__main__"}
    exec(
        "import numba, numpy as np, optbench as ob\n@numba.njit\ndef scale():\n    return 1.0\ndef"
        " loss(x, g):\n    g[:] = 2.0 * scale() * x\n    return scale() * (x * x).sum()\nprob ="
        " ob.Problem(loss, np.full(2, 3.0), 0.1, 10, 'a test', minimum=0.0,"
        " family='session_bowl')\n",
        space,
    )
    before = space["prob"].value_and_grad([1.0, 1.0])[0], space["prob"].targets[0]
    exec("@numba.njit\ndef scale():\n    return 10.0\n", space)
    after = space["prob"].value_and_grad([1.0, 1.0])[0], space["prob"].targets[0]

    assert before == pytest.approx((2.0, 1.8))
    assert after == pytest.approx((20.0, 18.0))


def test_a_maker_s_constant_that_is_bound_anew_makes_another_problem():
    """A problem asked for by name is made again once what its maker reads is another."""
    space = {"__name__": "__main__"}
    exec(
        "import numpy as np, optbench as ob\n"
        "START = 3.0\n"
        "@ob.problem\ndef session_start():\n"
        "    def loss(x, g):\n        g[:] = 2.0 * x\n        return (x * x).sum()\n"
        "    return ob.Problem(loss, np.full(2, START), 0.0, 10, 'a test', minimum=0.0)\n",
        space,
    )
    before = ob.get_problem("session_start").start(0)[0]
    assert ob.get_problem("session_start") is ob.get_problem("session_start")
    space["START"] = 4.0

    assert (before, ob.get_problem("session_start").start(0)[0]) == (3.0, 4.0)


PANDAS = """
import numpy as np
import optbench as ob
import pandas as pd

TABLE = pd.DataFrame({{"x": [0.0, 1.0, 2.0, 3.0], "y": [1.0, 3.0, 5.0, {last}]}})


@ob.problem
def from_table():
    return ob.dense_problem(
        [1, 1], "identity", "mean_squared_error", TABLE[["x"]].to_numpy(), TABLE[["y"]].to_numpy(),
        source="a test's line (2000)", budget=50, minimum=0.0,
    )
"""


def test_a_maker_that_reads_a_data_frame_is_computed_once(tmp_path):
    """Runs of a problem made of a DataFrame are found again; other numbers in it are other runs."""
    from optbench.bench.runs.run import execute
    from optbench.bench.sweep.request import Request
    from optbench.bench.sweep.sweep import plan

    def outcome(last):
        file = tmp_path / "from_table.py"
        file.write_text(PANDAS.format(last=last))
        discovery.load_file(file)
        words = {"problems": ["from_table"], "optimizers": ["sgd"], "lrs": [0.1], "seeds": 2}
        done = execute(plan(Request(**words)), store=tmp_path / "runs")
        return done.computed, done.superseded

    assert [outcome(7.0), outcome(7.0), outcome(8.0), outcome(7.0)] == [
        (2, 0),
        (0, 0),
        (2, 2),
        (0, 0),
    ]
