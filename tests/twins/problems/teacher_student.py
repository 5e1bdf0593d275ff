import numpy as np
from twins.fixed_numbers import normals
from twins.networks import ACTIVATIONS, Network


def teacher_student(inputs=8, hidden=4, activation="tanh"):
    """Saad & Solla (1995), Physical Review E 52(4), 4225-4243.

    The targets are the outputs of a network with fixed weights and no biases.
    """
    rows = normals("teacher_student inputs", 4 * inputs * hidden, inputs)
    first = normals("teacher_student first layer", inputs, hidden) / np.sqrt(inputs)
    second = normals("teacher_student second layer", hidden, 1) / np.sqrt(hidden)
    truth = ACTIVATIONS[activation](rows @ first) @ second
    return Network([inputs, hidden, 1], activation, "mean_squared_error", 0.0, (rows, truth))


VARIANTS = ("activation=sigmoid,hidden=3,inputs=5",)
