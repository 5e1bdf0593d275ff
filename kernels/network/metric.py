"""How well a network's outputs meet their targets, beside the loss: accuracy, or R² for
regressions.

Of several outputs it is the mean of each one's.
"""

import numpy as np

from ..jit import jit, joined
from .losses import LOSSES, WITH_ACCURACY, WITH_LABELS, chosen_by_code


@joined
def _right_classes(outputs, targets, tallies):
    """tallies (L,) += the samples whose label has the largest output, the first of equal ones."""
    units, samples, lanes = outputs.shape
    top, place = np.empty(lanes), np.empty(lanes)
    for s in range(samples):
        for lane in range(lanes):
            top[lane] = outputs[0, s, lane]
            place[lane] = 0.0
        for k in range(1, units):
            for lane in range(lanes):
                better = outputs[k, s, lane] > top[lane]
                top[lane] = outputs[k, s, lane] if better else top[lane]
                place[lane] = float(k) if better else place[lane]
        for lane in range(lanes):
            tallies[lane] += 1.0 if place[lane] == targets[0, s, lane] else 0.0


_tally = chosen_by_code(
    {int(loss): facts.formulas.tally for loss, facts in LOSSES.items() if facts.formulas}, "z, y"
)


@jit
def count(loss, outputs, targets, tallies):
    """tallies += each output's right answers, or its squared errors, summed over samples.

    loss : a code of losses.Loss.  outputs : (units, samples, L), as forward.loss left them.
    targets : like outputs, of losses with labels (1, samples, L).
    tallies : float64, flat (targets' units, L).
    """
    if loss in WITH_LABELS:
        _right_classes(outputs, targets, tallies)
        return
    units, samples, lanes = outputs.shape
    for k in range(units):
        own = tallies[k * lanes : (k + 1) * lanes]
        for s in range(samples):
            for lane in range(lanes):
                z, y = float(outputs[k, s, lane]), float(targets[k, s, lane])
                own[lane] += _tally(loss, z, y)


@jit
def finish(loss, targets, rows, tallies):
    """Turn the tallies over `rows` into the metric, in place: tallies[:L] becomes the mean over the
    outputs of their accuracies or of their R².

    An output's R² is 1 minus the share of its squared errors in its targets' squares about their
    mean; of targets that are all equal 1 if they are met exactly, else 0. That is scikit-learn's
    r2_score, multioutput="uniform_average".

    loss : a code of losses.Loss.  targets : of all samples, (N, units).  rows : int64, those that
    were counted.  tallies : as count left them.
    """
    units, samples = targets.shape[1], rows.size
    lanes = tallies.size // units
    for k in range(units):
        own = tallies[k * lanes : (k + 1) * lanes]
        if loss in WITH_ACCURACY:
            for lane in range(lanes):
                own[lane] /= samples
        else:
            # about the first target: of equal ones nothing is left, whatever the rounding of their
            # mean
            first, mean, spread = float(targets[rows[0], k]), 0.0, 0.0
            for s in range(samples):
                mean += (targets[rows[s], k] - first) / samples
            for s in range(samples):
                spread += (targets[rows[s], k] - first - mean) ** 2
            for lane in range(lanes):
                if spread > 0.0:
                    own[lane] = 1.0 - own[lane] / spread
                else:
                    own[lane] = 1.0 if own[lane] == 0.0 else 0.0
        for lane in range(lanes if k > 0 else 0):
            tallies[lane] += own[lane]
    for lane in range(lanes if units > 1 else 0):
        tallies[lane] /= units
