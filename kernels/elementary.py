"""exp, log, sin and cos that vectorise: plain arithmetic, no libm call in the inner loop.

libm's exp takes 7 ns a number and stops LLVM's vectoriser; these take about 1 ns. Non-finite
operands come out as the IEEE functions have them: NaN stays NaN. All compute in float64, save those
whose names end in 32.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import float32, float64, int32, int64, types
from numba.extending import intrinsic

from .jit import inline

LOG2E = 1.4426950408889634
LN2_HIGH = (
    6.93147180369123816490e-01  # fdlibm e_log.c: the leading 33 bits, so that k * LN2_HIGH is exact
)
LN2_LOW = 1.90821492927058770002e-10
ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it leaves round(x) in the low bits of the sum
LOG2E_32 = np.float32(LOG2E)
LN2_HIGH_32 = np.float32(
    0.693359375
)  # 9 bits (Cody & Waite 1980), so that k * LN2_HIGH_32 is exact
LN2_LOW_32 = np.float32(-2.12194440054690583e-04)
ROUND_32 = np.float32(12582912.0)  # 1.5 * 2**23
TOP_32, BOTTOM_32 = np.float32(88.3), np.float32(-87.3)
ONE_32 = np.float32(1.0)
TAYLOR_32 = tuple(np.float32(1 / n) for n in (5040, 720, 120, 24, 6, 2))
SQRT_HALF = 0.7071067811865476
TWO_OVER_PI = 0.6366197723675814
# fdlibm e_rem_pio2.c: 33 bits each, so that k times them is exact up to k = 2**20
PI_HALF_HIGH = 1.57079632673412561417
PI_HALF_MIDDLE = 6.07710050630396597660e-11
PI_HALF_LOW = 2.02226624879595063154e-21

_intrinsic: Any = intrinsic  # takes away the first argument, which its types don't say


@_intrinsic
def bits(typingctx, number):
    """The 64 bits of a float64, as int64."""

    def codegen(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.IntType(64))

    return int64(float64), codegen


@_intrinsic
def number(typingctx, pattern):
    """The float64 with the given 64 bits."""

    def codegen(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(int64), codegen


@_intrinsic
def bits32(typingctx, number):
    """The 32 bits of a float32, as int32."""

    def codegen(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.IntType(32))

    return int32(float32), codegen


@_intrinsic
def number32(typingctx, pattern):
    """The float32 whose bits are those of an int32, shifted left into the exponent's place."""

    def codegen(context, builder, signature, arguments):
        return builder.bitcast(
            builder.shl(arguments[0], ir.Constant(ir.IntType(32), 23)), ir.FloatType()
        )

    return types.float32(int32), codegen


@inline
def _powers(x):
    """(2**k, e**r - 1) with x, held to [-708.3, 709.4], = k ln 2 + r, |r| <= ln 2 / 2 (Cody & Waite
    1980).
    """
    clamped = 709.4 if x > 709.4 else x
    clamped = -708.3 if clamped < -708.3 else clamped
    shifted = clamped * LOG2E + ROUND
    k = shifted - ROUND
    r = (clamped - k * LN2_HIGH) - k * LN2_LOW
    p = 1.6059043836821613e-10
    p = p * r + 2.08767569878681e-09
    p = p * r + 2.505210838544172e-08
    p = p * r + 2.755731922398589e-07
    p = p * r + 2.7557319223985893e-06
    p = p * r + 2.48015873015873e-05
    p = p * r + 0.0001984126984126984
    p = p * r + 0.001388888888888889
    p = p * r + 0.008333333333333333
    p = p * r + 0.041666666666666664
    p = p * r + 0.16666666666666666
    p = p * r + 0.5
    p = p * r + 1.0
    # k sits in the low bits of `shifted`; 1023 is float64's exponent bias
    return number((bits(shifted) + 1023) << 52), p * r


@inline
def bounded_exp(x):
    """e**x with x held to [-708.3, 709.4], relative error below 4e-16; NaN stays NaN.

    The Taylor polynomial of degree 13 in r. No constant is selected at the ends: a formula around
    it would be split into branches there, and no longer vectorise.
    """
    power, rise = _powers(x)
    return power * (rise + 1.0)


@inline
def bounded_expm1(x):
    """e**x - 1 with x held to the same range, relative error below 6e-16, near 0 too."""
    power, rise = _powers(x)
    return power * rise + (power - 1.0)


