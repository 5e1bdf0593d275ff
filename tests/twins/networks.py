"""Dense networks in plain NumPy: activations, losses, gradients and metrics, all rows at once."""

import itertools
from typing import NamedTuple

import numpy as np
from scipy import special


class Network(NamedTuple):
    """A network and its data set: what `loss_of` and `metrics` take.

    widths : units of each layer.  train, held_out : inputs (N, d) and targets (N, k), or classes
    (N,); held_out is None where no rows are.
    """

    widths: list
    activation: str
    loss: str
    l2: float
    train: tuple
    held_out: tuple | None = None


ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z < 0, 0.01 * z, z),
    "softplus": lambda z: np.logaddexp(0, z),
    "gelu": lambda z: z * special.ndtr(z),
}

SLOPES = {
    "identity": lambda z: np.ones_like(z),
    "sigmoid": lambda z: special.expit(z) * special.expit(-z),
    "tanh": lambda z: 1 / np.cosh(z) ** 2,
    "relu": lambda z: np.where(z > 0, 1.0, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, 1.0, 0.01),
    "softplus": special.expit,
    "gelu": lambda z: special.ndtr(z) + z * np.exp(-z * z / 2) / np.sqrt(2 * np.pi),
}


def mean_squared_error(outputs, targets):
    return np.mean((outputs - targets) ** 2)


def binary_cross_entropy(outputs, targets):
    return np.mean(np.logaddexp(0, outputs) - targets * outputs)


def softmax_cross_entropy(outputs, targets):
    logs = outputs - np.logaddexp.reduce(outputs, axis=1, keepdims=True)
    return -np.mean(np.take_along_axis(logs, targets.astype(int), axis=1))


def huber(outputs, targets):
    r = np.abs(outputs - targets)
    return np.mean(np.where(r <= 1, r**2 / 2, r - 1 / 2))


def poisson(outputs, targets):
    return np.mean(np.exp(outputs) - targets * outputs)


LOSSES = {
    loss.__name__: loss
    for loss in (mean_squared_error, binary_cross_entropy, softmax_cross_entropy, huber, poisson)
}


def unpack(x, widths):
    """x (n,) as [(W, b), ...], W (inputs, outputs)."""
    layers, at = [], 0
    for rows, columns in itertools.pairwise(widths):
        weights = x[at : at + rows * columns].reshape(rows, columns)
        bias = x[at + rows * columns : at + (rows + 1) * columns]
        layers.append((weights, bias))
        at += (rows + 1) * columns
    return layers


def network_loss(x, widths, activation, loss, inputs, targets, l2=0.0):
    """The dense network's mean loss over the rows given, plus l2/2 times the squared weights."""
    layers, values = unpack(x, widths), inputs
    for i, (weights, bias) in enumerate(layers):
        values = values @ weights + bias
        if i < len(layers) - 1:
            values = ACTIVATIONS[activation](values)
    return LOSSES[loss](values, targets) + 0.5 * l2 * sum(
        np.sum(weights**2) for weights, _ in layers
    )


def network_gradient(x, widths, activation, loss, inputs, targets):
    """The gradient by explicit outer products, sample by sample: (n,)."""
    layers = unpack(x, widths)
    total = [(np.zeros_like(w), np.zeros_like(b)) for w, b in layers]
    for row, target in zip(inputs, targets, strict=True):
        values, sums = [row], []
        for i, (weights, bias) in enumerate(layers):
            z = values[-1] @ weights + bias
            sums.append(z)
            values.append(ACTIVATIONS[activation](z) if i < len(layers) - 1 else z)
        if loss == "mean_squared_error":
            slope = 2 * (z - target) / z.size
        elif loss == "binary_cross_entropy":
            slope = (1 / (1 + np.exp(-z)) - target) / z.size
        elif loss == "huber":
            slope = np.clip(z - target, -1, 1) / z.size
        elif loss == "poisson":
            slope = (np.exp(z) - target) / z.size
        else:
            slope = np.exp(z - np.logaddexp.reduce(z)) - np.eye(z.size)[int(target[0])]
        for i in range(len(layers) - 1, -1, -1):
            total[i][0][:] += np.outer(values[i], slope)
            total[i][1][:] += slope
            if i > 0:
                slope = (layers[i][0] @ slope) * SLOPES[activation](sums[i - 1])
    return np.concatenate([part.ravel() for pair in total for part in pair]) / len(inputs)


def loss_of(x, network):
    """The network's mean loss over its training rows, plus l2/2 |weights|**2."""
    widths, activation, loss, l2, (inputs, targets), _ = network
    return network_loss(x, widths, activation, loss, inputs, targets, l2)


def outputs(x, widths, activation, inputs):
    """The network's outputs, (N, widths[-1])."""
    layers = unpack(x, widths)
    values = inputs
    for weights, bias in layers[:-1]:
        values = ACTIVATIONS[activation](values @ weights + bias)
    return values @ layers[-1][0] + layers[-1][1]


def metrics(x, network):
    """Accuracy or R² on the training rows and on those held out."""
    from sklearn.metrics import r2_score  # takes a second, and most tests don't need it

    found = []
    for inputs, targets in (network.train, network.held_out):
        z = outputs(x, network.widths, network.activation, inputs)
        if network.loss == "softmax_cross_entropy":
            found.append(np.mean(np.argmax(z, axis=1) == targets[:, 0]))
        elif network.loss == "binary_cross_entropy":
            found.append(np.mean((z > 0) == (targets == 1)))
        else:
            predicted = np.exp(z) if network.loss == "poisson" else z
            found.append(r2_score(targets, predicted))  # of several outputs the mean of each one's
    return found
