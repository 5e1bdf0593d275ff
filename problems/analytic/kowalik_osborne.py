"""The function of Kowalik and Osborne: four parameters of an enzyme's rate at eleven
concentrations.
"""

import numpy as np

from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem

U = np.array([4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625])
Y = np.array(
    [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246]
)


def enzyme_rates(x, g, loss, data):
    """sum over i = 1 ... 11 of (y_i - a (u**2 + u b) / (u**2 + u c + d))**2, u = u_i, (a, b, c, d)
    = x; data : u, y.
    """
    lanes = x.shape[1]
    for lane in range(lanes):
        loss[lane] = 0.0
        g[0, lane] = 0.0
        g[1, lane] = 0.0
        g[2, lane] = 0.0
        g[3, lane] = 0.0
    for i in range(11):
        u, y = data[i], data[11 + i]
        square = u * u
        for lane in range(lanes):
            a = float(x[0, lane])
            below = 1.0 / (square + u * x[2, lane] + x[3, lane])
            share = (square + u * x[1, lane]) * below
            r = y - a * share
            steep = 2.0 * r * a * below
            loss[lane] += r * r
            g[0, lane] -= 2.0 * r * share
            g[1, lane] -= steep * u
            g[2, lane] += steep * share * u
            g[3, lane] += steep * share


@problem
def kowalik_osborne():
    """Kowalik and Osborne's data-fitting problem: four parameters, eleven residuals.

    Kowalik & Osborne (1968), Methods for unconstrained optimization problems, Elsevier; More,
    Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 15. The start's loss is small already: its gap
    is 5.0e-3. The sum of squares also approaches 1.02734e-3 as a, c and d run off to infinity with
    b near -14.07.
    """
    return Problem(
        formula=enzyme_rates,
        center=np.array([0.25, 0.39, 0.415, 0.39]),
        spread=0.04,
        budget=2000,
        source=(
            "Kowalik & Osborne (1968); More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 15"
        ),
        data_set=DataSet(np.concatenate([U, Y])),
        minimum=0.0003075056038492378,
        minimizers=np.array(
            [[0.1928069345790379, 0.19128232873436676, 0.12305650692632074, 0.13606233068379475]]
        ),
        start_loss="5.3132e-3",
        least_loss="3.075056038e-4",
    )
