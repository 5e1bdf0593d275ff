"""A plugin file that tests load: a rule and a problem that work."""

SHRINK = '''
import numpy as np
import optbench as ob


@ob.optimizer
def shrinking(x, g, lr=0.5):
    """A made-up rule: x shrinks by the factor 1 - lr, whatever the gradient."""
    return x - lr * x


def square(x, g):
    for i in range(x.size):
        g[i] = 2.0 * x[i]
    return (x * x).sum()


@ob.problem
def paraboloid(dim=3):
    """The sum of x[i]**2, from (2, ..., 2)."""
    center = np.full(dim, 2.0)
    return ob.Problem(
        formula=square, center=center, spread=0.1, budget=40, source="made up", minimum=0.0
    )
'''
