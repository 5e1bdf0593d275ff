"""What tests share: how lanes are run, and a fresh process that has optbench."""

import fresh_process
import hypothesis
import numpy as np
import pytest
from optbench.bench.plugins import discovery
from optbench.bench.runs.run import compute
from optbench.bench.sweep.sweep import Block
from optbench.kernels import registry as optimizers
from optbench.problems import registry as problems

# a first call compiles, so no deadline; the same examples at each run, so that a red run can be
# repeated
hypothesis.settings.register_profile("optbench", deadline=None, derandomize=True)
hypothesis.settings.load_profile("optbench")


@pytest.fixture(autouse=True)
def registries():
    """What a test registers is gone after it."""
    discovery.discover()
    kept = {**optimizers._registry}, {**problems._registry}
    yield
    for registry, before in zip((optimizers._registry, problems._registry), kept, strict=True):
        registry.clear()
        registry.update(before)


@pytest.fixture
def run_lanes():
    """Run lanes of one problem and optimizer: arrays of lr and seed, a lane each -> Record."""

    def _run_lanes(
        problem, optimizer, lrs, seeds, steps, schedule="constant", stop="budget", dtype="float64"
    ):
        lrs, seeds = np.broadcast_arrays(
            np.atleast_1d(np.asarray(lrs, float)), np.atleast_1d(np.asarray(seeds))
        )
        block = Block(
            problem=problem,
            optimizer=optimizer,
            schedule=schedule,
            dtype=dtype,
            steps=steps,
            stop=stop,
            lrs=lrs.copy(),
            seeds=seeds.astype(np.int64),
        )
        done = compute(block)
        assert done.record is not None, done.error
        return done.record

    return _run_lanes


@pytest.fixture
def python():
    """Run Python code in a fresh process -> its standard output; a non-zero exit fails the test."""
    return fresh_process.run
