"""Reddi, Kale & Kumar's linear functions on an interval: most gradients point the wrong way, a rare
large one the right way.
"""

import numpy as np

from ...kernels.grammar import InputError
from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem


def rare_slopes(x, g, loss, data, step):
    """sum over i of slope x[i] at every period-th step and -x[i] at the others, on average over the
    steps mean * x[i].

    data : slope, period, mean. x[i] has its slope where (step + i) % period is 1; the last one has
    the mean at each step.
    """
    n, lanes = x.shape
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(n):
        fed = data[2]
        if step > 0 and i < n - 1:
            fed = data[0] if (step + i) % int(data[1]) == 1 else -1.0
        for lane in range(lanes):
            g[i, lane] = fed
            loss[lane] += fed * x[i, lane]


def into_box(x):
    """Each coordinate into [-1, 1]; NaN stays."""
    for i in range(x.size):
        if x[i] > 1.0:
            x[i] = 1.0
        elif x[i] < -1.0:
            x[i] = -1.0


@problem(variants=[{"slope": 10.0, "period": 10}])
def amsgrad_counterexample(dim=20, slope=3.0, period=3):
    """Linear functions of x in [-1, 1]**dim that change from step to step, with their minimum on
    average at -1.

    Reddi, Kale & Kumar (2018), arXiv:1904.09237, Theorem 1: f_t(x) = slope x where t mod 3 = 1,
    else -x. Adam with beta1 = 0 and beta2 = 1 / (1 + slope**2) divides the rare large gradient by a
    root that this gradient itself has raised, and goes to +1, the worst point; AMSGrad and SGD go
    to -1, and Adam with its usual settings too. With slope = period = 10 RMSprop's decay of 0.9 is
    short enough to fail. With a constant lr SGD keeps straying up to (period - 1) * lr from -1.
    Coordinates take turns: else one large step would bring all to -1 at once. The last one has the
    average gradient at each step: without it, climbing by the sign of g would end in the minimum.
    """
    if dim < 2 or period < 2 or slope <= period - 1:
        raise InputError(
            f"amsgrad_counterexample[dim={dim},period={period},slope={slope}]: dim and period must"
            " be at least 2, slope more than period - 1"
        )
    mean = (slope - (period - 1)) / period
    return Problem(
        formula=rare_slopes,
        center=np.zeros(dim),
        spread=0.1,
        budget=2000,
        source="Reddi, Kale & Kumar (2018), arXiv:1904.09237, Theorem 1",
        minimum=-dim * mean,
        minimizers=None,  # -1 in each coordinate, at the border: the gradient isn't zero there
        taus=(1e-1, 3e-2, 1e-2),
        data_set=DataSet(np.array([slope, period, mean])),
        kind="noisy",
        noisy=True,
        project=into_box,
    )
