"""Reference gradients: what torch's autograd makes of dense networks, in float64.

    pip install -e '.[peers]' && python tests/data/networks.py

Writes networks.npz beside this file; README.md says what it holds.
"""

# pyright: reportMissingImports=false
# torch comes with the extra `peers` alone

import json
import sys
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": functional.leaky_relu,
    # torch takes z itself for log(1 + e**z) above its threshold, 20 unless told otherwise, which is
    # 2e-9 off there
    "softplus": partial(functional.softplus, threshold=700.0),
    "gelu": functional.gelu,
}

LOSSES = {
    "mean_squared_error": lambda z, y: functional.mse_loss(z, y),
    "binary_cross_entropy": lambda z, y: functional.binary_cross_entropy_with_logits(z, y),
    "softmax_cross_entropy": lambda z, y: functional.cross_entropy(z, y[:, 0].long()),
    "huber": lambda z, y: functional.huber_loss(z, y),
    "poisson": lambda z, y: functional.poisson_nll_loss(z, y),
}
"""torch's own reduction, "mean": over rows and outputs, of softmax over rows."""

SHAPES = {"small": ([5, 4, 3], 7), "deep": ([3, 4, 5, 4, 2], 9), "large": ([16, 12, 10], 64)}
"""Widths and rows: the first two are computed in loops over lanes, the last as products of each
run.
"""
EXTREME = 1e3
"""What the weights are multiplied by where units saturate and logits are in the tens of
thousands.
"""


def drawn(widths, rows, loss):
    """x, inputs and targets of a case, the same for every activation."""
    random = np.random.default_rng([*widths, rows])
    inputs = random.normal(size=(rows, widths[0]))
    targets = {
        "binary_cross_entropy": random.integers(0, 2, (rows, widths[-1])),
        "softmax_cross_entropy": random.integers(0, widths[-1], (rows, 1)),
        "poisson": random.poisson(2.0, (rows, widths[-1])),
    }.get(loss, random.normal(size=(rows, widths[-1])))
    x = np.concatenate(
        [
            random.normal(size=(fan_in + 1) * fan_out) / fan_in**0.5
            for fan_in, fan_out in pairwise(widths)
        ]
    )
    return x, inputs, targets.astype(float)


def autograd(x, widths, activation, loss, inputs, targets):
    """Loss and gradient by torch."""
    point = torch.tensor(x, requires_grad=True)
    values, at = torch.tensor(inputs), 0
    for i, (fan_in, fan_out) in enumerate(pairwise(widths)):
        weights = point[at : at + fan_in * fan_out].reshape(fan_in, fan_out)
        values = values @ weights + point[at + fan_in * fan_out : at + (fan_in + 1) * fan_out]
        if i < len(widths) - 2:
            values = ACTIVATIONS[activation](values)
        at += (fan_in + 1) * fan_out
    found = LOSSES[loss](values, torch.tensor(targets))
    found.backward()
    return found.item(), point.grad.numpy()


def main():
    """Compute every case and write them."""
    kept, cases = {}, []
    for shape, (widths, rows) in SHAPES.items():
        for loss in LOSSES:
            x, inputs, targets = drawn(widths, rows, loss)
            kept |= {
                f"{shape}/{loss}/x": x,
                f"{shape}/{loss}/inputs": inputs,
                f"{shape}/{loss}/targets": targets,
            }
            for activation in ACTIVATIONS:
                for size in (1.0, EXTREME):
                    if size > 1 and loss == "poisson":
                        continue  # e**z is infinite
                    value, g = autograd(size * x, widths, activation, loss, inputs, targets)
                    if not (np.isfinite(value) and np.isfinite(g).all()):
                        sys.exit(
                            f"torch's {activation}, {loss}, {size:g} times the weights: not finite"
                        )
                    k = len(cases)
                    cases.append(
                        {
                            "shape": shape,
                            "widths": widths,
                            "activation": activation,
                            "loss": loss,
                            "size": size,
                        }
                    )
                    kept[f"{k}/loss"], kept[f"{k}/g"] = np.array(value), g
    np.savez_compressed(Path(__file__).parent / "networks.npz", cases=json.dumps(cases), **kept)
    print(f"{len(cases)} cases, torch {torch.__version__}")


if __name__ == "__main__":
    main()
