"""The cliff: down an exponential wall of 5e8, then along a valley floor that is almost level."""

from math import log

import numpy as np

from ...kernels.elementary import exp
from ..problem import Problem
from ..registry import problem


def exponential_wall(x, g, loss):
    """((a - 3) / 100)**2 - (a - b) + e**(20 (a - b)) with (a, b) = x."""
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        left, apart = 0.01 * (a - 3.0), a - b
        height = exp(20.0 * apart)
        loss[lane] = left * left - apart + height
        steep = 20.0 * height - 1.0
        g[0, lane] = 0.02 * left + steep
        g[1, lane] = -steep


@problem
def cliff():
    """The cliff function of two variables.

    Buckley (1989), Test functions for unconstrained minimization, TR 1989CS-3, Dalhousie
    University, problem 206; CLIFF in CUTEst. The start's gradient of 1e10 is thirteen orders above
    the slope of the floor, 6e-4: a rule that keeps it in a running mean all but stops there. The
    second target is met on the floor at a = 0, the last at a = 2.6.
    """
    return Problem(
        formula=exponential_wall,
        center=np.array([0.0, -1.0]),
        spread=0.1,
        budget=5000,
        source=(
            "Buckley (1989), Test functions for unconstrained minimization, TR 1989CS-3, Dalhousie"
            " University, problem 206"
        ),
        minimum=0.05 * (1.0 + log(20.0)),
        minimizers=np.array([[3.0, 3.0 + 0.05 * log(20.0)]]),
        levels=(1.0, 0.2008, 0.1998),
        least_loss="0.19978661",
    )
