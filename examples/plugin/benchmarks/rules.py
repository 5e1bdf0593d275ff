"""How far, how fast and how quick the package's rule is, beside Adam, on its own problem and on optbench's."""

from itertools import product

from optbench.bench.suite import convergence, speed

OPTIMIZERS = ("adam", "diffgrad")
PROBLEMS = ("leon", "quadratic", "rosenbrock")


class Convergence(convergence.Convergence):
    """Every problem, optimizer and learning rate."""

    params = (PROBLEMS, OPTIMIZERS, convergence.LRS)


class Speed(speed.Speed):
    """Every problem and optimizer at one learning rate."""

    params = (PROBLEMS, OPTIMIZERS)
    pairs = tuple(product(PROBLEMS, OPTIMIZERS))
