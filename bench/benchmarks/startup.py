"""What a fresh process of a commit costs: seconds to import it, and the memory that runs take."""

import json
import resource
import sys
import time

from . import answers, present

BLOCKS = 16
"""How many blocks are run: if each keeps memory, it adds up."""
STEPS = 200


def imported():
    """Seconds of `import optbench`, and until all its optimizers and those of plugins are known."""
    began = time.perf_counter()
    import optbench as ob

    alone = time.perf_counter() - began
    ob.list_optimizers()
    return {"import": alone, "names": time.perf_counter() - began}


def peak(pairs):
    """The most bytes that this process has held after BLOCKS blocks, and the pairs that failed.

    pairs : of problem and optimizer; the blocks take them in turns.
    """
    import optbench as ob

    problems, optimizers = map(
        set, present({problem for problem, _ in pairs}, {optimizer for _, optimizer in pairs})
    )
    asked = [tuple(pair) for pair in pairs]
    known = [pair for pair in asked if pair[0] in problems and pair[1] in optimizers]
    broken = {*asked} - {*known}
    for number in range(BLOCKS if known else 0):
        problem, optimizer = known[number % len(known)]
        try:
            ob.run([problem], [optimizer], lrs=[1e-3], seeds=16, steps=STEPS, workers=1)
        except Exception:
            broken.add((problem, optimizer))
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size * (1 if sys.platform == "darwin" else 1024), sorted(broken)


if __name__ == "__main__":
    file = answers()
    found = imported()
    found["memory"], found["broken"] = peak(json.loads(sys.argv[1]))
    print(json.dumps(found), file=file)
