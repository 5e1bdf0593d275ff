"""Watson's function: a polynomial that is to solve a differential equation, in the ill-conditioned
basis of powers.
"""

import numpy as np

from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem


def polynomial(x, g, loss):
    """sum over t = 1/29 ... 29/29 of (p'(t) - p(t)**2 - 1)**2, + x[0]**2 + (x[1] - x[0]**2 - 1)**2.

    p(t) = sum over j of x[j] t**j.
    """
    n, lanes = x.shape
    value = np.zeros_like(loss)
    r = np.zeros_like(loss)
    for j in range(n):
        for lane in range(lanes):
            g[j, lane] = 0.0
    for lane in range(lanes):
        a = float(x[0, lane])
        off = float(x[1, lane]) - a * a - 1.0
        loss[lane] = a * a + off * off
        g[0, lane] = 2.0 * a - 4.0 * a * off
        g[1, lane] = 2.0 * off
    for i in range(1, 30):
        t = i / 29.0
        for lane in range(lanes):
            value[lane] = float(x[0, lane])
            r[lane] = -1.0
        power = 1.0  # t**(j - 1)
        for j in range(1, n):
            for lane in range(lanes):
                a = power * float(x[j, lane])
                r[lane] += j * a
                value[lane] += t * a
            power *= t
        for lane in range(lanes):
            r[lane] -= value[lane] * value[lane]
            loss[lane] += r[lane] * r[lane]
            g[0, lane] -= 4.0 * r[lane] * value[lane]
        power = 1.0
        for j in range(1, n):
            for lane in range(lanes):
                g[j, lane] += 2.0 * power * r[lane] * (j - 2.0 * t * value[lane])
            power *= t


def least(dim: int) -> tuple[float, np.ndarray]:
    """(f*, the minimizer (dim,)) by the Gauss-Newton method."""
    t = np.arange(1, 30)[:, None] / 29.0
    powers = t ** np.arange(dim)
    slopes = np.arange(dim) * t ** np.maximum(np.arange(dim) - 1, 0)

    def residuals(x):
        return np.concatenate(
            [slopes @ x - (powers @ x) ** 2 - 1.0, [x[0], x[1] - x[0] ** 2 - 1.0]]
        )

    x, ends = np.zeros(dim), np.eye(2, dim)
    for _ in range(50):
        ends[1, 0] = -2.0 * x[0]
        x = (
            x
            - np.linalg.lstsq(
                np.concatenate([slopes - 2.0 * (powers @ x)[:, None] * powers, ends]), residuals(x)
            )[0]
        )
    return float(residuals(x) @ residuals(x)), x


@problem(variants=[{"dim": 9}], ladder=[{"dim": 4}, {"dim": 5}, {"dim": 6}])
def watson(dim=6):
    """Watson's function of `dim` variables, the coefficients of a polynomial p with p' = p**2 + 1
    and p(0) = 0.

    Kowalik & Osborne (1968), Methods for unconstrained optimization problems, Elsevier; More,
    Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 20. The condition number of the Hessian at the
    minimum is 8.5e4 for dim 6 and 1.7e9 for dim 9.
    """
    if (
        not 4 <= dim <= 31
        # with fewer the Gauss-Newton method, which finds the minimizer, fails; 31 residuals bear no
        # more
    ):
        raise InputError(f"watson[dim={dim}]: dim must be from 4 to 31")
    lowest, x = least(dim)
    return Problem(
        formula=polynomial,
        center=np.zeros(dim),
        spread=0.1,
        budget=10_000,
        source=(
            "Kowalik & Osborne (1968); More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 20"
        ),
        minimum=lowest,
        minimizers=x[None, :],
        start_loss="30",
        least_loss={6: "2.287670054e-3", 9: "1.399760138e-6"}.get(dim, ""),
    )
