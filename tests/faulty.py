"""Plugins with one fault each, for the tests of the conformance kit."""

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
    """A test's rule (2000): Adam likewise."""
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

PROBLEMS = """
import numpy as np
import optbench as ob


def square(x, g):
    for i in range(x.size):
        g[i] = 2.0 * x[i]
    return (x * x).sum()


def steep(x, g):
    for i in range(x.size):
        g[i] = 3.0 * x[i]
    return (x * x).sum()


def slanted(x, g):
    for i in range(x.size):
        g[i] = 2.0 * x[i]
    g[0] += 1e-4
    return (x * x).sum()


def shaky(x, g, step):
    for i in range(x.size):
        g[i] = 2.0 * x[i]
    return (x * x).sum() + 0.125 * max(step, 0)


def nearly(x, g):
    for i in range(x.size):
        g[i] = 2.0 * x[i]
    g[0] += 1e-9 * x[1]  # too little for central differences
    return (x * x).sum()


def valley(x, g):
    for i in range(x.size):
        g[i] = 2.0 * x[i] * (1.0 - (x * x).sum())
    return 1.0 - (1.0 - (x * x).sum()) ** 2 / 2  # uphill from the start, then down for ever


def needle(x, g):
    away = ((x - 3.0) ** 2).sum()
    for i in range(x.size):
        g[i] = 2.0 * (x[i] - 3.0) * np.exp(-1500.0 * away) * 1500.0
    return 1.0 - np.exp(-1500.0 * away)


def unknown(x, g):
    return square_of(x, g)


def past(x, g):
    for i in range(x.size):
        g[i] = 2.0 * x[i]
    return (x * x).sum() + 0.0 * x[x.size]  # past's fault


def mixing(x, g, loss):
    n, lanes = x.shape
    for lane in range(lanes):
        loss[lane] = 1e-12 * abs(x[0, 0])
        for i in range(n):
            g[i, lane] = 2.0 * x[i, lane]
            loss[lane] += x[i, lane] * x[i, lane]


def made(formula=square, center=2.0, **words):
    known = {"minimum": 0.0, "minimizers": np.zeros((1, 3))}
    given = {**known, "source": "a test", "spread": 0.1, **words}
    return ob.Problem(formula=formula, center=np.full(3, center), budget=40, **given)


@ob.problem
def sound_problem():
    return made()


@ob.problem
def sourceless_problem():
    return made(source=" ")


@ob.problem
def steep_problem():
    return made(steep)


@ob.problem
def slanted_problem():
    return made(slanted, minimizers=None)


@ob.problem
def unknown_problem():
    return made(unknown)


@ob.problem
def past_problem():
    return made(past)


@ob.problem
def mixing_problem():
    return made(mixing, minimum=0.0, minimizers=None)


@ob.problem
def aimless_problem():
    return made(minimum=None, minimizers=None)


@ob.problem
def solved_problem():
    return made(center=0.0, spread=0.0)


@ob.problem
def misplaced_problem():
    return made(minimizers=np.ones((1, 3)))


@ob.problem
def undercut_problem():
    return made(minimum=100.0, minimizers=None)


@ob.problem
def infinite_problem():
    return made(center=1e200, minimum=None, minimizers=None, levels=(1.0,))


@ob.problem
def wide_problem():
    return made(center=1e30, minimum=None, minimizers=None, levels=(1.0,))


@ob.problem
def shaky_problem():
    return made(shaky, minimizers=None)


@ob.problem
def nearly_problem():
    return made(nearly)


@ob.problem
def misprinted_problem():
    return made(start_loss="12.01")


@ob.problem
def misquoted_problem():
    return made(least_loss="1e-3")


@ob.problem
def easy_problem():
    return made(minimum=None, minimizers=None, levels=(0.5,), center=0.5)


@ob.problem
def crest_problem():
    return made(valley, minimum=None, minimizers=None, levels=(-100.0,), center=0.2)


@ob.problem
def hopeless_problem():
    return made(needle, center=-3.0, minimizers=np.full((1, 3), 3.0))


@ob.problem
def needle_problem():
    minimizers = np.full((1, 3), 3.0)
    return made(needle, center=2.55, spread=0.4, minimizers=minimizers, tags=("multimodal",))


@ob.problem
def open_problem():
    return made(tags=("open",))


@ob.problem(ladder=[{"dim": 3}, {"dim": 2}])
def shrinking_problem(dim=3):
    return made(center=2.0 if dim == 2 else 2e6)


@ob.problem
def generous_problem():
    return made(minimum=None, minimizers=None, levels=(100.0, 50.0))
"""
