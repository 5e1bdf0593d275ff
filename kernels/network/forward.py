"""Dense layers, activations and losses: forward. backward.py has the same names in the same order.

A layer's values are (units, samples, L) over lanes, its parameters rows of x: (units_in *
units_out, L). A pass run by run has (units, samples), which losses see as (units, 1, samples): what
they sum up is then each sample's. Sums run over samples and units in a fixed order, so that a run's
bits do not depend on its neighbours. network.py makes means of them: over samples and units, as
torch's reduction="mean"; of softmax_cross_entropy, which has one term a sample, over samples.
"""

import numpy as np

from ..elementary import bounded_exp, bounded_exp32, exp, normal_log
from ..jit import by_storage, jit
from .activations import gelu, leaky_relu, relu, sigmoid, softplus, tanh

ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "gelu")
LOSSES = ("mean_squared_error", "binary_cross_entropy", "softmax_cross_entropy", "huber", "poisson")
METRICS = ("R²", "accuracy", "accuracy", "R²", "R²")
"""What score.py makes of a loss's outputs."""


@jit
def data_layer(inputs, weights, bias, out):
    """out = inputs @ weights + bias over lanes, for inputs that all lanes share.

    inputs : (samples, units_in).  weights : (units_in * units_out, L).  bias : (units_out, L).
    out : (units_out, samples, L).
    """
    samples, units_in = inputs.shape
    units_out, _, lanes = out.shape
    # two terms a pass, since a pass over out costs as much as a term; the first pass brings the
    # bias
    odd = units_in % 2
    for h in range(units_out):
        for s in range(samples):
            if odd:
                a = inputs[s, 0]
                for lane in range(lanes):
                    out[h, s, lane] = bias[h, lane] + a * weights[h, lane]
            else:
                a, b = inputs[s, 0], inputs[s, 1]
                for lane in range(lanes):
                    out[h, s, lane] = (
                        bias[h, lane] + a * weights[h, lane] + b * weights[units_out + h, lane]
                    )
            for d in range(2 - odd, units_in, 2):
                a, b, i = inputs[s, d], inputs[s, d + 1], d * units_out + h
                for lane in range(lanes):
                    out[h, s, lane] += a * weights[i, lane] + b * weights[i + units_out, lane]


@jit
def layer(inputs, weights, bias, out):
    """out = inputs @ weights + bias over lanes; as data_layer, with inputs (units_in, samples, L)
    of each lane's own.
    """
    units_in, samples, lanes = inputs.shape
    units_out = out.shape[0]
    odd = units_in % 2
    for k in range(units_out):
        for s in range(samples):
            if odd:
                for lane in range(lanes):
                    out[k, s, lane] = bias[k, lane] + inputs[0, s, lane] * weights[k, lane]
            else:
                for lane in range(lanes):
                    first = inputs[0, s, lane] * weights[k, lane]
                    out[k, s, lane] = (
                        bias[k, lane] + first + inputs[1, s, lane] * weights[units_out + k, lane]
                    )
            for h in range(2 - odd, units_in, 2):
                i = h * units_out + k
                for lane in range(lanes):
                    first = inputs[h, s, lane] * weights[i, lane]
                    out[k, s, lane] += first + inputs[h + 1, s, lane] * weights[i + units_out, lane]


@jit
def product(inputs, weights, out):
    """out = weights @ inputs for one run, by BLAS.

    inputs : (units_in + 1, samples), its last row ones.  weights : (units_out, units_in + 1), the
    last column the bias.
    out : (units_out, samples).
    """
    np.dot(weights, inputs, out)


@jit
def activation(code, values, slopes):
    """Apply ACTIVATIONS[code] in place; values is flat. slopes, likewise: filled where they can't
    be told from the result.
    """
    if code == 1:
        for i in range(values.size):
            values[i] = sigmoid(values[i])
    elif code == 2:
        for i in range(values.size):
            values[i] = tanh(values[i])
    elif code == 3:
        for i in range(values.size):
            values[i] = relu(values[i])
    elif code == 4:
        for i in range(values.size):
            values[i] = leaky_relu(values[i])
    elif code == 5:
        for i in range(values.size):
            values[i] = softplus(float(values[i]))
    elif code == 6:
        for i in range(values.size):
            values[i], slopes[i] = gelu(float(values[i]))


