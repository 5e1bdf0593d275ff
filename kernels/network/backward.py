"""The backward pass of dense layers, activations and losses. forward.py has functions of the same
names in the same order.

`slope` arrays hold the derivative of the loss by the values of the same name, shaped like these.
`scale` makes a mean of what forward.py sums: 1 / (samples units), for softmax_cross_entropy 1 /
samples.
"""

from collections.abc import Callable

import numpy as np

from ..elementary import bounded_expm1
from ..jit import jit
from .activations import LEAK, Activation
from .losses import Formulas, chosen_by_code, of_each


@jit
def _bias(slope, bias_slope):
    """bias_slope = sum over samples of slope."""
    units, samples, lanes = slope.shape
    head = samples % 4
    for h in range(units):
        for s in range(head):
            for lane in range(lanes):
                before = bias_slope[h, lane] if s > 0 else 0.0
                bias_slope[h, lane] = before + slope[h, s, lane]
        for s in range(head, samples, 4):
            for lane in range(lanes):
                before = bias_slope[h, lane] if s > 0 else 0.0
                four = (
                    slope[h, s, lane]
                    + slope[h, s + 1, lane]
                    + slope[h, s + 2, lane]
                    + slope[h, s + 3, lane]
                )
                bias_slope[h, lane] = before + four


@jit
def data_layer(inputs, slope, weights_slope, bias_slope):
    """weights_slope = inputs.T @ slope and bias_slope, over lanes."""
    samples, units_in = inputs.shape
    units_out, _, lanes = slope.shape
    head = samples % 4
    for d in range(units_in):
        for h in range(units_out):
            i = d * units_out + h
            for s in range(head):
                a = inputs[s, d]
                for lane in range(lanes):
                    before = weights_slope[i, lane] if s > 0 else 0.0
                    weights_slope[i, lane] = before + a * slope[h, s, lane]
            for s in range(head, samples, 4):
                a, b, c, e = inputs[s, d], inputs[s + 1, d], inputs[s + 2, d], inputs[s + 3, d]
                for lane in range(lanes):
                    before = weights_slope[i, lane] if s > 0 else 0.0
                    weights_slope[i, lane] = before + (
                        a * slope[h, s, lane]
                        + b * slope[h, s + 1, lane]
                        + c * slope[h, s + 2, lane]
                        + e * slope[h, s + 3, lane]
                    )
    _bias(slope, bias_slope)


@jit
def layer(inputs, weights, slope, weights_slope, bias_slope, inputs_slope):
    """weights_slope, bias_slope and inputs_slope = slope @ weights.T, over lanes, for inputs of
    each lane's own.
    """
    units_in, samples, lanes = inputs.shape
    units_out = slope.shape[0]
    head = samples % 4
    for h in range(units_in):
        for k in range(units_out):
            i = h * units_out + k
            for s in range(head):
                for lane in range(lanes):
                    before = weights_slope[i, lane] if s > 0 else 0.0
                    weights_slope[i, lane] = before + inputs[h, s, lane] * slope[k, s, lane]
            for s in range(head, samples, 4):
                for lane in range(lanes):
                    before = weights_slope[i, lane] if s > 0 else 0.0
                    weights_slope[i, lane] = before + (
                        inputs[h, s, lane] * slope[k, s, lane]
                        + inputs[h, s + 1, lane] * slope[k, s + 1, lane]
                        + inputs[h, s + 2, lane] * slope[k, s + 2, lane]
                        + inputs[h, s + 3, lane] * slope[k, s + 3, lane]
                    )
    _bias(slope, bias_slope)
    odd = units_out % 2
    for h in range(units_in):
        i = h * units_out
        for s in range(samples):
            if odd:
                for lane in range(lanes):
                    inputs_slope[h, s, lane] = slope[0, s, lane] * weights[i, lane]
            else:
                for lane in range(lanes):
                    inputs_slope[h, s, lane] = (
                        slope[0, s, lane] * weights[i, lane]
                        + slope[1, s, lane] * weights[i + 1, lane]
                    )
            for k in range(2 - odd, units_out, 2):
                for lane in range(lanes):
                    inputs_slope[h, s, lane] += (
                        slope[k, s, lane] * weights[i + k, lane]
                        + slope[k + 1, s, lane] * weights[i + k + 1, lane]
                    )


@jit
def product(inputs, weights, slope, weights_slope, inputs_slope):
    """weights_slope = slope @ inputs.T and inputs_slope = weights.T @ slope for one run, by BLAS.

    inputs_slope : like inputs, its last row of no meaning.
    """
    np.dot(slope, inputs.T, weights_slope)
    np.dot(weights.T, slope, inputs_slope)


@jit
def activation(code, values, slopes, slope):
    """Turn the slope at an activation's results into the slope at its operands, in place.

    code : as for forward.activation.  values : the results.  slopes : as forward.activation left
    them.  slope : changed in place.  All are flat and of the same size.
    """
    one = values.dtype.type(1)  # of float64 it would widen float32 operands
    if code == Activation.SIGMOID:
        for i in range(values.size):
            slope[i] *= values[i] * (one - values[i])
    elif code == Activation.TANH:
        for i in range(values.size):
            slope[i] *= one - values[i] * values[i]
    elif code == Activation.RELU:
        for i in range(values.size):
            slope[i] = slope[i] if values[i] > 0.0 else 0.0 * slope[i]
    elif code == Activation.LEAKY_RELU:
        for i in range(values.size):
            slope[i] = slope[i] if values[i] > 0.0 else LEAK * slope[i]
    elif code == Activation.SOFTPLUS:  # sigmoid(z) = 1 - e**-softplus(z)
        for i in range(values.size):
            slope[i] *= -bounded_expm1(-float(values[i]))
    elif code == Activation.GELU:
        for i in range(values.size):
            slope[i] *= slopes[i]


@jit
def softmax_cross_entropy(outputs, targets, scale):
    """Turn class probabilities (as the forward pass left them) into the slope at the logits, in
    place: p - [label].
    """
    for s in range(outputs.shape[1]):
        for lane in range(outputs.shape[2]):
            outputs[int(targets[0, s, lane]), s, lane] -= 1.0
    for k in range(outputs.shape[0]):
        for s in range(outputs.shape[1]):
            for lane in range(outputs.shape[2]):
                outputs[k, s, lane] *= scale


def _slopes(formulas: Formulas) -> Callable:
    """The loops that turn outputs into the slope of a loss."""
    slope = formulas.slope

    @jit
    def replace(outputs, targets, scale):
        for k in range(outputs.shape[0]):
            for s in range(outputs.shape[1]):
                for lane in range(outputs.shape[2]):
                    outputs[k, s, lane] = scale * slope(outputs[k, s, lane], targets[k, s, lane])

    return replace


_chosen = chosen_by_code(of_each(_slopes, softmax_cross_entropy), "outputs, targets, scale")


@jit
def loss(code, outputs, targets, scale):
    """Turn outputs, as forward.loss left them, into the slope of scale times the loss of this code,
    in place.

    outputs, targets : as for forward.loss.  scale : a number.
    """
    _chosen(code, outputs, targets, scale)
