"""Plain NumPy twins of the noisy problems: one run `x (n,)`, from the papers' formulas, not from
the kernels.

TWINS holds the noise-free objectives; FED what is fed at a step, given its draws: (n,) random
numbers, or the step itself.
"""

import functools

import numpy as np


def noisy_quadratic(x):
    return 0.5 * np.sum(np.geomspace(0.01, 1, x.size) * x**2)


def rosenbrock(x):
    u, v = x
    return (1 - u) ** 2 + 100 * (v - u**2) ** 2


def beale(x):
    u, v = x
    return sum((c - u * (1 - v**k)) ** 2 for k, c in ((1, 1.5), (2, 2.25), (3, 2.625)))


def branin(x):
    """Dixon & Szego (1978): a (v - b u**2 + c u - d)**2 + e (1 - f) cos u + e."""
    u, v = x
    a, b, c, d, e, f = 1, 5.1 / (4 * np.pi**2), 5 / np.pi, 6, 10, 1 / (8 * np.pi)
    return a * (v - b * u**2 + c * u - d) ** 2 + e * (1 - f) * np.cos(u) + e


def counterexample(slope, period):
    """Reddi, Kale & Kumar (2018), section 3: the mean over a period of slope x at its first step,
    -x at the others.
    """
    return lambda x: np.mean([(slope if t == 1 else -1) * np.sum(x) for t in range(1, period + 1)])


@functools.cache
def deepobs_hessian():
    """Q of DeepOBS's quadratic_deep, by products of matrices: Diaconis & Shahshahani (1987)."""
    random = np.random.RandomState(42)
    eigenvalues = np.append(random.rand(90), 30 + 30 * random.rand(10))
    angle = 2 * np.pi * random.rand()
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    while len(rotation) < 100:
        v = random.standard_normal(len(rotation) + 1)
        w = np.eye(v.size)[0] - v / np.sqrt(v @ v)
        householder = np.eye(v.size) - 2 * np.outer(w, w) / (w @ w)
        rotation = householder @ np.pad(rotation, (1, 0)) + np.outer(
            householder[:, 0], np.eye(v.size)[0]
        )
    return rotation.T @ np.diag(eigenvalues) @ rotation


@functools.cache
def deepobs_rows(seed):
    """DeepOBS's data, drawn with this seed: 42 to train on, 43 to test."""
    return np.float32(0.6 * np.random.RandomState(seed).standard_normal((1000, 100))).astype(float)


def mean_form(x, rows):
    """The mean over the rows of 1/2 (x - row)'Q(x - row)."""
    return np.mean([0.5 * (x - row) @ deepobs_hessian() @ (x - row) for row in rows])


def tilted(objective, level):
    """The objective plus level * draws'x."""
    return lambda x, draws: objective(x) + level * draws @ x


TWINS = {
    "noisy_quadratic": noisy_quadratic,
    "noisy_quadratic[dim=4]": noisy_quadratic,
    "noisy_quadratic[noise=heavy_tailed]": noisy_quadratic,
    "noisy_quadratic[level=1.0,noise=state_dependent]": noisy_quadratic,
    "noisy_rosenbrock": rosenbrock,
    "noisy_rosenbrock[level=0.1]": rosenbrock,
    "noisy_beale": beale,
    "noisy_beale[level=0.1]": beale,
    "noisy_branin": branin,
    "noisy_branin[level=0.1]": branin,
    "amsgrad_counterexample": counterexample(3, 3),
    "amsgrad_counterexample[dim=3,period=5,slope=7.0]": counterexample(7, 5),
    "quadratic_deep": lambda x: mean_form(x, deepobs_rows(42)),
    "quadratic_deep[batch=0]": lambda x: mean_form(x, deepobs_rows(42)),
}
"""The twin of each problem, by its name: every family, and a second set of parameters where it has
any.
"""

FED = {
    "noisy_quadratic": tilted(noisy_quadratic, 0.1),
    "noisy_quadratic[noise=heavy_tailed]": tilted(noisy_quadratic, 0.1),
    "noisy_quadratic[level=1.0,noise=state_dependent]": lambda x, draws: (
        0.5 * np.sum(np.geomspace(0.01, 1, x.size) * x**2 * (1 + draws))
    ),
    "noisy_rosenbrock": tilted(rosenbrock, 1.0),
    "noisy_beale": tilted(beale, 1.0),
    "noisy_branin": tilted(branin, 1.0),
    "amsgrad_counterexample": lambda x, step: (
        sum(3 * y if (step + i) % 3 == 1 else -y for i, y in enumerate(x[:-1])) + x[-1] / 3
    ),
    "quadratic_deep": lambda x, rows: mean_form(x, deepobs_rows(42)[rows]),
}
"""What each is fed: a function of x and of the step's draws; of the step; of the step's rows."""
