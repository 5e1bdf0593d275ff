"""Levy's function: a bowl with ripples that grow towards its rim."""

import math

import numpy as np

from ...kernels.elementary import sin
from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem

PI = math.pi


def ripples(x, g, loss):
    """sin(pi u[0])**2 + sum over i < n - 1 of u[i]**2 (1 + 10 sin(pi u[i] + 1)**2), + u[n - 1]**2
    (1 + sin(2 pi u[n - 1])**2).

    u = (x - 1) / 4, the w - 1 of the literature: sin**2 has period pi.
    """
    n, lanes = x.shape
    for lane in range(lanes):
        u = 0.25 * (float(x[n - 1, lane]) - 1.0)
        s = sin(2.0 * PI * u)
        rough = 1.0 + s * s
        loss[lane] = u * u * rough
        g[n - 1, lane] = 0.5 * u * (rough + PI * u * sin(4.0 * PI * u))
    for i in range(n - 1):
        for lane in range(lanes):
            u = 0.25 * (float(x[i, lane]) - 1.0)
            s = sin(PI * u + 1.0)
            rough = 1.0 + 10.0 * s * s
            loss[lane] += u * u * rough
            g[i, lane] = 0.5 * u * (rough + 5.0 * PI * u * sin(2.0 * PI * u + 2.0))
    for lane in range(lanes):
        u = 0.25 * (float(x[0, lane]) - 1.0)
        s = sin(PI * u)
        loss[lane] += s * s
        g[0, lane] += 0.25 * PI * sin(2.0 * PI * u)


@problem
def levy(dim=2):
    """Levy's function of `dim` variables.

    Levy & Montalvo (1985), The tunneling algorithm for the global minimization of functions, SIAM
    J. Sci. Stat. Comput. 6(1), 15-29; in this form Laguna & Marti (2005), J. Global Optim. 33(2),
    235-255. Downhill from the start (-4, 5) is a local minimum of 3.373791 at (-4.205, 4.891);
    dozens of others lie in [-10, 10].
    """
    if dim < 1:
        raise InputError(f"levy[dim={dim}]: dim must be at least 1")
    return Problem(
        formula=ripples,
        center=np.resize([-4.0, 5.0], dim),
        spread=0.5,
        budget=1000,
        source=(
            "Levy & Montalvo (1985), SIAM J. Sci. Stat. Comput. 6(1), 15-29; Laguna & Marti (2005),"
            " J. Global Optim. 33(2)"
        ),
        minimum=0.0,
        minimizers=np.ones((1, dim)),
        tags=("multimodal",),
        start_loss="3.77111" if dim == 2 else "",
    )
