"""What `optbench history check` compares of a commit, grid by grid: fingerprints, late numbers and
bytes of state.

A grid is {"problems", "optimizers", "lrs", "schedule", "dtype"}, the axes of a product as far as
the commit has them; with "nudge" only late numbers are asked for, at learning rates changed by so
much of themselves.
"""

import json
import sys

from . import answers, present
from .convergence import attempted, early, late


def cells(problems, optimizers, lrs, schedule, dtype):
    """{(problem, optimizer, lr): entry or a text that says why not}: what `early` and `late` find,
    and "state", in bytes.
    """
    problems, optimizers = present(problems, optimizers)
    found = {}
    for problem in problems:
        begun = attempted(early, problem, optimizers, lrs, schedule, dtype)
        whole = attempted(late, problem, optimizers, lrs, schedule, dtype, True)
        for key, entry in (begun | whole).items():
            first = begun.get(key, entry)
            reason = next((words for words in (first, entry) if isinstance(words, str)), None)
            found[key] = reason or {**first, **entry, "state": None}
        for optimizer in optimizers:
            size = state(problem, optimizer, dtype)
            for key, entry in found.items():
                if key[:2] == (problem, optimizer) and isinstance(entry, dict):
                    entry["state"] = size
    return found


def nudged(problems, optimizers, lrs, schedule, dtype, nudge):
    """{(problem, optimizer, lr): entry or a text that says why not}: what `late` finds near these
    learning rates.
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
        measure = nudged if "nudge" in grid else cells
        rows = [
            [*key, grid["schedule"], grid["dtype"], entry] for key, entry in measure(**grid).items()
        ]
        print(json.dumps(rows), file=file, flush=True)
