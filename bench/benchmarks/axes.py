"""Which optimizers and problems asv tracks, and how each is measured: the only list of them here.

The benchmarks measure any commit. So the names are written out and not asked of the package, which
would file an old commit's numbers under other names. A test compares this list with the package's
own: COMMON in bench/plugins/discovery.py and the default suite in bench/sweep/suites.toml.
"""

from typing import NamedTuple


class Optimizer(NamedTuple):
    """How one optimizer is measured.

    lr : the learning rate of its timed runs, with which every problem converges slowly: diverged
    runs and denormal numbers take longer.  Text: a stable key for asv.
    compiled : whether the compilation of its kernel is timed by itself. Adam's is in the cold
    start.
    """

    lr: str
    compiled: bool


class Problem(NamedTuple):
    """How one problem is measured.

    steps : of a run of the convergence, the problem's budget; None for a problem that is only
    timed.
    lanes, timed_steps : of a timed block, which takes 0.2 to 6 ms.
    compiled : whether the compilation of its kernel is timed by itself. Rosenbrock's is in the cold
    start; networks and regressions share one kernel, which stands under `mlp`.
    """

    steps: int | None
    lanes: int
    timed_steps: int
    compiled: bool


OPTIMIZERS = {
    "adagrad": Optimizer("1.0e-02", True),
    "adam": Optimizer("1.0e-03", False),
    "adamw": Optimizer("1.0e-03", True),
    "lion": Optimizer("1.0e-04", True),
    "momentum": Optimizer("1.0e-04", True),
    "nesterov": Optimizer("1.0e-04", True),
    "rmsprop": Optimizer("1.0e-03", True),
    "sgd": Optimizer("1.0e-03", True),
}
PROBLEMS = {
    "beale": Problem(2000, 64, 1000, True),
    "griewank": Problem(200, 64, 1000, True),
    "helical_valley": Problem(2000, 64, 1000, True),
    "linear_regression": Problem(1000, 64, 20, False),
    "logistic_regression": Problem(600, 64, 20, False),
    "matrix_factorisation": Problem(1000, 64, 100, True),
    "mlp": Problem(600, 64, 20, True),
    "nesterov_worst": Problem(1000, 64, 1000, True),
    "noisy_quadratic": Problem(1000, 64, 100, True),
    "noisy_rosenbrock": Problem(2000, 64, 1000, True),
    "nonsmooth_valley": Problem(3000, 64, 1000, True),
    "plateau": Problem(1000, 64, 1000, True),
    "quadratic": Problem(1000, 64, 1000, True),
    "quadratic[rotated]": Problem(1000, 64, 1000, False),
    "rosenbrock": Problem(5000, 64, 1000, False),
    "rosenbrock[dim=10]": Problem(5000, 64, 1000, False),
    "softmax_regression": Problem(1000, 64, 20, False),
    "xor": Problem(10_000, 64, 1000, False),
    # 16 lanes, since a larger block leaves the caches; few steps, since each is recorded on all
    # rows, off the clock
    "digits": Problem(None, 16, 2, False),
    "digits[hidden=0]": Problem(None, 16, 2, False),
}
"""The digits are timed though the default sweep leaves them out."""
