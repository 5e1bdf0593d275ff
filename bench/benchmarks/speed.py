"""How long a step takes: of every problem and optimizer, and in several dimensions.

Wall time that is sampled in one process can't be compared between commits. On commits that changed
nothing it gave 55 % false alarms at a factor of 1.1; eight fresh processes gave 0.6 %. So each
sample is a process of its own.

A machine has slow days too, which no number of processes shows. So a fixed calibration loop is
timed beside every block, in the same process, and each time is kept a second time in units of that
loop.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product

from . import OPTIMIZERS, answers, axes, fingerprint, present, reply, value_of

SIZES = {name: (own.lanes, own.timed_steps) for name, own in axes.PROBLEMS.items()}
"""Lanes and steps of a timed block."""
OTHERS = (64, 100)
"""Lanes and steps for a problem that is not in the table."""
PROBLEMS = tuple(SIZES)
LRS = {name: own.lr for name, own in axes.OPTIMIZERS.items()}
"""The learning rate of an optimizer's timed runs."""
OTHER_LR = "1.0e-03"
"""The learning rate of an optimizer that is not in the table."""
DIMS = ("5", "50", "500")
SCALABLE = ("griewank", "nesterov_worst", "quadratic", "rosenbrock")
IN_DIMENSIONS = tuple(
    dict.fromkeys(
        [(f"quadratic[dim={dim}]", optimizer) for optimizer in OPTIMIZERS for dim in DIMS]
        + [(f"{problem}[dim={dim}]", "sgd") for problem in SCALABLE for dim in DIMS]
    )
)
"""The optimizers on the quadratic, and problems of any dimension under gradient descent."""
PROCESSES = 6
"""As few as asv's Mann-Whitney test needs."""
BLOCKS = 2
"""Timed blocks of a pair in a process; the least counts."""
ELEMENTS, PASSES, TURNS = 1024, 20, 5
"""The calibration loop: doubles, few enough for the nearest cache; passes over them in a turn, some
50 µs; turns.
"""


def samples(pairs, processes=PROCESSES):
    """{(problem, optimizer): {"ns", "relative"}, or a text that says why not}.

    ns : a sample of each process, nanoseconds a step and run.  relative : the same in units of the
    calibration loop.
    """
    with ThreadPoolExecutor(2) as pool:  # one a core
        found = list(pool.map(reply, [__name__] * processes, [[pairs, BLOCKS, False]] * processes))
    entries = {}
    for problem, optimizer, *_ in found[0]:
        own = [times for sample in found for *pair, times in sample if pair == [problem, optimizer]]
        entries[problem, optimizer] = first_reason(own) or {
            "ns": [ns for ns, _ in own],
            "relative": [ns / calibrated for ns, calibrated in own],
        }
    return entries


def measure(pairs, count=BLOCKS):
    """[problem, optimizer, [ns, ns of the calibration loop], or why not] of every pair.

    ns is of a step and run, the least of `count` blocks; the calibration loop is timed beside it.
    pairs : problems and optimizers; those that the installed commit lacks are left out.
    """
    timed, before = {}, calibration()
    for part in blocks(pairs, count):
        after = calibration()
        for problem, optimizer, ns in part:
            own = ns if isinstance(ns, str) else [ns, (before + after) / 2]
            timed.setdefault((problem, optimizer), []).append(own)
        before = after
    return [[*pair, first_reason(times) or min(times)] for pair, times in timed.items()]


def calibration():
    """Nanoseconds that this machine takes, right now, for an element of a fixed loop: the least of
    TURNS turns.

    The loop is NumPy's arithmetic alone, so that no commit of optbench and no compiler changes it;
    another NumPy is another environment. Division and square root, as in most update rules, on
    memory that stays in the nearest cache.
    """
    import numpy as np

    x, y = np.linspace(0.5, 2.0, ELEMENTS), np.empty(ELEMENTS)
    turns = []
    for _ in range(TURNS):
        began = time.perf_counter_ns()
        for _ in range(PASSES):
            np.multiply(x, x, out=y)
            np.add(y, 1.0, out=y)
            np.sqrt(y, out=y)
            np.divide(x, y, out=y)
        turns.append(time.perf_counter_ns() - began)
    return min(turns) / (PASSES * ELEMENTS)


