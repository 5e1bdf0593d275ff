"""Plain NumPy twins of the kernels: one run, whole arrays, no lanes. Written from the papers, not
from the kernels.
"""

import itertools

import numpy as np
from scipy import special

# --- update rules: (x, g, t, state, settings) -> x; `state` starts empty
# -------------------------------------------


def sgd(x, g, t, state, lr):
    return x - lr * g


def momentum(x, g, t, state, lr, momentum=0.9):
    """Polyak's two-point form, which keeps the point before instead of a velocity."""
    before = state.get("before", x)
    state["before"] = x
    return x - lr * g + momentum * (x - before)


def nesterov(x, g, t, state, lr, momentum=0.9):
    """Sutskever et al., eq. 3 and 4, in the looked-ahead point: y = theta + momentum v."""
    velocity = state.get("v", np.zeros_like(x))
    theta = x - momentum * velocity
    velocity = momentum * velocity - lr * g
    theta = theta + velocity
    state["v"] = velocity
    return theta + momentum * velocity


def rmsprop(x, g, t, state, lr, decay=0.9, eps=1e-8):
    history = state.setdefault("history", [])
    history.append(g**2)
    weights = (1 - decay) * decay ** np.arange(len(history))[::-1]
    return x - lr * g / (np.sqrt(np.tensordot(weights, np.array(history), 1)) + eps)


def _adam_direction(g, t, state, beta1, beta2, eps):
    state["m"] = beta1 * state.get("m", 0.0) + (1 - beta1) * g
    state["v"] = beta2 * state.get("v", 0.0) + (1 - beta2) * g * g
    return (state["m"] / (1 - beta1**t)) / (np.sqrt(state["v"] / (1 - beta2**t)) + eps)


def adam(x, g, t, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    return x - lr * _adam_direction(g, t, state, beta1, beta2, eps)


def adamw(x, g, t, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-4, scale=1.0):
    return x - scale * (lr * _adam_direction(g, t, state, beta1, beta2, eps) + weight_decay * x)


def lion(x, g, t, state, lr, beta1=0.9, beta2=0.99, weight_decay=0.0):
    m = state.get("m", np.zeros_like(x))
    state["m"] = beta2 * m + (1 - beta2) * g
    return x - lr * (np.sign(beta1 * m + (1 - beta1) * g) + weight_decay * x)


UPDATES = {rule.__name__: rule for rule in (sgd, momentum, nesterov, rmsprop, adam, adamw, lion)}

# --- activations and losses of dense networks
# ------------------------------------------------------------------------

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


# --- problems: naive_plane_a.py and the other naive_*.py
# -------------------------------------------------


def central_differences(f, x, step=1e-6):
    """The gradient of f at x (n,) to about step**2."""
    g = np.empty(x.size)
    for i in range(x.size):
        h = step * max(1.0, abs(x[i]))
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (up[i] - down[i])
    return g


# --- random numbers
# --------------------------------------------------------------------------------------------------


def philox4x32(counter, key, rounds=10):
    """Philox4x32 in Python's integers: four words of the counter, two of the key."""
    c, k, mask = list(counter), list(key), 0xFFFFFFFF
    for _ in range(rounds):
        low, high = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(high >> 32) ^ c[1] ^ k[0], high & mask, (low >> 32) ^ c[3] ^ k[1], low & mask]
        k = [(k[0] + 0x9E3779B9) & mask, (k[1] + 0xBB67AE85) & mask]
    return c
