"""A network and its data set as one flat array, the `data` of its kernel: `describe` writes it and
`read` reads it; and the groups of arrays that the passes take.

`read` is plain Python, which kernels join to themselves (jit.joined).
"""

from typing import NamedTuple

import numpy as np

from . import activations, losses
from .losses import WITH_LABELS


class Header(NamedTuple):
    """The numbers at the beginning of the array. The widths, the inputs and the targets follow.

    layers : how many widths there are.  samples : rows of the data set.
    activation : of the hidden layers, a code of Activation.  loss : a code of Loss.
    l2 : coefficient of half the sum of squared weights.
    """

    layers: int
    samples: int
    activation: int
    loss: int
    l2: float


HEADER = len(Header._fields)


class Network(NamedTuple):
    """What the array says.

    widths : (layers,), units of every layer, inputs first, as numbers of the storage dtype.
    activation, loss, l2 : as in the header.
    inputs : (N, widths[0]).  targets : (N, widths[-1]), or (N, 1) of labels.
    """

    widths: np.ndarray
    activation: int
    loss: int
    l2: float
    inputs: np.ndarray
    targets: np.ndarray


class Batch(NamedTuple):
    """The rows that a pass is over.

    rows : int64, places in the data set.  scale : what makes a mean of the sum over rows and
    outputs.  chunk : rows that pass through the network together.
    """

    rows: np.ndarray
    scale: float
    chunk: int


def describe(widths, activation: str, loss: str, inputs, targets, l2: float = 0.0) -> np.ndarray:
    """A network and its data set as one flat float64 array, the `data` of dense.network.

    widths : units of every layer, inputs first: [64, 32, 10].  activation : of the hidden layers,
    one of activations.NAMES.  loss : one of losses.NAMES.
    inputs : (N, widths[0]).  targets : (N, widths[-1]), or labels (N, 1) for softmax.
    l2 : coefficient of half the sum of squared weights (biases excluded).

    A loss is averaged over rows and outputs, as torch's reduction="mean" does;
    softmax_cross_entropy, which joins a row's outputs, over rows. Raises ValueError for a name that
    is none.
    """
    header = Header(
        layers=len(widths),
        samples=len(inputs),
        activation=activations.NAMES.index(activation),
        loss=losses.NAMES.index(loss),
        l2=l2,
    )
    numbers = np.asarray([*header, *widths], np.float64)
    return np.concatenate([numbers, np.ravel(inputs), np.ravel(targets)])


def read(data):
    """The Network that `describe` has written into `data`; its arrays are views of it."""
    header = Header(
        layers=int(data[0]),
        samples=int(data[1]),
        activation=int(data[2]),
        loss=int(data[3]),
        l2=data[4],
    )
    widths = data[HEADER : HEADER + header.layers]
    units_in, units_out = int(widths[0]), int(widths[header.layers - 1])
    begin = HEADER + header.layers
    end = begin + header.samples * units_in
    inputs = data[begin:end].reshape(header.samples, units_in)
    targets = data[end:].reshape(header.samples, 1 if header.loss in WITH_LABELS else units_out)
    return Network(
        widths=widths,
        activation=header.activation,
        loss=header.loss,
        l2=header.l2,
        inputs=inputs,
        targets=targets,
    )
