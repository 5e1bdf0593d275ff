"""Dense layers, activations and losses: backward, by hand. forward.py has the same names in the same order.

`slope` arrays hold the derivative of the loss by the values of the same name: (samples, units, L).
"""

import numpy as np

from .activations import exp, sigmoid
from .jit import jit


@jit
def shared_product(inputs, slope, weights_slope):
    """weights_slope = inputs.T @ slope: one BLAS product for all lanes of a panel; shapes as in forward.py."""
    samples, units_in = inputs.shape
    columns = slope.shape[1] * slope.shape[2]
    np.dot(inputs.T, slope.reshape(samples, columns), weights_slope.reshape(units_in, columns))


@jit
def add_bias(slope, bias_slope):
    """bias_slope = sum over samples of slope."""
    samples, units, lanes = slope.shape
    head = samples % 4
    for h in range(units):
        for s in range(head):
            for lane in range(lanes):
                before = bias_slope[h, lane] if s > 0 else 0.0
                bias_slope[h, lane] = before + slope[s, h, lane]
        for s in range(head, samples, 4):
            for lane in range(lanes):
                before = bias_slope[h, lane] if s > 0 else 0.0
                four = slope[s, h, lane] + slope[s + 1, h, lane] + slope[s + 2, h, lane] + slope[s + 3, h, lane]
                bias_slope[h, lane] = before + four


@jit
def data_layer(inputs, slope, weights_slope, bias_slope):
    """weights_slope = inputs.T @ slope and bias_slope, over lanes."""
    samples, units_in = inputs.shape
    units_out, lanes = slope.shape[1], slope.shape[2]
    head = samples % 4
    for d in range(units_in):
        for h in range(units_out):
            i = d * units_out + h
            for s in range(head):
                a = inputs[s, d]
                for lane in range(lanes):
                    before = weights_slope[i, lane] if s > 0 else 0.0
                    weights_slope[i, lane] = before + a * slope[s, h, lane]
            for s in range(head, samples, 4):
                a, b, c, e = inputs[s, d], inputs[s + 1, d], inputs[s + 2, d], inputs[s + 3, d]
                for lane in range(lanes):
                    before = weights_slope[i, lane] if s > 0 else 0.0
                    weights_slope[i, lane] = before + (
                        a * slope[s, h, lane]
                        + b * slope[s + 1, h, lane]
                        + c * slope[s + 2, h, lane]
                        + e * slope[s + 3, h, lane]
                    )
    add_bias(slope, bias_slope)


@jit
def layer(inputs, weights, slope, weights_slope, bias_slope, inputs_slope):
    """weights_slope, bias_slope and inputs_slope = slope @ weights.T, over lanes, for inputs of each lane's own."""
    samples, units_in, lanes = inputs.shape
    units_out = slope.shape[1]
    head = samples % 4
    for h in range(units_in):
        for k in range(units_out):
            i = h * units_out + k
            for s in range(head):
                for lane in range(lanes):
                    before = weights_slope[i, lane] if s > 0 else 0.0
                    weights_slope[i, lane] = before + inputs[s, h, lane] * slope[s, k, lane]
            for s in range(head, samples, 4):
                for lane in range(lanes):
                    before = weights_slope[i, lane] if s > 0 else 0.0
                    weights_slope[i, lane] = before + (
                        inputs[s, h, lane] * slope[s, k, lane]
                        + inputs[s + 1, h, lane] * slope[s + 1, k, lane]
                        + inputs[s + 2, h, lane] * slope[s + 2, k, lane]
                        + inputs[s + 3, h, lane] * slope[s + 3, k, lane]
                    )
    add_bias(slope, bias_slope)
    odd = units_out % 2
    for s in range(samples):
        for h in range(units_in):
            i = h * units_out
            if odd:
                for lane in range(lanes):
                    inputs_slope[s, h, lane] = slope[s, 0, lane] * weights[i, lane]
            else:
                for lane in range(lanes):
                    inputs_slope[s, h, lane] = slope[s, 0, lane] * weights[i, lane] + slope[s, 1, lane] * weights[i + 1, lane]
            for k in range(2 - odd, units_out, 2):
                for lane in range(lanes):
                    inputs_slope[s, h, lane] += (
                        slope[s, k, lane] * weights[i + k, lane] + slope[s, k + 1, lane] * weights[i + k + 1, lane]
                    )


@jit
def activation(code, values, slope):
    """Turn the slope at an activation's outputs `values` into the slope at its inputs, in place; both flat."""
    if code == 1:
        for i in range(values.size):
            slope[i] *= values[i] * (1.0 - values[i])
    elif code == 2:
        for i in range(values.size):
            slope[i] *= 1.0 - values[i] * values[i]
    elif code == 3:
        for i in range(values.size):
            slope[i] = slope[i] if values[i] > 0.0 else 0.0 * slope[i]


@jit
def mean_squared_error(outputs, targets, scale):
    """Turn outputs into the slope of scale * sum (output - target)**2, in place."""
    for s in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            target = targets[s, k]
            for lane in range(outputs.shape[2]):
                outputs[s, k, lane] = 2.0 * scale * (outputs[s, k, lane] - target)


@jit
def binary_cross_entropy(outputs, targets, scale):
    """Turn logits into the slope of scale * binary_cross_entropy, in place: sigmoid(z) - y."""
    for s in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            target = targets[s, k]
            for lane in range(outputs.shape[2]):
                outputs[s, k, lane] = scale * (sigmoid(float(outputs[s, k, lane])) - target)


@jit
def softmax_cross_entropy(outputs, targets, scale):
    """Turn class probabilities (as the forward pass left them) into the slope at the logits, in place: p - [label]."""
    for s in range(outputs.shape[0]):
        label = int(targets[s, 0])
        for lane in range(outputs.shape[2]):
            outputs[s, label, lane] -= 1.0
        for k in range(outputs.shape[1]):
            for lane in range(outputs.shape[2]):
                outputs[s, k, lane] *= scale


@jit
def huber(outputs, targets, scale):
    """Turn outputs into the slope of scale * huber, in place: the residual, held to [-1, 1]."""
    for s in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            target = targets[s, k]
            for lane in range(outputs.shape[2]):
                r = outputs[s, k, lane] - target
                r = 1.0 if r > 1.0 else r
                outputs[s, k, lane] = scale * (-1.0 if r < -1.0 else r)


@jit
def poisson(outputs, targets, scale):
    """Turn log means into the slope of scale * poisson, in place: e**z - y."""
    for s in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            target = targets[s, k]
            for lane in range(outputs.shape[2]):
                outputs[s, k, lane] = scale * (exp(float(outputs[s, k, lane])) - target)
