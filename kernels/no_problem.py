"""What stands for a problem where there is none: a run with gradients from outside."""

from collections.abc import Callable, Sequence

import numpy as np

from . import random
from .groups import Feed
from .jit import builtin_kernel, compiled_once
from .signatures import gradient_signature


def _no_gradient(x, g, loss, data, rows, seeds, step):
    for lane in range(loss.size):
        loss[lane] = np.nan


@compiled_once
def no_gradient_kernel(dtype: str) -> Callable:
    """The gradient of no problem: a rule that evaluates gets NaN."""
    return builtin_kernel(_no_gradient, gradient_signature(dtype))


def no_feed(seeds: Sequence[int], dtype: str) -> Feed:
    """The feed of no problem: no data, and keys for rules that draw random numbers."""
    return Feed(
        data=np.zeros(0, dtype),
        samples=0,
        batch=0,
        held_out=np.zeros(0, dtype),
        held_out_samples=0,
        seeds=random.mix("", seeds),
        delay=0,
        loss_is_objective=False,
        deterministic=False,
        measured=False,
        projected=False,
    )
