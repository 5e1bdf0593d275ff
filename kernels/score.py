"""How well a network's outputs meet their targets, beside the loss: accuracy, or R² for regressions."""

import numpy as np

from .activations import bounded_exp
from .jit import jit


@jit
def count(loss_code, outputs, targets, score):
    """score += correct outputs of a classifier, or squared errors; after the loss has seen the outputs (samples, units, L).

    loss_code : place in forward.LOSSES.  score : float64 (L,).
    """
    samples, units, lanes = outputs.shape
    if loss_code == 2:
        top, place = np.empty(lanes), np.empty(lanes)
        for s in range(samples):
            label = targets[s, 0]
            for lane in range(lanes):
                top[lane] = outputs[s, 0, lane]
                place[lane] = 0.0
            for k in range(1, units):
                for lane in range(lanes):
                    better = outputs[s, k, lane] > top[lane]
                    top[lane] = outputs[s, k, lane] if better else top[lane]
                    place[lane] = float(k) if better else place[lane]
            for lane in range(lanes):
                score[lane] += 1.0 if place[lane] == label else 0.0
        return
    for s in range(samples):
        for k in range(units):
            target = float(targets[s, k])
            for lane in range(lanes):
                z = float(outputs[s, k, lane])
                if loss_code == 1:
                    score[lane] += 1.0 if (z > 0.0) == (target > 0.5) else 0.0
                elif loss_code == 4:
                    score[lane] += (bounded_exp(z) - target) ** 2
                else:
                    score[lane] += (z - target) ** 2


@jit
def finish(loss_code, targets, rows, score):
    """Turn counts over `rows` into an accuracy; or squared errors into R², 1 minus their share of the targets' own spread.

    targets : of all samples, (N, units). Outputs with several units are pooled.
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
