"""Dense layers, activations and losses: forward. backward.py has the same names in the same order.

Arrays are lanes last: a layer's values are (samples, units, L), its parameters rows of x, (units_in * units_out, L).
Sums run over samples and units in a fixed order, so that a lane's bits do not depend on its neighbours.
"""

import numpy as np

from .activations import bounded_exp, exp, normal_log, relu, sigmoid, softplus, tanh
from .jit import jit

ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu")
LOSSES = ("mean_squared_error", "binary_cross_entropy", "softmax_cross_entropy", "huber", "poisson")
METRICS = ("R²", "accuracy", "accuracy", "R²", "R²")
"""What score.py makes of a loss's outputs."""


@jit
def shared_product(inputs, weights, out):
    """out = inputs @ weights: one BLAS product for all lanes of a panel.

    inputs : (samples, units_in), the same for every lane.  weights : (units_in * units_out, L).
    out : (samples, units_out, L).
    """
    samples, units_in = inputs.shape
    columns = out.shape[1] * out.shape[2]
    np.dot(inputs, weights.reshape(units_in, columns), out.reshape(samples, columns))


@jit
def add_bias(bias, out):
    """out += bias; bias : (units_out, L), out : (samples, units_out, L)."""
    for s in range(out.shape[0]):
        for h in range(out.shape[1]):
            for lane in range(out.shape[2]):
                out[s, h, lane] += bias[h, lane]


@jit
def data_layer(inputs, weights, bias, out):
    """out = inputs @ weights + bias over lanes, for inputs that all lanes share.

    inputs : (samples, units_in).  weights : (units_in * units_out, L).  bias : (units_out, L).
    out : (samples, units_out, L).
    """
    samples, units_in = inputs.shape
    units_out, lanes = out.shape[1], out.shape[2]
    # two terms a pass, since a pass over out costs as much as a term; the first pass brings the bias
    odd = units_in % 2
    for s in range(samples):
        for h in range(units_out):
            if odd:
                a = inputs[s, 0]
                for lane in range(lanes):
                    out[s, h, lane] = bias[h, lane] + a * weights[h, lane]
            else:
                a, b = inputs[s, 0], inputs[s, 1]
                for lane in range(lanes):
                    out[s, h, lane] = bias[h, lane] + a * weights[h, lane] + b * weights[units_out + h, lane]
            for d in range(2 - odd, units_in, 2):
                a, b, i = inputs[s, d], inputs[s, d + 1], d * units_out + h
                for lane in range(lanes):
                    out[s, h, lane] += a * weights[i, lane] + b * weights[i + units_out, lane]


@jit
def layer(inputs, weights, bias, out):
    """out = inputs @ weights + bias over lanes; as data_layer, with inputs (samples, units_in, L) of each lane's own."""
    samples, units_in, lanes = inputs.shape
    units_out = out.shape[1]
    odd = units_in % 2
    for s in range(samples):
        for k in range(units_out):
            if odd:
                for lane in range(lanes):
                    out[s, k, lane] = bias[k, lane] + inputs[s, 0, lane] * weights[k, lane]
            else:
                for lane in range(lanes):
                    first = inputs[s, 0, lane] * weights[k, lane]
                    out[s, k, lane] = bias[k, lane] + first + inputs[s, 1, lane] * weights[units_out + k, lane]
            for h in range(2 - odd, units_in, 2):
                i = h * units_out + k
                for lane in range(lanes):
                    first = inputs[s, h, lane] * weights[i, lane]
                    out[s, k, lane] += first + inputs[s, h + 1, lane] * weights[i + units_out, lane]


@jit
def activation(code, values):
    """Apply ACTIVATIONS[code] in place; values is flat."""
    if code == 1:
        for i in range(values.size):
            values[i] = sigmoid(values[i])
    elif code == 2:
        for i in range(values.size):
            values[i] = tanh(values[i])
    elif code == 3:
        for i in range(values.size):
            values[i] = relu(values[i])


@jit
def mean_squared_error(outputs, targets, loss):
    """loss += sum of (output - target)**2; outputs : (samples, units, L), targets : (samples, units)."""
    for s in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            target = targets[s, k]
            for lane in range(outputs.shape[2]):
                loss[lane] += (outputs[s, k, lane] - target) ** 2


@jit
def binary_cross_entropy(outputs, targets, loss):
    """loss += sum of softplus(z) - y z, the negative log likelihood of targets y in {0, 1} at logits z = outputs."""
    for s in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            target = targets[s, k]
            for lane in range(outputs.shape[2]):
                z = outputs[s, k, lane]
                loss[lane] += softplus(float(z)) - target * z


@jit
def softmax_cross_entropy(outputs, targets, loss):
    """loss += sum of log sum_j e**z_j - z_label; outputs become the class probabilities. targets : (samples, 1), labels.

    The largest logit is taken out first (log-sum-exp), so that no exponential overflows.
    """
    samples, classes, lanes = outputs.shape
    top, total = np.empty(lanes), np.empty(lanes)
    for s in range(samples):
        label = int(targets[s, 0])
        for lane in range(lanes):
            top[lane] = outputs[s, 0, lane]
            total[lane] = 0.0
        for k in range(1, classes):
            for lane in range(lanes):
                z = float(outputs[s, k, lane])
                top[lane] = z if z > top[lane] else top[lane]
        for lane in range(lanes):
            loss[lane] += top[lane] - outputs[s, label, lane]
        for k in range(classes):
            for lane in range(lanes):
                power = bounded_exp(outputs[s, k, lane] - top[lane])
                outputs[s, k, lane] = power
                total[lane] += power
        for lane in range(lanes):
            loss[lane] += normal_log(total[lane])
            total[lane] = 1.0 / total[lane]
        for k in range(classes):
            for lane in range(lanes):
                outputs[s, k, lane] *= total[lane]


@jit
def huber(outputs, targets, loss):
    """loss += sum of r**2 / 2 up to |r| = 1, |r| - 1/2 beyond; Huber (1964), Ann. Math. Statist. 35(1), delta 1."""
    for s in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            target = targets[s, k]
            for lane in range(outputs.shape[2]):
                r = abs(float(outputs[s, k, lane]) - target)
                loss[lane] += 0.5 * r * r if r <= 1.0 else r - 0.5


@jit
def poisson(outputs, targets, loss):
    """loss += sum of e**z - y z, the negative log likelihood of counts y at log means z = outputs, without log y!."""
    for s in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            target = targets[s, k]
            for lane in range(outputs.shape[2]):
                z = float(outputs[s, k, lane])
                loss[lane] += exp(z) - target * z
