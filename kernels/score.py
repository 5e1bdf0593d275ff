"""How well a network's outputs meet their targets, beside the loss: accuracy, or R² for regressions."""

import numpy as np

from .elementary import bounded_exp
from .jit import jit


@jit
def count(loss_code, outputs, targets, score):
    """score += correct outputs of a classifier, or squared errors, of each column; after the loss has seen the outputs.

    loss_code : place in forward.LOSSES.  outputs, targets : (units, columns).  score : float64 (columns,).
    """
    units, columns = outputs.shape
    if loss_code == 2:
        top, place = np.empty(columns), np.empty(columns)
        for c in range(columns):
            top[c] = outputs[0, c]
            place[c] = 0.0
        for k in range(1, units):
            for c in range(columns):
                better = outputs[k, c] > top[c]
                top[c] = outputs[k, c] if better else top[c]
                place[c] = float(k) if better else place[c]
        for c in range(columns):
            score[c] += 1.0 if place[c] == targets[0, c] else 0.0
        return
    for k in range(units):
        for c in range(columns):
            z, target = float(outputs[k, c]), float(targets[k, c])
            if loss_code == 1:
                score[c] += 1.0 if (z > 0.0) == (target > 0.5) else 0.0
            elif loss_code == 4:
                score[c] += (bounded_exp(z) - target) ** 2
            else:
                score[c] += (z - target) ** 2


@jit
def finish(loss_code, targets, rows, score):
    """Turn counts over `rows` into an accuracy; or squared errors into R², 1 minus their share of the targets' own spread.

    targets : of all samples, (N, units).  score : float64 (L,). Outputs with several units are pooled.
    """
    if loss_code == 1 or loss_code == 2:
        for lane in range(score.size):
            score[lane] /= rows.size * targets.shape[1]
        return
    spread = 0.0
    for k in range(targets.shape[1]):
        mean = 0.0
        for s in range(rows.size):
            mean += targets[rows[s], k] / rows.size
        for s in range(rows.size):
            spread += (targets[rows[s], k] - mean) ** 2
    for lane in range(score.size):
        score[lane] = 1.0 - score[lane] / spread
