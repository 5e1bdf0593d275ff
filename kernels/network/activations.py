"""Activations of hidden units: scalar formulas that vectorise, and their slopes.

libm's tanh takes 17 ns a number and stops LLVM's vectoriser; these take 0.5 to 3 ns. sigmoid and
tanh of float32 are computed in float32. NaN stays NaN.
"""

from collections.abc import Callable
from enum import IntEnum
from math import pi, sqrt

import numpy as np

from ..elementary import bounded_exp, bounded_exp32, bounded_expm1, bounded_expm1_32, normal_log
from ..jit import by_storage, inline


class Activation(IntEnum):
    """The activations, with the codes that stand for them in a network's data (layout.py)."""

    IDENTITY = 0
    SIGMOID = 1
    TANH = 2
    RELU = 3
    LEAKY_RELU = 4
    SOFTPLUS = 5
    GELU = 6


NAMES = tuple(activation.name.lower() for activation in Activation)
"""The activations as users write them, in the order of their codes."""

LEAK = 0.01
"""Slope of leaky_relu below 0: Maas, Hannun & Ng (2013), ICML Workshop on Deep Learning for Audio,
section 2.
"""


def _exponentials(kind: type, exp: Callable, expm1: Callable) -> tuple[Callable, Callable]:
    # constants of the storage dtype: a float64 one would widen all that it meets
    one, two = kind(1), kind(2)

    @inline
    def sigmoid(x):
        return one / (one + exp(-x))

    @inline
    def tanh(x):
        rise = expm1(two * x)
        return rise / (rise + two)

    return sigmoid, tanh


_double = _exponentials(np.float64, bounded_exp, bounded_expm1)
_single = _exponentials(np.float32, bounded_exp32, bounded_expm1_32)


@by_storage(_double[0], _single[0])
def sigmoid(x):
    """1 / (1 + e**-x), absolute error below 4e-16, in float32 2e-7."""


@by_storage(_double[1], _single[1])
def tanh(x):
    """Hyperbolic tangent as (e**2x - 1) / (e**2x + 1), relative error below 9e-16, in float32
    4e-7.
    """


@inline
def keeps_slopes(activation):
    """Whether the slope can't be computed from the activation's result, so that the forward pass
    keeps it for the backward pass.
    """
    return activation == Activation.GELU


@inline
def relu(x):
    """max(x, 0) that keeps NaN: Nair & Hinton (2010), ICML."""
    return 0.0 if x < 0.0 else x


@inline
def leaky_relu(x):
    """x above 0, LEAK x below."""
    return LEAK * x if x < 0.0 else x


@inline
def softplus(x):
    """log(1 + e**x) without overflow: max(x, 0) + log(1 + e**-|x|)."""
    small = bounded_exp(-abs(x))
    sum = 1.0 + small
    # what rounding took from the sum is handed back, or the tail below 0 would keep few digits
    return relu(x) + (normal_log(sum) + (small - (sum - 1.0)) / sum)


@inline
def gelu(x):
    """(x Phi(x), its slope Phi(x) + x phi(x)) with the normal distribution's Phi and phi.

    Hendrycks & Gimpel (2016), arXiv:1606.08415, section 2: the exact form, not its approximation by
    tanh. Absolute error below 6e-16 of max(1, |x|).
    """
    held = 38.0 if x > 38.0 else x  # beyond it phi is no normal number
    held = -38.0 if held < -38.0 else held
    u = abs(held) * sqrt(0.5)
    bell = bounded_exp(-0.5 * held * held)
    t = (u - 3.75) / (u + 3.75)
    # (1 + 2u) exp(u²) erfc(u) in powers of t, of the Chebyshev series that Shepherd & Laframboise
    # (1981), Mathematics of Computation 36(153), 249-253, define, its coefficients computed with 50
    # digits
    p = -2.623265189568794e-09
    p = p * t - 1.9552037529498683e-09
    p = p * t + 3.1980108906945745e-08
    p = p * t + 1.8791171489844743e-08
    p = p * t - 2.485731958302573e-07
    p = p * t - 5.084541650169221e-08
    p = p * t + 1.7419846568644042e-06
    p = p * t - 9.792616400932218e-07
    p = p * t - 1.1438050029395582e-05
    p = p * t + 2.2387565022081698e-05
    p = p * t + 5.1646530761604365e-05
    p = p * t - 0.0002901553521367854
    p = p * t + 0.00029371437771197133
    p = p * t + 0.0017556261651026353
    p = p * t - 0.009746579683197842
    p = p * t + 0.02836227737212758
    p = p * t - 0.05869339857665726
    p = p * t + 0.09230432116427968
    p = p * t - 0.10880393014244413
    p = p * t + 0.08227673848999513
    p = p * t + 0.003585415485479015
    p = p * t - 0.14024059858554525
    p = p * t + 1.2375126308378275
    tail = 0.5 * bell * p / (1.0 + 2.0 * u)
    share = tail if held < 0.0 else 1.0 - tail
    low = held if x < 0.0 else x  # so that far below the value vanishes as its limit does
    return low * share, share + held * (bell / sqrt(2.0 * pi))
