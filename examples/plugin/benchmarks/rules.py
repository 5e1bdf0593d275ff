"""How far, how fast and how quick the package's rule is, beside Adam, on its own problem and on
optbench's.
"""

from itertools import product

from optbench.bench.benchmarks import convergence, speed, variants

OPTIMIZERS = ("adam", "diffgrad")
PROBLEMS = ("leon", "quadratic", "rosenbrock")


class Convergence(convergence.Convergence):
    """Every problem, optimizer and learning rate."""

    params = (PROBLEMS, OPTIMIZERS, convergence.LRS)


class Schedules(variants.Schedules):
    """The same under schedules of the learning rate, by their names in optbench."""

    params = (("leon",), OPTIMIZERS, ("1.0e-02",), ("cosine[warmup=10]", "step[every=30]"))


class Dtypes(variants.Dtypes):
    """In float32, too."""

    params = (("leon",), OPTIMIZERS, ("1.0e-02",), ("float32",))


class Speed(speed.Speed):
    """Every problem and optimizer at one learning rate."""

    params = (PROBLEMS, OPTIMIZERS)
    pairs = tuple(product(PROBLEMS, OPTIMIZERS))
