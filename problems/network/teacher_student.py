"""A network that learns another one's outputs: f* = 0 at known weights, however nonconvex the way
there.
"""

import numpy as np
from scipy.special import ndtr

from ...kernels import random
from ...kernels.grammar import InputError, unknown
from ...kernels.network.activations import LEAK
from ...kernels.network.activations import NAMES as ACTIVATIONS
from ..dense import dense_problem
from ..registry import problem

FUNCTIONS = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 0.5 * (1.0 + np.tanh(0.5 * z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
    "leaky_relu": lambda z: np.maximum(z, LEAK * z),
    "softplus": lambda z: np.logaddexp(0.0, z),
    "gelu": lambda z: z * ndtr(z),
}


def drawn(word: str, rows: int, columns: int) -> np.ndarray:
    """Standard normal numbers (rows, columns), always the same for a word."""
    return random.start_normals(
        random.mix(f"teacher_student {word}", np.zeros(1, np.int64)), rows * columns
    ).reshape(rows, -1)


@problem(variants=[{"batch": 16}])
def teacher_student(activation="tanh", batch=0, hidden=4, inputs=8):
    """Mean squared error of an inputs-hidden-1 network on the outputs of a fixed one of the same
    shape, the teacher.

    Saad & Solla (1995), Physical Review E 52(4), 4225-4243, here with weights in both layers and a
    fixed set of rows, 4 per weight of the first layer, standard normal. The teacher's weights are
    drawn as the starts are, with variance 1/fan_in, its biases are zero; it is a minimizer, and so
    are its copies with hidden units exchanged, or with tanh mirrored. batch=0 takes all rows at
    each step; in mini-batches the noise vanishes at the minimum, since every row is fitted.
    """
    rows = 4 * inputs * hidden
    if inputs < 1 or hidden < 1 or not 0 <= batch <= rows:
        raise InputError(
            f"teacher_student[batch={batch},hidden={hidden},inputs={inputs}]: hidden and inputs"
            " must be at least 1, batch goes from 0 to the 4 hidden inputs rows that there are"
        )
    if activation not in ACTIVATIONS:
        raise unknown("activation", activation, ACTIVATIONS)
    samples = drawn("inputs", rows, inputs)
    first = drawn("first layer", inputs, hidden) * inputs**-0.5
    second = drawn("second layer", hidden, 1) * hidden**-0.5
    return dense_problem(
        [inputs, hidden, 1],
        activation,
        "mean_squared_error",
        samples,
        FUNCTIONS[activation](samples @ first) @ second,
        budget=600 if batch else 2000,
        kind="network",
        tags=("multimodal",),
        source="Saad & Solla (1995), Physical Review E 52(4), 4225-4243",
        minimum=0.0,
        minimizers=np.concatenate([first.ravel(), np.zeros(hidden), second[:, 0], [0.0]])[None],
        batch=batch,
        taus=(1e-1, 1e-2, 3e-3) if batch else (1e-1, 1e-2, 1e-4),
    )
