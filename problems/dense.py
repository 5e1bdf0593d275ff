"""The Problem of a dense network on a data set: its formula, its starts, its parameters, and the
checks of its data.
"""

import math
from collections.abc import Sequence

import numpy as np

from ..kernels.grammar import InputError, unknown
from ..kernels.network import activations, losses
from ..kernels.network.dense import network, parameter_shapes, product_operations
from ..kernels.network.layout import describe
from ..kernels.network.losses import LOSSES, Facts, Loss
from .data_set import DataSet
from .problem import Problem

INITS = {
    "lecun": lambda fan_in, fan_out: fan_in**-0.5,
    "glorot": lambda fan_in, fan_out: (2 / (fan_in + fan_out)) ** 0.5,
    "he": lambda fan_in, fan_out: (2 / fan_in) ** 0.5,
    "standard_normal": lambda fan_in, fan_out: 1.0,
    "zeros": lambda fan_in, fan_out: 0.0,
}
"""Standard deviations of the normal numbers that weights begin with, by units in and out.

LeCun, Bottou, Orr & Müller (1998), Efficient BackProp, section 4.6; Glorot & Bengio (2010),
AISTATS, eq. 12, also called Xavier's; He, Zhang, Ren & Sun (2015), ICCV, eq. 10.
"""

PROBLEM_FIELDS = {
    "family",
    "kind",
    "levels",
    "minimizers",
    "minimum",
    "tags",
    "taus",
    "noisy",
    "project",
    "start_loss",
    "least_loss",
}
"""Problem's fields that a network on data may be given."""


def dense_problem(
    widths: Sequence[int],
    activation: str,
    loss: str,
    inputs,
    targets,
    *,
    budget: int,
    source: str,
    init: str = "lecun",
    l2: float = 0.0,
    held_out=None,
    batch: int = 0,
    **fields,
) -> Problem:
    """The Problem of a dense network on a data set: `dense_problem([64, 32, 10], "tanh",
    "softmax_cross_entropy", x, y, ...)`.

    widths : units of every layer, inputs first; [64, 10] is a linear model.
    activation : of the hidden layers, one of kernels.network.activations.NAMES.
    loss : one of kernels.network.losses.NAMES, its mean over rows and outputs as torch's
    reduction="mean"; softmax_cross_entropy, which joins a row's outputs, over rows.
    inputs : (N, widths[0]).  targets : (N, widths[-1]), for softmax_cross_entropy labels 0, 1, ...;
    one a row may be (N,).
    budget : gradient evaluations.  source : where the problem comes from.  batch : rows of a
    mini-batch, 0 for all.
    init : one of INITS, for the weights; biases begin at zero.  l2 : coefficient of half the sum of
    squared weights.
    held_out : (inputs, targets) that are never trained on, on which the metric is taken: accuracy
    or R², of several outputs the mean of each one's.
    fields : Problem's other fields; levels, losses that count as targets, easiest first, or
    minimum, f*, of which targets are made; without either nothing counts as solved. A Problem made
    without @problem needs a family, its name.

    Raises InputError for unknown names and for data that don't fit the widths or the loss.
    """
    for word, value, known in (
        ("activation", activation, activations.NAMES),
        ("loss", loss, losses.NAMES),
        ("init", init, INITS),
    ):
        if not isinstance(value, str) or value not in known:
            raise unknown(word, str(value), known)
    for word in fields:
        if word not in PROBLEM_FIELDS:
            raise unknown("argument", word, PROBLEM_FIELDS)
    widths = _checked_widths(widths)
    inputs, targets = _checked(widths, loss, inputs, targets)
    if not (_whole(batch) and 0 <= batch <= len(inputs)):
        raise InputError(
            f"batch must be a whole number from 0 (all rows) to {len(inputs)}, the rows that there"
            f" are, not {batch!r}"
        )
    if not (isinstance(l2, (int, float)) and 0 <= l2 < math.inf):
        raise InputError(f"l2 must be a number from 0 on, not {l2!r}")
    shapes = parameter_shapes(widths)
    spread = [
        np.full(int(np.prod(shape)), INITS[init](*shape) if len(shape) == 2 else 0.0)
        for _, shape in shapes
    ]
    unseen = {}
    if held_out is not None:
        if not (isinstance(held_out, Sequence) and len(held_out) == 2):
            raise InputError(
                "held_out must be a pair: inputs and targets that are never trained on"
            )
        rows, answers = _checked(widths, loss, *held_out)
        unseen = {
            "held_out": describe(widths, activation, loss, rows, answers, l2),
            "held_out_samples": len(rows),
            "metric": _facts(loss).metric,
        }
    return Problem(
        formula=network,
        center=np.zeros(sum(part.size for part in spread)),
        spread=np.concatenate(spread),
        published=False,
        data_set=DataSet(
            data=describe(widths, activation, loss, inputs, targets, l2),
            samples=len(inputs),
            batch=batch,
            product_operations=product_operations(widths),
            **unseen,
        ),
        budget=budget,
        source=source,
        shapes=shapes,
        **{"kind": "network" if len(widths) > 2 else "regression", **fields},
    )


def _facts(loss: str) -> Facts:
    return LOSSES[Loss(losses.NAMES.index(loss))]


def _whole(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _checked_widths(widths: object) -> list[int]:
    listed = (
        list(widths)
        if isinstance(widths, Sequence | np.ndarray) and not isinstance(widths, str)
        else []
    )
    if len(listed) < 2 or not all(_whole(width) and width >= 1 for width in listed):
        raise InputError(
            f"a network's widths must be two whole numbers or more, from 1 on, not {widths!r}"
        )
    return [int(width) for width in listed]


def _checked(widths: Sequence[int], loss: str, inputs, targets) -> tuple[np.ndarray, np.ndarray]:
    """The data as float64. A label that is no class would be read from beyond the outputs."""
    try:
        inputs, targets = np.asarray(inputs, np.float64), np.asarray(targets, np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"inputs and targets must be arrays of numbers: {error}") from error
    if inputs.ndim != 2 or len(inputs) < 1 or inputs.shape[1] != widths[0]:
        raise InputError(
            f"a network of widths {list(widths)} needs inputs (N, {widths[0]}), not {inputs.shape}"
        )
    facts = _facts(loss)
    labels = facts.labels
    if targets.ndim == 1 and (labels or widths[-1] == 1):
        targets = targets[:, None]
    if targets.shape != (len(inputs), 1 if labels else widths[-1]):
        what = (
            f"labels ({len(inputs)},), not one-hot"
            if labels
            else f"targets ({len(inputs)}, {widths[-1]})"
        )
        raise InputError(f"{loss} needs {what}; these are {targets.shape}")
    if not (np.isfinite(inputs).all() and np.isfinite(targets).all()):
        raise InputError("inputs and targets must be finite numbers")
    if labels and not np.isin(targets, np.arange(widths[-1])).all():
        raise InputError(
            f"{loss} needs labels from 0 to {widths[-1] - 1}, an output for each class"
        )
    if not ((targets >= facts.least) & (targets <= facts.most)).all():
        raise InputError(f"{loss} needs {facts.needs}")
    return inputs, targets