@inline
def _powers32(x):
    """As _powers, for float32: x held to [-87.3, 88.3], Taylor polynomial of degree 7."""
    clamped = TOP_32 if x > TOP_32 else x
    clamped = BOTTOM_32 if clamped < BOTTOM_32 else clamped
    shifted = clamped * LOG2E_32 + ROUND_32
    k = shifted - ROUND_32
    r = (clamped - k * LN2_HIGH_32) - k * LN2_LOW_32
    p = TAYLOR_32[0]
    p = p * r + TAYLOR_32[1]
    p = p * r + TAYLOR_32[2]
    p = p * r + TAYLOR_32[3]
    p = p * r + TAYLOR_32[4]
    p = p * r + TAYLOR_32[5]
    p = p * r + ONE_32
    return number32(int32(bits32(shifted) + int32(127))), p * r


@inline
def bounded_exp32(x):
    """e**x for float32 x held to [-87.3, 88.3], relative error below 2e-7; NaN stays NaN."""
    power, rise = _powers32(x)
    return power * (rise + ONE_32)


@inline
def bounded_expm1_32(x):
    """e**x - 1 for float32 x held to the same range, relative error below 3e-7, near 0 too."""
    power, rise = _powers32(x)
    return power * rise + (power - ONE_32)


@inline
def normal_log(x):
    """Natural logarithm of a normal positive finite float64, relative error below 4e-16;
    unspecified elsewhere.

    x = 2**k m with sqrt(1/2) <= m < sqrt(2); log m = 2 atanh(s), s = (m - 1) / (m + 1), by its
    series to s**21.
    """
    pattern = bits(x)
    mantissa = number((pattern & 0x000FFFFFFFFFFFFF) | 0x3FE0000000000000)  # in [1/2, 1)
    k = float((pattern >> 52) - 1022)
    small = mantissa < SQRT_HALF
    m = mantissa * 2.0 if small else mantissa
    k = k - 1.0 if small else k
    f = m - 1.0
    s = f / (m + 1.0)
    z = s * s
    q = 1.0 / 21.0
    q = q * z + 1.0 / 19.0
    q = q * z + 1.0 / 17.0
    q = q * z + 1.0 / 15.0
    q = q * z + 1.0 / 13.0
    q = q * z + 1.0 / 11.0
    q = q * z + 1.0 / 9.0
    q = q * z + 1.0 / 7.0
    q = q * z + 1.0 / 5.0
    q = q * z + 1.0 / 3.0
    # log m = 2 s + 2 s**3 q, and 2 s = f - s f exactly, which keeps the leading term unrounded
    return k * LN2_HIGH + (f - s * (f - 2.0 * z * q) + k * LN2_LOW)


@inline
def exp(x):
    """e**x for float64 x, relative error below 4e-16; inf above 709.4, 0 below -708.3 (no
    denormals).
    """
    value = bounded_exp(x)
    value = float("inf") if x > 709.4 else value
    return 0.0 if x < -708.3 else value


@inline
def log(x):
    """Natural logarithm of a float64 that is not denormal; -inf at 0, NaN below 0, inf at inf."""
    value = normal_log(x)
    value = value if x < float("inf") else x
    value = -float("inf") if x == 0.0 else value
    return value if x >= 0.0 else float("nan")


@inline
def _quarters(x):
    """(k, r, sin r, cos r) with x = k pi/2 + r and |r| <= pi/4: fdlibm's k_sin.c and k_cos.c, pi/2
    in three parts.
    """
    shifted = x * TWO_OVER_PI + ROUND
    k = shifted - ROUND
    r = ((x - k * PI_HALF_HIGH) - k * PI_HALF_MIDDLE) - k * PI_HALF_LOW
    z = r * r
    s = 1.58969099521155010221e-10 * z - 2.50507602534068634195e-08
    s = s * z + 2.75573137070700676789e-06
    s = s * z - 1.98412698298579493134e-04
    s = s * z + 8.33333333332248946124e-03
    s = s * z - 1.66666666666666324348e-01
    c = -1.13596475577881948265e-11 * z + 2.08757232129817482790e-09
    c = c * z - 2.75573143513906633035e-07
    c = c * z + 2.48015872894767294178e-05
    c = c * z - 1.38888888888741095749e-03
    c = c * z + 4.16666666666666019037e-02
    return bits(shifted), r + r * z * s, 1.0 - 0.5 * z + z * z * c


@inline
def sin(x):
    """Sine, absolute error below 3e-16 for |x| up to 1e9; from 1e15 on some number in [-1, 1]. NaN
    and inf give NaN.
    """
    k, s, c = _quarters(x)
    value = c if k & 1 else s
    value = -value if k & 2 else value
    value = 1.0 if value > 1.0 else value
    return -1.0 if value < -1.0 else value


@inline
def cos(x):
    """Cosine, as accurate as sin."""
    k, s, c = _quarters(x)
    value = s if k & 1 else c
    value = -value if (k + 1) & 2 else value
    value = 1.0 if value > 1.0 else value
    return -1.0 if value < -1.0 else value