def blocks(pairs, count):
    """Part by part, [problem, optimizer, ns or reason] of the pairs that run together.

    All parts come `count` times. They are the same whatever the commit has, so that two commits can
    take turns.
    """
    problems, optimizers = map(
        set, present({problem for problem, _ in pairs}, {optimizer for _, optimizer in pairs})
    )
    alike = {}
    for problem, optimizer in pairs:
        alike.setdefault((SIZES.get(problem, OTHERS), optimizer), []).append(problem)
    known = [
        (
            size,
            optimizer,
            [problem for problem in names if problem in problems and optimizer in optimizers],
        )
        for (size, optimizer), names in sorted(alike.items())
    ]
    return (
        block(names, optimizer, *size) if names else [] for size, optimizer, names in known * count
    )


def block(names, optimizer, lanes, steps):
    """[problem, optimizer, ns a step and run, or why there is none] of these problems."""
    import optbench as ob

    # results have a problem's own name, without a setting that is its default and in its own order
    own = {name: getattr(ob.get_problem(name), "name", name) for name in names}
    distinct = list({known: name for name, known in own.items()}.values())
    # the lanes of a mini-batch problem share the seed, so they differ in lr: from the pair's own
    # down to half of it
    lrs = [float(LRS.get(optimizer, OTHER_LR)) * (1 - lane / (2 * lanes)) for lane in range(lanes)]
    try:
        runs = fingerprint.completed(
            distinct, [optimizer], lrs=lrs, seeds=1, steps=steps, workers=1
        ).runs
        found = runs.groupby("problem", observed=True)["ns_per_step"].min().astype(float).to_dict()
        for row in runs[runs["status"] == "failed"].itertuples():
            found[row.problem] = row.error
    except Exception as error:
        found = dict.fromkeys(own.values(), f"{type(error).__name__}: {error}")
    return [[name, optimizer, found[known]] for name, known in own.items() if known in found]


def first_reason(times):
    """The first text among the times; None where there is none."""
    return next((ns for ns in times if isinstance(ns, str)), None)


class Speed:
    """Every problem and optimizer at one learning rate."""

    params = (PROBLEMS, OPTIMIZERS)
    param_names = ("problem", "optimizer")
    version = "1"  # to be raised when the meaning of a number changes
    unit = "ns"
    pairs = (*product(PROBLEMS, OPTIMIZERS), *IN_DIMENSIONS)

    def setup_cache(self):
        """The samples of all pairs."""
        return samples(self.pairs)

    setup_cache.timeout = 600

    def track_step_time(self, found, problem, optimizer):
        """Nanoseconds per step and run inside the compiled loop; asv compares the samples by a
        Mann-Whitney test.
        """
        return {"samples": value_of(found, (problem, optimizer))["ns"], "number": 1}

    def track_relative_step_time(self, found, problem, optimizer):
        """The same in elements of the calibration loop that ran beside it: a slow day of the
        machine is divided out.
        """
        return {"samples": value_of(found, (problem, optimizer))["relative"], "number": 1}

    track_relative_step_time.unit = "calibration elements"


class OptimizerDimensions:
    """Every optimizer on the quadratic in several dimensions."""

    params = (OPTIMIZERS, DIMS)
    param_names = ("optimizer", "dim")
    version = "1"
    unit = "ns"
    pairs = Speed.pairs
    setup_cache = Speed.setup_cache  # the same processes

    def track_step_time(self, found, optimizer, dim):
        """Nanoseconds per step and run."""
        return {"samples": value_of(found, (f"quadratic[dim={dim}]", optimizer))["ns"], "number": 1}


class ProblemDimensions:
    """Problems of any dimension under gradient descent, which costs next to nothing beside them."""

    params = (SCALABLE, DIMS)
    param_names = ("problem", "dim")
    version = "1"
    unit = "ns"
    pairs = Speed.pairs
    setup_cache = Speed.setup_cache

    def track_step_time(self, found, problem, dim):
        """Nanoseconds per step and run."""
        return {"samples": value_of(found, (f"{problem}[dim={dim}]", "sgd"))["ns"], "number": 1}


if __name__ == "__main__":
    asked, count, turns = json.loads(sys.argv[1])
    if turns:
        # a line asks for the next part, so that processes of two commits take turns
        file = answers()
        for _, part in zip(sys.stdin, blocks(asked, count), strict=False):
            print(json.dumps(part), file=file, flush=True)
    else:
        print(json.dumps(measure(asked, count)))
