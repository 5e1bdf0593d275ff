"""Plugin files in which each rule and formula has a mistake that authors make, or only looks so."""

RULES = '''
import numba
import numpy as np
import optbench as ob


@ob.optimizer
def counting(x, g, step, m, lr=0.1):  # counting
    """A test's rule (2000)."""
    m = 0.9 * m + g
    return x - lr * m / (1.0 - 0.9**step), m


@ob.optimizer
def unchanged(x, g, m, k, lr=0.1):  # unchanged
    """A test's rule (2000)."""
    return x - lr * g / (1.0 + k), m + g, k


@ob.optimizer(per="run")
def rebinding(x, g, m, lr=0.1):
    """A test's rule (2000)."""
    m[:] = 0.9 * m + g
    x = x - lr * m  # rebinding


@ob.optimizer(per="tensor")
def rebinding_slot(x, g, m, lr=0.1):
    """A test's rule (2000)."""
    m = 0.9 * m + g  # rebinding_slot
    x[:] = x - lr * m


@ob.optimizer(per="run")
def comparing(x, g, lr=0.1):
    """A test's rule (2000)."""
    if g > 0.0 and lr > 0.0:  # comparing
        x[:] = x - lr * g


@ob.optimizer(per="run")
def comparing_local(x, g, lr=0.1):
    """A test's rule (2000)."""
    ahead = x - g
    if ahead > 0.0:
        x[:] = x - lr * g


@ob.optimizer
def counted(x, g, count, lr=0.1):
    """A test's rule (2000): a counter of its own."""
    return x - lr * g / (1.0 + count), count + 1.0


@ob.optimizer(per="run")
def viewing(x, g, m, lr=0.1):
    """A test's rule (2000): another name for the same numbers, and a comparison of all."""
    m = m.reshape(-1)
    m[:] = 0.9 * m + g
    if (g > 0.0).all() or np.any(x > 1e30):
        g = 0.5 * g
    x -= lr * m


@ob.optimizer
@numba.njit
def compiled(x, g, lr=0.1):
    """A test's rule (2000)."""
    return x - lr * g


@ob.optimizer
def looping(x, g, lr=0.1):
    """A test's rule (2000): left by the return inside of a loop without end."""
    step = lr * g
    while True:
        if abs(step) < 1.0:
            return x - step
        step *= 0.5


@ob.optimizer
def trying(x, g, lr=0.1):
    """A test's rule (2000)."""
    try:
        return x - lr * g
    except Exception:
        return x


@ob.optimizer
def handing(x, g, m, lr=0.1):
    """A test's rule (2000)."""
    moved = x - lr * g
    return moved


def helper(g):
    return g


@ob.optimizer
def helping(x, g, lr=0.1):
    """A test's rule (2000)."""
    return x - lr * helper(g)  # helping


@ob.optimizer
def multiplying(x, g, lr=0.1):
    """A test's rule (2000)."""
    return x - lr * g * "a"  # multiplying


@ob.optimizer(per="tensor")
def nesting(x, g, lr=0.1):
    """A test's rule (2000)."""
    x -= lr * np.quantile(g, "a")  # nesting


@ob.optimizer
def storing(x, g, lr=0.1):
    """A test's rule (2000)."""
    global COUNT
    COUNT = 1  # storing
    return x - lr * g


@ob.optimizer
def measuring(x, g, m, lr=0.1):
    """A test's rule (2000)."""
    m = 0.9 * m + g
    return x - lr * m / np.linalg.norm(m), m  # measuring


@ob.optimizer
def falling(x, g, lr=0.1):
    """A test's rule (2000)."""
    while g > 0.0:  # falling
        return x - lr * g


@ob.optimizer
def printing(x, g, lr=0.1):
    """A test's rule (2000)."""
    print(g)  # printing
    return x - lr * g
'''
PROBLEMS = """
import numpy as np
import optbench as ob

A = np.eye(2)


def product(x, g):
    g[:] = A @ x  # product
    return 0.5 * (x * g).sum()


def cast(x, g):
    g[:] = A.astype(x.dtype) @ x
    return 0.5 * (x * g).sum()


def value(x):
    return (x * x).sum()


def made(formula):
    center = np.full(2, 2.0)
    return ob.Problem(
        formula=formula, center=center, spread=0.1, budget=10, source="a test", minimum=0.0
    )


@ob.problem
def product_problem():
    return made(product)


@ob.problem
def cast_problem():
    return made(cast)


@ob.problem
def value_problem():
    return made(value)
"""
