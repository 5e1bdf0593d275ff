"""How well a network's outputs meet their targets, beside the loss: accuracy, or R² for regressions."""

import numpy as np

from .elementary import bounded_exp
from .jit import jit


@jit
def count(loss_code, outputs, targets, scores):
    """scores += correct outputs of a classifier, or squared errors, after the loss has seen the outputs.

    loss_code : place in forward.LOSSES.  outputs, targets : (units, samples, L).  scores : float64 (L,).
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
        for s in range(samples):
            for lane in range(lanes):
                z, target = float(outputs[k, s, lane]), float(targets[k, s, lane])
                if loss_code == 1:
                    scores[lane] += 1.0 if (z > 0.0) == (target > 0.5) else 0.0
                elif loss_code == 4:
                    scores[lane] += (bounded_exp(z) - target) ** 2
                else:
                    scores[lane] += (z - target) ** 2


@jit
def finish(loss_code, targets, rows, scores):
    """Turn counts over `rows` into an accuracy; or squared errors into R², 1 minus their share of the targets' own spread.

    targets : of all samples, (N, units).  scores : float64 (L,). Outputs with several units are pooled.
    """
    if loss_code == 1 or loss_code == 2:
        for lane in range(scores.size):
            scores[lane] /= rows.size * targets.shape[1]
        return
    spread = 0.0
    for k in range(targets.shape[1]):
        mean = 0.0
        for s in range(rows.size):
            mean += targets[rows[s], k] / rows.size
        for s in range(rows.size):
            spread += (targets[rows[s], k] - mean) ** 2
    for lane in range(scores.size):
        scores[lane] = 1.0 - scores[lane] / spread
