"""A gradient against differences of its loss: central ones of the compiled kernel, and the complex
step of its text.

The complex step has no cancellation: Im f(x + ih) / h with h = 1e-30 is the derivative to rounding
(Squire & Trapp 1998, SIAM Review 40(1), 110-112). The formula is run by Python, uncompiled, on
complex numbers.
"""

import builtins
import cmath
import inspect
import math
from collections.abc import Callable, Hashable
from types import FunctionType, SimpleNamespace

import numpy as np

from ...kernels import elementary
from ...kernels.network import activations
from ...problems.problem import Problem

STEP = 1e-30
REAL_ONLY = {"norm", "real", "conj", "conjugate", "linalg"}
"""Names, of NumPy's functions or of attributes, that give complex numbers' parts without an
error.
"""


def central(evaluate: Callable, x: np.ndarray, i: int) -> tuple[float, float, float]:
    """Backward, central and forward difference of evaluate(x) -> (loss, gradient) along coordinate
    i.
    """
    h = 1e-5 * max(1.0, abs(x[i]))
    move = h * (np.arange(x.size) == i)
    below, here, above = (evaluate(point)[0] for point in (x - move, x, x + move))
    return (here - below) / h, (above - below) / (2 * h), (above - here) / h


def complex_step(problem: Problem, x: np.ndarray, coordinates: np.ndarray) -> np.ndarray:
    """The derivatives of the objective at x (n,) along these coordinates, by complex steps.

    Raises LookupError where the formula isn't one that Python can run on complex numbers: it
    compares, or has data rows.
    """
    return complex_gradients(problem, x, coordinates)[0]


def complex_gradients(
    problem: Problem, x: np.ndarray, coordinates: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The derivatives of the objective (k,) and of its gradient (k, n) along these coordinates, by
    complex steps.

    Raises LookupError as complex_step does.
    """
    if problem.data_set.samples or problem.transform:
        raise LookupError("data rows, or a transform")
    lanes = np.tile(x[:, None].astype(complex), (1, coordinates.size))
    lanes[coordinates, np.arange(coordinates.size)] += 1j * STEP
    g, loss = np.zeros_like(lanes), np.zeros(coordinates.size, complex)
    words = inspect.signature(problem.formula).parameters
    seeds = problem.keys(np.zeros(coordinates.size, int))
    given = {
        "data": problem.data_set.data,
        "rows": np.arange(0),
        "seeds": seeds,
        "seed": seeds[0],
        "step": 0,
    }
    further = [given[word] for word in words if word in given]
    if REAL_ONLY & {*problem.formula.__code__.co_names}:
        raise LookupError(
            "it takes a modulus or a real part"
        )  # which a complex number has, without being differentiable
    try:
        formula = over_complex(problem.formula, {})
        with np.errstate(all="ignore"):
            if "loss" in words:
                formula(lanes, g, loss, *further)
            else:
                for lane in range(coordinates.size):
                    loss[lane] = formula(lanes[:, lane], g[:, lane], *further)
    # comparisons, conversions, and whatever else a formula does that complex numbers don't
    except Exception as error:
        raise LookupError(f"{type(error).__name__}: {error}") from error
    return np.imag(loss) / STEP, np.imag(g).T / STEP


def over_complex(function: Callable, known: dict) -> Callable:
    """The function, and those that it calls, with complex numbers' arithmetic in place of real
    ones'.
    """
    function = getattr(function, "py_func", function)
    if function in known:
        return known[function]
    space = {
        **vars(builtins),
        **function.__globals__,
        "float": lambda z: z,
        "abs": _abs,
        "max": _max,
        "min": _min,
    }
    twin = known[function] = FunctionType(
        function.__code__, space, function.__name__, function.__defaults__, function.__closure__
    )
    for name in function.__code__.co_names:
        value = space.get(name)
        if isinstance(value, Hashable) and not isinstance(value, tuple) and value in REPLACED:
            space[name] = REPLACED[value]
        elif value is np:
            space[name] = SimpleNamespace(
                **{**vars(np), "abs": _abs_all, "absolute": _abs_all, "fabs": _abs_all}
            )
        elif isinstance(getattr(value, "py_func", value), FunctionType) and name not in (
            "float",
            "abs",
            "max",
            "min",
        ):
            space[name] = over_complex(value, known)  # type: ignore[arg-type]
    return twin


def _abs(z):
    return z if z.real >= 0 else -z


def _abs_all(z):
    return np.where(np.real(z) >= 0, z, np.negative(z))[()]


def _max(a, b):
    return a if a.real >= b.real else b


def _min(a, b):
    return a if a.real <= b.real else b


def _softplus(z):
    return cmath.log(1 + cmath.exp(z)) if z.real < 30 else z + cmath.exp(-z)


REPLACED: dict = {
    **{
        vars(math)[name]: value
        for name, value in vars(cmath).items()
        if callable(value) and name in vars(math)
    },
    elementary.exp: cmath.exp,
    elementary.bounded_exp: cmath.exp,
    elementary.log: cmath.log,
    elementary.normal_log: cmath.log,
    activations.tanh: cmath.tanh,
    activations.sigmoid: lambda z: 1 / (1 + cmath.exp(-z)),
    activations.softplus: _softplus,
    elementary.sin: cmath.sin,
    elementary.cos: cmath.cos,
}
"""Real functions and what they are on complex numbers."""
