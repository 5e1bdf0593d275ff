"""Sweeps that are planned and not run."""

from collections import Counter

from optbench.bench.sweep.request import Request
from optbench.bench.sweep.sweep import plan


def planned(problems=("quadratic",), optimizers=("sgd",), lrs=None, seeds=1, steps=50):
    return plan(
        Request(problems=problems, optimizers=optimizers, lrs=lrs, seeds=seeds, steps=steps)
    )


def lanes(sweep):
    """Every run of a sweep as (problem, optimizer, lr, seed), with how often it occurs."""
    return Counter(
        (block.problem.name, block.optimizer.name, lr, seed)
        for block in sweep.blocks()
        for lr, seed in zip(block.lrs.tolist(), block.seeds.tolist(), strict=True)
    )
