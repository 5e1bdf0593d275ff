"""Figures are drawn whatever MPLBACKEND says: a notebook's value goes on to processes of other
environments.
"""

import os
import subprocess
import sys

import pytest

DRAW = """
import numpy as np
from optbench.bench.plots import panels
from optbench.bench.plots.landscape import landscape
from optbench.bench.plugins import discovery
problem = discovery.get_problem("beale")
print(panels.draw_landscape(problem, "figures"), landscape(problem).get_xlabel() != "")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "backend",
    ["module://matplotlib_inline.backend_inline", "module://no_such_module", "nonsense", "agg"],
)
def test_figures_are_drawn_with_any_backend(backend, tmp_path, python):
    """A backend of another environment, one that isn't there and one that is none: files and axes
    are made all the same.
    """
    assert python(DRAW, cwd=tmp_path, MPLBACKEND=backend) == "figures/landscape-beale.png True\n"
    assert (tmp_path / "figures" / "landscape-beale.png").stat().st_size > 1000


def test_a_backend_that_is_there_is_left_to_the_host(python):
    """Who chose a backend keeps it; one that isn't there isn't put in its place."""
    code = (
        "import optbench.bench.plots, matplotlib, os; print(matplotlib.get_backend(),"
        " os.environ['MPLBACKEND'])"
    )

    assert python(code, MPLBACKEND="svg") == "svg svg\n"
    assert python(code, MPLBACKEND="nonsense") == "agg nonsense\n"


@pytest.mark.slow
def test_commands_draw_with_any_backend(tmp_path):
    """`optbench run` leaves its figures under Jupyter's MPLBACKEND."""
    arguments = [
        "run",
        "-p",
        "quadratic",
        "-o",
        "sgd",
        "--seeds",
        "1",
        "--steps",
        "5",
        "--out",
        str(tmp_path),
    ]
    environment = {**os.environ, "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    done = subprocess.run(
        [sys.executable, "-m", "optbench", *arguments],
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "figures" / "curves.png").exists()
