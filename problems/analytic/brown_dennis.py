"""The function of Brown and Dennis: fourth powers of large residuals, so that f* is large and steps
are not.
"""

import numpy as np

from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem

T = np.arange(1, 21) / 5


def fourth_powers(x, g, loss, data):
    """sum over t = 0.2 ... 4 of ((a + t b - e**t)**2 + (c + d sin t - cos t)**2)**2, (a, b, c, d) =
    x.

    data : the twenty t, then e**t, sin t and cos t of each.
    """
    lanes = x.shape[1]
    for lane in range(lanes):
        loss[lane] = 0.0
        g[0, lane] = 0.0
        g[1, lane] = 0.0
        g[2, lane] = 0.0
        g[3, lane] = 0.0
    for i in range(20):
        t, grown, sine, cosine = data[i], data[20 + i], data[40 + i], data[60 + i]
        for lane in range(lanes):
            line = x[0, lane] + t * x[1, lane] - grown
            wave = x[2, lane] + sine * x[3, lane] - cosine
            r = line * line + wave * wave
            loss[lane] += r * r
            g[0, lane] += 4.0 * r * line
            g[1, lane] += 4.0 * r * line * t
            g[2, lane] += 4.0 * r * wave
            g[3, lane] += 4.0 * r * wave * sine


@problem
def brown_dennis():
    """Brown and Dennis's function of four variables, with twenty residuals.

    Brown & Dennis (1971), New computational algorithms for minimizing a sum of squares of nonlinear
    functions, Yale University, report 71-6; More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem
    16.
    """
    return Problem(
        formula=fourth_powers,
        center=np.array([25.0, 5.0, -5.0, -1.0]),
        spread=np.array([2.5, 0.5, 0.5, 0.1]),
        budget=2000,
        source=(
            "Brown & Dennis (1971), Yale report 71-6; More, Garbow & Hillstrom (1981), ACM TOMS"
            " 7(1), problem 16"
        ),
        data_set=DataSet(np.concatenate([T, np.exp(T), np.sin(T), np.cos(T)])),
        minimum=85822.20162635634,
        minimizers=np.array(
            [[-11.594439904762165, 13.203630051207204, -0.40343948817685954, 0.2367787744557363]]
        ),
        start_loss="7.926693e6",
        least_loss="85822.20163",
    )
