"""Leon's cubic valley: Rosenbrock's, with a floor that bends the other way past the origin."""

import numpy as np
import optbench as ob


def cubic_valley(x, g):
    """100 (x2 - x1**3)**2 + (1 - x1)**2."""
    a, b = float(x[0]), float(x[1])  # computed in float64 where x is stored in float32
    rise, left = b - a * a * a, 1 - a
    g[0] = -600 * a * a * rise - 2 * left
    g[1] = 200 * rise
    return 100 * rise * rise + left * left


@ob.problem
def leon():
    """Leon (1966), in Lavi & Vogl, Recent Advances in Optimization Techniques, Wiley; the start is
    that of CUTEst's CUBE.
    """
    return ob.Problem(
        formula=cubic_valley,
        center=np.array([-1.2, 1.0]),
        spread=0.1,
        budget=5000,
        source=(
            "Leon (1966), A comparison among eight known optimizing procedures; start of CUTEst's"
            " CUBE"
        ),
        minimum=0.0,
        minimizers=np.ones((1, 2)),
    )
