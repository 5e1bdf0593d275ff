"""A plugin file whose rules have one fault each."""

RULES = '''
import ctypes
from math import sqrt

import numba
import numpy as np
import optbench as ob

abort = ctypes.CDLL(None).abort
abort.argtypes, abort.restype = (), None
TABLE = np.zeros(100)


@ob.optimizer
def sound(x, g, m, lr=0.1):
    """A test's rule (2000). lr : units of x per unit of g."""
    m = 0.5 * m + g
    return x - lr * m, m


@ob.optimizer
def forgetful(x, g, m, lr=1e-2):
    """A test's rule (2000): heavy ball without the point that it begins at."""
    m = 0.9 * m + g
    return -lr * m, m


@ob.optimizer
def forgetful_adam(x, g, t, m, v, lr=1e-3):
    """A test's rule (2000): Adam with the same fault."""
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
    return -lr * m / (1 - 0.9**t) / (sqrt(v / (1 - 0.999**t)) + 1e-8), m, v


@ob.optimizer
def forgetful_plain(x, g):
    """A test's rule (2000): a step without the point, and without a learning rate."""
    return -0.1 * g


@ob.optimizer
def ascending(x, g, m, lr=1e-2):
    """A test's rule (2000): the step's sign is wrong."""
    m = 0.9 * m + g
    return x + lr * m, m


@ob.optimizer
def sinking(x, g, lr=1e-2):
    """A test's rule (2000): a hundredth of x is lost at each step."""
    return 0.99 * x - lr * g


@ob.optimizer
def undescribed(x, g, lr=0.1):
    return x - lr * g


@ob.optimizer
def sourceless(x, g, lr=0.1):
    """A rule that I made up.

    A test (2000).
    """
    return x - lr * g


@ob.optimizer
def short(x, g, m, v, lr=0.1):
    """A test's rule (2000)."""
    return x - lr * g, m  # short's fault


@ob.optimizer
def handing(x, g, m, lr=0.1):
    """A test's rule (2000)."""
    if g > 0:
        return  # handing's fault
    return x - lr * g, m


@ob.optimizer
def misspelt(x, g, lr=0.1):
    """A test's rule (2000)."""
    return x - lr * gradient  # misspelt's fault


@ob.optimizer
def unlisted(x, g, lr=0.1):
    """A test's rule (2000)."""
    return x - lr * np.sqroot(g * g)  # unlisted's fault


@ob.optimizer
def wordy(x, g, lr=0.1):
    """A test's rule (2000)."""
    return x - lr * g + "text"  # wordy's fault


@ob.optimizer(per="run")
def returning(x, g, lr=0.1):
    """A test's rule (2000)."""
    return x - lr * g  # returning's fault


@ob.optimizer(per="run")
def keeping(x, g, lr=0.1):
    """A test's rule (2000): its state is one array for all runs."""
    for i in range(x.size):
        TABLE[i] += g[i]  # keeping's fault
        x[i] -= lr * TABLE[i]


@ob.optimizer
def still(x, g, lr=0.1):
    """A test's rule (2000)."""
    return x - 0.0 * lr * g


@ob.optimizer(per="run")
def random(x, g, lr=0.1):
    """A test's rule (2000)."""
    for i in range(x.size):
        x[i] -= lr * (g[i] + 0.01 * np.random.normal())


@ob.optimizer(per="run")
def sharing(x, g, t, lr=0.1):
    """A test's rule (2000): one generator for all runs."""
    if t == 1:
        np.random.seed(0)
    for i in range(x.size):
        x[i] -= lr * (g[i] + 0.01 * np.random.normal())


@ob.optimizer
def dividing(x, g, lr=0.1):
    """A test's rule (2000)."""
    return x - lr * g / abs(g)


@ob.optimizer
def resetting(x, g, m, lr=0.1):
    """A test's rule (2000): what isn't a number counts as zero."""
    m = 0.5 * m + g if g == g else m
    return x - lr * m, m


@ob.optimizer
def ignoring(x, g, lr=0.1):
    """A test's rule (2000): what is infinite counts as zero."""
    return x - lr * g if abs(g) < np.inf or g != g else x


@ob.optimizer
def large(x, g, v, lr=0.1):
    """A test's rule (2000): its slot is too large for float32."""
    v = 0.9 * v + 1e60 * g * g
    return x - lr * g / sqrt(1.0 + 1e-60 * v), v


@ob.optimizer
def raising(x, g, lr=0.1):
    """A test's rule (2000)."""
    if abs(g) > 1e20:
        raise ValueError("the gradient explodes")
    return x - lr * g


@ob.optimizer(per="run")
def past(x, g, lr=0.1):
    """A test's rule (2000)."""
    for i in range(x.size):
        x[i] -= lr * g[i + 1]  # past's fault


@ob.optimizer(per="matrix", otherwise="sgd")
def sideways(x, g, lr=0.1):
    """A test's rule (2000): rows and columns change places, where a matrix isn't square."""
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[i, j] -= lr * g[j, i]  # sideways' fault


@ob.optimizer
def endless(x, g, lr=0.1):
    """A test's rule (2000)."""
    while g > 1e100:
        g = g - 1.0
    return x - lr * g


@ob.optimizer
def crashing(x, g, lr=0.1):
    """A test's rule (2000)."""
    if g != g:
        abort()
    return x - lr * g
'''