@jit
def mean_squared_error(outputs, targets, losses):
    """losses += sum over units and samples of (output - target)**2.

    outputs, targets : (units, samples, L).  losses : float64 (L,).
    """
    for k in range(outputs.shape[0]):
        for s in range(outputs.shape[1]):
            for lane in range(losses.size):
                losses[lane] += (outputs[k, s, lane] - targets[k, s, lane]) ** 2


@jit
def binary_cross_entropy(outputs, targets, losses):
    """losses += sum over units and samples of softplus(z) - y z: the negative log likelihood of y
    at logits z = outputs.

    outputs, targets : (units, samples, L), targets y from 0 to 1.
    """
    for k in range(outputs.shape[0]):
        for s in range(outputs.shape[1]):
            for lane in range(losses.size):
                z = float(outputs[k, s, lane])
                losses[lane] += softplus(z) - targets[k, s, lane] * z


@by_storage(bounded_exp, bounded_exp32)
def _power(x):
    """e**x in the storage dtype."""


@jit
def softmax_cross_entropy(outputs, targets, losses):
    """losses += sum over samples of log sum_j e**z_j - z_label; outputs become the class
    probabilities.

    targets : (1, samples, L), labels. The largest logit is taken out first (log-sum-exp), so that
    no exponential overflows.
    """
    classes, samples, lanes = outputs.shape
    top, total = np.empty(lanes, outputs.dtype), np.empty(lanes, outputs.dtype)
    for s in range(samples):
        for lane in range(lanes):
            top[lane] = outputs[0, s, lane]
            total[lane] = 0.0
        for k in range(1, classes):
            for lane in range(lanes):
                z = outputs[k, s, lane]
                top[lane] = z if z > top[lane] else top[lane]
        for lane in range(lanes):
            losses[lane] += float(top[lane]) - outputs[int(targets[0, s, lane]), s, lane]
        for k in range(classes):
            for lane in range(lanes):
                power = _power(outputs[k, s, lane] - top[lane])
                outputs[k, s, lane] = power
                total[lane] += power
        for lane in range(lanes):
            sum = float(total[lane])
            losses[lane] += normal_log(sum) + 0.0 * sum  # normal_log of NaN is a number
            total[lane] = 1.0 / total[lane]
        for k in range(classes):
            for lane in range(lanes):
                outputs[k, s, lane] *= total[lane]


@jit
def huber(outputs, targets, losses):
    """losses += sum over units and samples of r**2 / 2 up to |r| = 1, |r| - 1/2 beyond.

    Huber (1964), Annals of Mathematical Statistics 35(1), 73-101, with delta 1.
    """
    for k in range(outputs.shape[0]):
        for s in range(outputs.shape[1]):
            for lane in range(losses.size):
                r = abs(float(outputs[k, s, lane]) - targets[k, s, lane])
                losses[lane] += 0.5 * r * r if r <= 1.0 else r - 0.5


@jit
def poisson(outputs, targets, losses):
    """losses += sum over units and samples of e**z - y z, the negative log likelihood of counts y
    at log means z = outputs, without log y!.
    """
    for k in range(outputs.shape[0]):
        for s in range(outputs.shape[1]):
            for lane in range(losses.size):
                z = float(outputs[k, s, lane])
                losses[lane] += exp(z) - targets[k, s, lane] * z


@jit
def loss(code, outputs, targets, losses):
    """losses += LOSSES[code]."""
    if code == 0:
        mean_squared_error(outputs, targets, losses)
    elif code == 1:
        binary_cross_entropy(outputs, targets, losses)
    elif code == 2:
        softmax_cross_entropy(outputs, targets, losses)
    elif code == 3:
        huber(outputs, targets, losses)
    else:
        poisson(outputs, targets, losses)
