"""What `optbench history check` compares of a commit: fingerprints, late numbers, bytes of state.

The request is a list of grids. A grid is {"problems", "optimizers", "lrs", "schedule", "dtype"},
the axes of a product; names that the commit lacks are left out. A grid with "nudge" asks for late
numbers alone, at learning rates that are changed by this share of themselves.
"""

import json
import sys

from . import answers, present
from .convergence import attempted, early, late


def entries(problems, optimizers, lrs, schedule, dtype):
    """{(problem, optimizer, lr): entry, or a text that says why not}.

    An entry is what `early` and `late` find, and "state", the bytes of x and slots.
    """
    problems, optimizers = present(problems, optimizers)
    found = {}
    for problem in problems:
        begun = attempted(early, problem, optimizers, lrs, schedule, dtype)
        whole = attempted(late, problem, optimizers, lrs, schedule, dtype, True)
        for key, entry in (begun | whole).items():
            first = begun.get(key, entry)
            reason = next((text for text in (first, entry) if isinstance(text, str)), None)
            found[key] = reason or {**first, **entry, "state": None}
        for optimizer in optimizers:
            size = state(problem, optimizer, dtype)
            for key, entry in found.items():
                if key[:2] == (problem, optimizer) and isinstance(entry, dict):
                    entry["state"] = size
    return found


def nudged(problems, optimizers, lrs, schedule, dtype, nudge):
    """{(problem, optimizer, lr): what `late` finds at nudged rates, or a text that says why not}.

    nudge : the relative change of the learning rates.
    """
    problems, optimizers = present(problems, optimizers)
    found = {}
    for problem in problems:
        found |= attempted(late, problem, optimizers, lrs, schedule, dtype, True, nudge)
    return found


def state(problem, optimizer, dtype):
    """Bytes of one run's x and slots; None where they can't be known."""
    import optbench as ob

    try:
        own = ob.get_problem(problem)
        walk = ob.get_optimizer(optimizer).start(
            own.start(0), problem=own, shapes=own.shapes, dtype=dtype
        )
        return int(walk.x.nbytes) + sum(int(slot.nbytes) for slot in walk.slots.values())
    except Exception:
        return None


if __name__ == "__main__":
    file = answers()
    for grid in json.loads(sys.argv[1]):
        # each as soon as it is done
        measure = nudged if "nudge" in grid else entries
        rows = [
            [*key, grid["schedule"], grid["dtype"], entry] for key, entry in measure(**grid).items()
        ]
        print(json.dumps(rows), file=file, flush=True)
