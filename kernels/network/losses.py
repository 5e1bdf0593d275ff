"""Losses of a dense network: scalar formulas, and what else is true of each loss.

All that there is to say of a loss stands in LOSSES, which is read by forward.py (the loops that sum
the values), backward.py (the loops that fill in the slopes), metric.py (the answers that are
counted) and problems/dense.py (the targets that are allowed). A new loss is a member of Loss and a
row of LOSSES with its formulas.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum
from math import inf
from typing import NamedTuple

from ..elementary import bounded_exp, exp
from ..jit import joined
from .activations import sigmoid, softplus


class Loss(IntEnum):
    """The losses, with the codes that stand for them in a network's data (layout.py)."""

    MEAN_SQUARED_ERROR = 0
    BINARY_CROSS_ENTROPY = 1
    SOFTMAX_CROSS_ENTROPY = 2
    HUBER = 3
    POISSON = 4


class Formulas(NamedTuple):
    """A loss with a term of its own for every output z and its target y, as formulas that are
    joined to their loops.

    value : (z, y) of the storage dtype -> the term.
    slope : (z, y) of the storage dtype -> the term's derivative by z.
    tally : (z, y) in float64 -> for an accuracy 1 where the answer is right and 0 where it isn't;
    for R² the squared error of the prediction.
    """

    value: Callable
    slope: Callable
    tally: Callable


class Facts(NamedTuple):
    """What is true of a loss.

    metric : what is measured beside it, "accuracy" or "R²".
    formulas : None for a loss that joins a row's outputs: its loops are written by hand.
    labels : whether a row's target is one class label 0, 1, ..., and not a number for each output.
    The mean is then over rows alone.
    least, most : the targets that are allowed.  needs : that range as a message says it.
    """

    metric: str
    formulas: Formulas | None
    labels: bool = False
    least: float = -inf
    most: float = inf
    needs: str = ""


@joined
def _square(z, y):
    return (z - y) ** 2


@joined
def _square_slope(z, y):
    return 2.0 * (z - y)


@joined
def _cross_entropy(z, y):
    """softplus(z) - y z: the negative log likelihood of y, from 0 to 1, at the logit z."""
    logit = float(z)
    return softplus(logit) - y * logit


@joined
def _cross_entropy_slope(z, y):
    return sigmoid(float(z)) - y


@joined
def _same_class(z, y):
    return 1.0 if (z > 0.0) == (y > 0.5) else 0.0


@joined
def _huber(z, y):
    """r**2 / 2 up to |r| = 1, |r| - 1/2 beyond, for the residual r = z - y.

    Huber (1964), Annals of Mathematical Statistics 35(1), 73-101, with delta 1.
    """
    r = abs(float(z) - y)
    return 0.5 * r * r if r <= 1.0 else r - 0.5


@joined
def _huber_slope(z, y):
    """The residual, held to [-1, 1]."""
    r = z - y
    r = 1.0 if r > 1.0 else r
    return -1.0 if r < -1.0 else r


@joined
def _poisson(z, y):
    """e**z - y z: the negative log likelihood of a count y at the log mean z, without log y!."""
    log_mean = float(z)
    return exp(log_mean) - y * log_mean


@joined
def _poisson_slope(z, y):
    return exp(float(z)) - y


@joined
def _mean_square(z, y):
    """The squared error of the mean that the log mean z predicts."""
    return (bounded_exp(z) - y) ** 2


LOSSES: dict[Loss, Facts] = {
    Loss.MEAN_SQUARED_ERROR: Facts("R²", Formulas(_square, _square_slope, _square)),
    Loss.BINARY_CROSS_ENTROPY: Facts(
        "accuracy",
        Formulas(_cross_entropy, _cross_entropy_slope, _same_class),
        least=0.0,
        most=1.0,
        needs="targets from 0 to 1: it has no lower bound at others",
    ),
    Loss.SOFTMAX_CROSS_ENTROPY: Facts("accuracy", None, labels=True),
    Loss.HUBER: Facts("R²", Formulas(_huber, _huber_slope, _square)),
    Loss.POISSON: Facts(
        "R²",
        Formulas(_poisson, _poisson_slope, _mean_square),
        least=0.0,
        needs="counts, targets from 0 on",
    ),
}
NAMES = tuple(loss.name.lower() for loss in Loss)
"""The losses as users write them, in the order of their codes."""

WITH_LABELS = tuple(int(loss) for loss, facts in LOSSES.items() if facts.labels)
"""Codes of the losses whose targets are class labels."""
WITH_ACCURACY = tuple(int(loss) for loss, facts in LOSSES.items() if facts.metric == "accuracy")
"""Codes of the losses whose metric is an accuracy, and not R²."""


def of_each(make: Callable[[Formulas], Callable], by_hand: Callable) -> dict[int, Callable]:
    """The loops of every loss by its code: what `make` makes of its formulas, or those written
    `by_hand` for losses that join a row's outputs.
    """
    return {
        int(loss): by_hand if facts.formulas is None else make(facts.formulas)
        for loss, facts in LOSSES.items()
    }


def chosen_by_code(functions: Mapping[int, Callable], arguments: str) -> Callable:
    """A function (code, arguments) that returns functions[code](arguments), to be joined to a
    kernel; the last one for any other code.

    arguments : "z, y". Compiled code has no table of functions, so this is a text of comparisons:
    functions around each other would each take 30 ms to compile.
    """
    *others, last = functions
    branches = [
        f"    if code == {code}:\n        return function_{code}({arguments})\n" for code in others
    ]
    branches.append(f"    return function_{last}({arguments})\n")
    space: dict = {f"function_{code}": function for code, function in functions.items()}
    space["__name__"] = __name__
    exec(f"def choose(code, {arguments}):\n" + "".join(branches), space)
    return joined(space["choose"])
