"""NAME: what is hard about it, in one sentence."""

import numpy as np
import optbench as ob


def loss(x, g):
    """f(x) = 1/2 sum over i of (i + 1) (x[i] - 1)**2 for one run: x (n,); fills its gradient g."""
    total = 0.0
    for i in range(x.size):
        away = x[i] - 1.0
        g[i] = (i + 1) * away
        total += 0.5 * (i + 1) * away * away
    return total


@ob.problem
def NAME(dim=4):
    """Where the problem comes from, and what `dim` is."""
    return ob.Problem(
        formula=loss,
        center=np.full(dim, -1.0),
        spread=0.3,
        budget=500,
        source="put your source here",
        minimum=0.0,
        minimizers=np.ones((1, dim)),
    )
