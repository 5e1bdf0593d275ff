"""A convex quadratic whose gradient comes with noise: white, heavy-tailed, or in proportion to
itself.
"""

import numpy as np

from ...kernels.grammar import InputError, unknown
from ...kernels.jit import jit
from ...kernels.random import NOISE
from ..analytic.quadratic import bowl, eigenvalues
from ..data_set import DataSet
from ..noise import normals, students
from ..problem import Problem
from ..registry import problem

NOISES = ("white", "heavy_tailed", "state_dependent")
HEAVY_TAILED, STATE_DEPENDENT = 1.0, 2.0
plain = jit(bowl)


def noisy_bowl(x, g, loss, data, seeds, step):
    """1/2 sum over i of l_i x[i]**2, and at steps from 1 the noise; data : its place in NOISES,
    level, then l.
    """
    n, lanes = x.shape
    plain(x, g, loss, data[2:])
    if step < 1:
        return
    kind, level = data[0], data[1]
    xi = np.empty_like(loss)
    for i in range(n):
        if kind == HEAVY_TAILED:
            students(seeds, NOISE, step, i, xi)
        else:
            normals(seeds, NOISE, step, i, xi)
        if kind == STATE_DEPENDENT:
            for lane in range(lanes):
                tilt = level * xi[lane] * data[2 + i] * x[i, lane]
                g[i, lane] += tilt
                loss[lane] += 0.5 * tilt * x[i, lane]
        else:
            for lane in range(lanes):
                g[i, lane] += level * xi[lane]
                loss[lane] += level * xi[lane] * x[i, lane]


@problem(
    variants=[{"noise": "heavy_tailed"}, {"level": 1.0, "noise": "state_dependent"}],
    ladder=[{"condition": condition} for condition in (10.0, 100.0, 1000.0)],
)
def noisy_quadratic(dim=10, condition=100.0, noise="white", level=0.1):
    """f(x) = 1/2 x'Qx with Q diagonal, eigenvalues l_i from 1/condition to 1 evenly spaced on a log
    scale, and noise.

    white : level * xi'x is added, xi standard normal and new at each step.
    heavy_tailed : the same with xi from Student's t distribution with 2 degrees of freedom, whose
    variance is infinite (Simsekli, Sagun & Gurbuzbalaban 2019, arXiv:1901.06053, on such noise in
    networks).
    state_dependent : 1/2 sum over i of l_i (1 + level xi_i) x[i]**2: the noise goes with the
    gradient, and vanishes with it. At a constant learning rate gradient descent ends in a cloud
    around the minimum; with state_dependent noise it reaches the minimum.
    """
    if noise not in NOISES:
        raise unknown("noise", noise, NOISES)
    if not level >= 0:
        raise InputError(f"noisy_quadratic[level={level}]: level must be at least 0")
    values = eigenvalues("log_uniform", dim, condition)
    return Problem(
        formula=noisy_bowl,
        center=np.linspace(1.0, 2.0, dim),
        spread=0.3,
        budget=2000 if noise == "heavy_tailed" else 1000,
        source=(
            "Zhang et al. (2019), Which Algorithmic Choices Matter at Which Batch Sizes?,"
            " arXiv:1907.04164, section 3"
        ),
        kind="noisy",
        noisy=True,
        data_set=DataSet(np.concatenate([[NOISES.index(noise), level], values])),
        minimum=0.0,
        minimizers=np.zeros((1, dim)),
        taus=(1e-1, 1e-2, 1e-3),
    )
