"""Brown's almost-linear function: all equations are linear but the last, in which the product of
the variables is 1.
"""

import numpy as np

from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem


def almost_linear(x, g, loss):
    """sum over i < n - 1 of (x[i] + sum over j of x[j] - n - 1)**2, + (product over j of x[j] -
    1)**2.
    """
    n, lanes = x.shape
    total = np.full_like(loss, -(n + 1.0))
    product = np.ones_like(loss)
    for i in range(n):
        for lane in range(lanes):
            a = float(x[i, lane])
            g[i, lane] = product[
                lane
            ]  # of the variables before i; dividing the whole by x[i] would fail at 0
            product[lane] *= a
            total[lane] += a
    pull = np.zeros_like(loss)
    after = np.ones_like(loss)
    for lane in range(lanes):
        off = product[lane] - 1.0
        loss[lane] = off * off
        product[lane] = 2.0 * off
    for i in range(n - 1):
        for lane in range(lanes):
            r = float(x[i, lane]) + total[lane]
            loss[lane] += r * r
            pull[lane] += 2.0 * r
    for i in range(n - 1, -1, -1):
        own = 2.0 if i < n - 1 else 0.0
        for lane in range(lanes):
            a = float(x[i, lane])
            g[i, lane] = (
                own * (a + total[lane])
                + pull[lane]
                + product[lane] * after[lane] * float(g[i, lane])
            )
            after[lane] *= a


def zeros(dim: int) -> np.ndarray:
    """All (k, dim) points where the loss is 0: (t, ..., t, t**(1 - dim)) with dim t**dim - (dim +
    1) t**(dim - 1) + 1 = 0.

    t = 1 is one; divided by t - 1 this is q(t) = dim t**(dim - 1) - t**(dim - 2) - ... - 1, which
    has one root in (0, 1) and, for an odd dim, one in (-1, 0).
    """
    q = np.append(float(dim), -np.ones(dim - 1))
    slope = np.polyder(q)
    found = [1.0]
    for t in (1.0, -1.0)[: 1 + dim % 2]:
        for _ in range(100):
            t -= float(np.polyval(q, t) / np.polyval(slope, t))
        found.append(t)
    return np.array([[t] * (dim - 1) + [t ** (1 - dim)] for t in found])


@problem
def brown_almost_linear(dim=10):
    """Brown's almost-linear function of `dim` variables.

    Brown (1969), A quadratically convergent Newton-like method based upon Gaussian elimination,
    SIAM J. Numer. Anal. 6(4), 560-569; More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 27.
    Around (0, ..., 0, dim + 1) the loss is 1 and all but flat, and other places hold runs up as
    well. The start's coordinates are equal, and so are those of the minimizer (1, ..., 1):
    sign-like rules find it soon.
    """
    if dim < 2:
        raise InputError(f"brown_almost_linear[dim={dim}]: dim must be at least 2")
    return Problem(
        formula=almost_linear,
        center=np.full(dim, 0.5),
        spread=0.1,
        budget=5000,
        source=(
            "Brown (1969), SIAM J. Numer. Anal. 6(4), 560-569; More, Garbow & Hillstrom (1981),"
            " problem 27"
        ),
        minimum=0.0,
        minimizers=zeros(dim),
        taus=(1e-2, 1e-5, 1e-8),
        tags=("multimodal",),
        start_loss="273.248" if dim == 10 else "",
    )
