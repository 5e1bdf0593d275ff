"""Convex quadratics with a chosen spectrum along the axes; `quadratic[rotated]` shows how much a
rule depends on the axes.
"""

import numpy as np

from ...kernels.grammar import InputError, unknown
from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem

SPECTRA = ("log_uniform", "one_outlier", "two_clusters")


def bowl(x, g, loss, data):
    """f(x) = 1/2 sum over i of data[i] x[i]**2."""
    n, lanes = x.shape
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(n):
        for lane in range(lanes):
            g[i, lane] = data[i] * x[i, lane]
            loss[lane] += 0.5 * g[i, lane] * x[i, lane]


def eigenvalues(spectrum: str, dim: int, condition: float) -> np.ndarray:
    """dim eigenvalues from 1/condition to 1, ascending. Raises InputError for an unknown spectrum
    or sizes out of range.
    """
    if dim < 1 or condition < 1:
        raise InputError(f"condition={condition}, dim={dim}: dim and condition must be at least 1")
    if spectrum not in SPECTRA:
        raise unknown("spectrum", spectrum, SPECTRA)
    if spectrum == "one_outlier":
        return np.append(np.full(dim - 1, 1 / condition), 1.0)
    if spectrum == "two_clusters":
        return np.concatenate(
            [np.linspace(1.0, 2.0, dim // 2) / condition, np.linspace(0.9, 1.0, dim - dim // 2)]
        )
    return condition ** -np.linspace(1.0, 0.0, dim) if dim > 1 else np.ones(1)


@problem(
    variants=[
        {"rotated": True},
        {"spectrum": "one_outlier"},
        {"spectrum": "two_clusters"},
        {"condition": 1000.0},
    ],
    # rotated: along the axes Adagrad takes the same ten steps whatever the condition
    ladder=[{"condition": condition, "rotated": True} for condition in (10.0, 100.0, 1000.0)],
)
def quadratic(dim=10, condition=100.0, spectrum="log_uniform"):
    """f(x) = 1/2 x'Qx with Q diagonal, eigenvalues from 1/condition to 1.

    log_uniform : evenly spaced on a log scale.  one_outlier : all 1/condition but the last.
    two_clusters : half of them near each end. Seed 0 starts at unequal coordinates from 1 to 2:
    from equal ones, one step of a sign-like rule with the right lr would land on the minimum.
    """
    values = eigenvalues(spectrum, dim, condition)
    return Problem(
        formula=bowl,
        center=np.linspace(1.0, 2.0, dim),
        spread=0.3,
        budget=1000,
        source="Nocedal & Wright (2006), Numerical Optimization, section 3.3",
        minimum=0.0,
        minimizers=np.zeros((1, dim)),
        data_set=DataSet(values),
    )
