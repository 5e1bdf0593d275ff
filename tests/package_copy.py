"""Copies of the package that tests edit, and code that says in a fresh process what it compiled."""

import shutil
from pathlib import Path

import fresh_process

ROOT = Path(__file__).resolve().parents[1]
COUNT = """
from numba.core import event
compiled = []
class Listener(event.Listener):
    def on_start(self, e): compiled.append(e.data)
    def on_end(self, e): pass
event.register("numba:compile", Listener())
"""
SWEEP = """
import optbench as ob
r = ob.run({problems}, {optimizers}, lrs=[0.01], seeds=2, steps=20, dtype={dtype!r})
assert "failed" not in set(r.runs["status"]), r.runs.to_string()
answer = r.curves["loss"].tolist()[-1]
"""
# a step by hand spares the tests of edits the loop's compilation
STEP = """
import optbench as ob
p = ob.get_problem({problem!r})
walk = ob.get_optimizer({optimizer!r}).start(p.start(1))
answer = p.value_and_grad(walk.step(p.gradient(walk.x)[1]))[0]
"""
PRINT = "print(len(compiled), answer)\n"


def sweep(problems, optimizers, dtype="float64"):
    """Code that runs a small sweep; its answer is the last loss."""
    return SWEEP.format(problems=problems, optimizers=optimizers, dtype=dtype)


def step(problem, optimizer):
    """Code that makes one update by hand; its answer is the loss after it."""
    return STEP.format(problem=problem, optimizer=optimizer)


def copied(folder):
    """A copy of the package's code: folder/src/optbench."""
    target = folder / "src" / "optbench"
    for room in ("kernels", "problems", "bench"):
        shutil.copytree(
            ROOT / room, target / room, ignore=shutil.ignore_patterns("__pycache__", "benchmarks")
        )
    shutil.copy(ROOT / "__init__.py", target)
    return target


def run(copy, code, cache, **environment):
    """Run code on a copy of the package, or on the installed one where `copy` is None, in a fresh
    process with that cache and these variables -> (kernels compiled, the number `answer`).
    """
    head = ""
    if copy is not None:
        head = f"import sys; sys.path.insert(0, {str(copy.parent)!r})\nimport optbench\n"
        head += f"assert optbench.__file__.startswith({str(copy)!r}), optbench.__file__\n"
    environment["OPTBENCH_CACHE_DIR"] = str(cache)
    printed = fresh_process.run(head + COUNT + code + PRINT, **environment).split()
    return int(printed[0]), float(printed[1])


def edit(file, old, new):
    text = file.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new))
