"""The forward pass of dense layers, activations and losses. backward.py has functions of the same
names in the same order.

A layer's values are (units, samples, L) over lanes, its parameters rows of x: (units_in *
units_out, L). A pass run by run has (units, samples), which losses see as (units, 1, samples): what
they sum up is then each sample's. Sums run over samples and units in a fixed order, so that a run's
bits do not depend on its neighbours. dense.py makes means of them: over samples and units, as
torch's reduction="mean" does; of softmax_cross_entropy, which has one term a sample, over samples.
"""

from collections.abc import Callable

import numpy as np

from ..elementary import bounded_exp, bounded_exp32, normal_log
from ..jit import by_storage, jit
from .activations import Activation, gelu, leaky_relu, relu, sigmoid, softplus, tanh
from .losses import Formulas, chosen_by_code, of_each


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
    """Apply the activation of this code (activations.Activation) in place.

    values, slopes : flat, of the same size. slopes is filled where keeps_slopes says so.
    """
    if code == Activation.SIGMOID:
        for i in range(values.size):
            values[i] = sigmoid(values[i])
    elif code == Activation.TANH:
        for i in range(values.size):
            values[i] = tanh(values[i])
    elif code == Activation.RELU:
        for i in range(values.size):
            values[i] = relu(values[i])
    elif code == Activation.LEAKY_RELU:
        for i in range(values.size):
            values[i] = leaky_relu(values[i])
    elif code == Activation.SOFTPLUS:
        for i in range(values.size):
            values[i] = softplus(float(values[i]))
    elif code == Activation.GELU:
        for i in range(values.size):
            values[i], slopes[i] = gelu(float(values[i]))


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


def _sum(formulas: Formulas) -> Callable:
    """The loops that sum a loss over units and samples."""
    value = formulas.value

    @jit
    def add(outputs, targets, losses):
        for k in range(outputs.shape[0]):
            for s in range(outputs.shape[1]):
                for lane in range(losses.size):
                    losses[lane] += value(outputs[k, s, lane], targets[k, s, lane])

    return add


_chosen = chosen_by_code(of_each(_sum, softmax_cross_entropy), "outputs, targets, losses")


@jit
def loss(code, outputs, targets, losses):
    """losses += the loss of this code (losses.Loss), summed over units and samples.

    outputs : (units, samples, L); softmax_cross_entropy turns them into class probabilities.
    targets : (units, samples, L), of softmax_cross_entropy (1, samples, L).
    losses : float64 (L,).
    """
    _chosen(code, outputs, targets, losses)
