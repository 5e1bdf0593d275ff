"""How well a network's outputs meet their targets, beside the loss: accuracy, or R² for
regressions.

Of several outputs it is the mean of each one's.
"""

import numpy as np

from ..elementary import bounded_exp
from ..jit import jit


@jit
def count(loss_code, outputs, targets, scores):
    """scores += each output's correct answers, or squared errors, after the loss has seen the
    outputs.

    loss_code : place in forward.LOSSES.  outputs, targets : (units, samples, L), of softmax's
    targets (1, samples, L).
    scores : float64, flat (targets' units, L).
    """
    units, samples, lanes = outputs.shape
    if loss_code == 2:
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
                scores[lane] += 1.0 if place[lane] == targets[0, s, lane] else 0.0
        return
    for k in range(units):
        own = scores[k * lanes : (k + 1) * lanes]
        for s in range(samples):
            for lane in range(lanes):
                z, target = float(outputs[k, s, lane]), float(targets[k, s, lane])
                if loss_code == 1:
                    own[lane] += 1.0 if (z > 0.0) == (target > 0.5) else 0.0
                elif loss_code == 4:
                    own[lane] += (bounded_exp(z) - target) ** 2
                else:
                    own[lane] += (z - target) ** 2


@jit
def finish(loss_code, targets, rows, scores):
    """Make of the counts over `rows` an accuracy, or of the squared errors R², in scores[:L]: the
    mean over the outputs.

    An output's R² is 1 minus the share of its squared errors in its targets' squares about their
    mean; of targets that are all equal 1 if they are met exactly, else 0. That is scikit-learn's
    r2_score, multioutput="uniform_average".

    targets : of all samples, (N, units).  scores : as of count.
    """
    units, samples = targets.shape[1], rows.size
    lanes = scores.size // units
    for k in range(units):
        own = scores[k * lanes : (k + 1) * lanes]
        if loss_code == 1 or loss_code == 2:
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
            scores[lane] += own[lane]
    for lane in range(lanes if units > 1 else 0):
        scores[lane] /= units
