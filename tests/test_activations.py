"""The vectorising formulas against NumPy in extended precision, and at the ends of the number line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from optbench.kernels import activations
from optbench.kernels.jit import FLAGS


def applied(name):
    formula = getattr(activations, name)

    @njit(**FLAGS)
    def run(x, out):
        for i in range(x.size):
            out[i] = formula(x[i])

    def call(values):
        x = np.atleast_1d(np.asarray(values, float))
        out = np.empty_like(x)
        run(x, out)
        return out

    return call


exp, log, sigmoid, tanh, softplus, relu = map(applied, ["exp", "log", "sigmoid", "tanh", "softplus", "relu"])
WIDE = np.concatenate([np.linspace(-40, 40, 40001), np.linspace(-708, 708, 5001), np.logspace(-300, 0, 301)])


def long(values):
    return np.asarray(values, np.longdouble)


@pytest.mark.parametrize(
    ("formula", "truth"),
    [
        (tanh, lambda x: np.tanh(x)),
        (sigmoid, lambda x: 1 / (1 + np.exp(-x))),
        (softplus, lambda x: np.logaddexp(0, x)),
    ],
    ids=["tanh", "sigmoid", "softplus"],
)
def test_bounded_formulas_are_right_to_4e_16(formula, truth):
    """tanh, sigmoid and softplus are within 4e-16 of the truth, relative to values above 1."""
    error = np.abs(formula(WIDE) - truth(long(WIDE))) / np.maximum(1, np.abs(truth(long(WIDE))))

    assert error.max() < 4e-16


def test_exp_and_log_are_right_to_4e_16_relative():
    """exp over its whole normal range and log over all normal numbers have relative errors below 4e-16."""
    x = np.linspace(-708, 709, 200001)
    positive = np.concatenate([np.logspace(-307, 308, 50001), np.linspace(0.5, 2, 50001)])
    logs = np.log(long(positive))
    log_error = np.abs(log(positive) - logs) / np.where(logs == 0, 1, np.abs(logs))

    assert np.max(np.abs(exp(x) - np.exp(long(x))) / np.exp(long(x))) < 4e-16
    assert log_error.max() < 4e-16


@pytest.mark.parametrize(
    ("formula", "at", "expected"),
    [
        (exp, [np.inf, -np.inf, 1e300, -1e300, 0.0], [np.inf, 0.0, np.inf, 0.0, 1.0]),
        (log, [np.inf, 0.0, -1.0, 1.0], [np.inf, -np.inf, np.nan, 0.0]),
        (tanh, [np.inf, -np.inf, 1e300, -1e300, 0.0], [1.0, -1.0, 1.0, -1.0, 0.0]),
        (sigmoid, [np.inf, -np.inf, 0.0], [1.0, 0.0, 0.5]),
        (softplus, [np.inf, -np.inf, 1e300], [np.inf, 0.0, 1e300]),
        (relu, [np.inf, -np.inf, -2.0, 3.0], [np.inf, 0.0, 0.0, 3.0]),
    ],
)
def test_the_ends_of_the_number_line(formula, at, expected):
    """Saturated and infinite operands give the limits, without overflow on the way."""
    np.testing.assert_allclose(formula(at), expected, atol=1e-300)


@pytest.mark.parametrize("formula", [exp, log, tanh, sigmoid, softplus, relu])
def test_nan_stays_nan(formula):
    """A diverged lane must be seen: NaN is never turned into a number."""
    assert np.isnan(formula([np.nan])).all()


@given(st.floats(-700, 700))
def test_tanh_is_odd_and_bounded(x):
    """|tanh| <= 1 and tanh(-x) = -tanh(x) to rounding."""
    there, back = tanh([x])[0], tanh([-x])[0]

    assert abs(there) <= 1
    assert abs(there + back) < 4e-16
