"""A pit in a plateau: far out the slope is an exponentially small trace of the way."""

import numpy as np

from ...kernels.grammar import InputError
from ...kernels.network.activations import sigmoid
from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem


def pit(x, g, loss, data):
    """sigmoid(s (a**2 + b**2 - 1)) - sigmoid(-s) with (a, b) = x; data : s."""
    s = data[0]
    floor = sigmoid(-s)
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        z = s * (a * a + b * b - 1.0)
        height = sigmoid(z)
        slope = 2.0 * s * height * sigmoid(-z)  # 1 - height would be 0 from z = 37 on
        loss[lane] = height - floor
        g[0, lane] = slope * a
        g[1, lane] = slope * b


@problem(
    variants=[{"sharpness": 8.0}],
    ladder=[{"sharpness": sharpness} for sharpness in (2.0, 4.0, 8.0)],
)
def plateau(sharpness=4.0):
    """A pit in a plateau: the logistic function of `sharpness` times x'x - 1, from (1.5, 1.5).

    HeavyBall (github.com/HomebrewML/HeavyBall), benchmark/plateau_navigation.py. Up there the
    gradient falls with e**(-3.5 sharpness): 1e-5 for 4, 1e-11 for 8. Only its direction shows where
    the minimum is, not its size.
    """
    if not 0.01 <= sharpness <= 20.0:
        raise InputError(f"plateau[sharpness={sharpness}]: sharpness must lie between 0.01 and 20")
    return Problem(
        formula=pit,
        center=np.array([1.5, 1.5]),
        spread=0.1,
        budget=1000,
        source="HeavyBall (github.com/HomebrewML/HeavyBall), benchmark/plateau_navigation.py",
        data_set=DataSet(np.array([sharpness])),
        minimum=0.0,
        minimizers=np.zeros((1, 2)),
        taus=(1e-1, 1e-3, 1e-6),
    )
