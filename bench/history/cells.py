"""Which cells a repository tracks, and what a commit's cells are: its asv suite read, its measures made elsewhere."""

import importlib
import inspect
import json
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from ...kernels.grammar import InputError

HOME = Path(__file__).parents[1]
"""Where the suite lies: its measures are of the optbench that runs, whatever the commit."""

SEEDS = 5
"""Runs of a cell, as in the suite's convergence."""

Pair = tuple[str, str]
Cell = tuple[str, str, str]


@dataclass(frozen=True)
class Tracked:
    """What is judged: problems × optimizers × learning rates (texts) for convergence, pairs for speed, seeds a cell."""

    problems: tuple[str, ...]
    optimizers: tuple[str, ...]
    lrs: tuple[str, ...]
    pairs: tuple[Pair, ...]
    seeds: int

    def narrowed(self, problems: Sequence[str] | None, optimizers: Sequence[str] | None) -> "Tracked":
        """These problems and optimizers alone, in the order that they stand in. Raises InputError for one not tracked."""
        for kind, asked, known in (("problem", problems, self.problems), ("optimizer", optimizers, self.optimizers)):
            for name in asked or ():
                if name not in known:
                    raise InputError(f"the {kind} {name!r} isn't tracked here; tracked are {', '.join(known)}")
        return Tracked(
            tuple(p for p in self.problems if not problems or p in problems),
            tuple(o for o in self.optimizers if not optimizers or o in optimizers),
            self.lrs,
            tuple((p, o) for p, o in self.pairs if (not problems or p in problems) and (not optimizers or o in optimizers)),
            self.seeds,
        )


def tracked(root: Path) -> Tracked:
    """What the repository's asv suite tracks: the parameters of its classes Convergence and Speed.

    Raises InputError where asv.conf.json or the suite can't be read, or tracks no convergence.
    """
    folder = root / str(settings(root).get("benchmark_dir", "benchmarks"))
    if not (folder / "__init__.py").is_file():
        raise InputError(f"asv.conf.json names the suite {folder.relative_to(root)}/, which has no __init__.py")
    sys.path.insert(0, str(folder.parent))
    try:
        modules = [importlib.import_module(f"{folder.name}.{m.name}") for m in pkgutil.iter_modules([str(folder)])]
    except Exception as error:
        raise InputError(f"the suite {folder.relative_to(root)}/ can't be imported: {error}") from error
    finally:
        sys.path.remove(str(folder.parent))
    classes = [c for module in modules for c in vars(module).values() if inspect.isclass(c)]
    axes: dict[tuple[str, ...], Any] = {tuple(getattr(c, "param_names", ())): getattr(c, "params", ()) for c in classes}
    if ("problem", "optimizer", "lr") not in axes:
        raise InputError(f"the suite {folder.relative_to(root)}/ has no class with problem, optimizer and lr to judge")
    problems, optimizers, lrs = map(tuple, axes["problem", "optimizer", "lr"])
    pairs = tuple(product(*axes.get(("problem", "optimizer"), ((), ()))))
    return Tracked(problems, optimizers, lrs, pairs, SEEDS)


def settings(root: Path) -> dict[str, Any]:
    """asv.conf.json without its comments. Raises InputError where it isn't JSON."""
    try:
        return json.loads(re.sub(r"^\s*//.*$", "", (root / "asv.conf.json").read_text(encoding="utf-8"), flags=re.MULTILINE))
    except ValueError as error:
        raise InputError(f"asv.conf.json can't be read: {error}") from error


def measured(module: str, words: Sequence[Any], installed: Path) -> list[list[Any]]:
    """What `module` of the suite measures of the package in the folder `installed`, in a process of its own.

    Raises RuntimeError with the process's last words where it fails.
    """
    command, options = process_of(module, words, installed)
    done = subprocess.run(command, **options, capture_output=True)
    if done.returncode:
        raise RuntimeError(last_words(done.stderr, done.returncode))
    return json.loads(done.stdout.splitlines()[-1])


def process_of(module: str, words: Sequence[Any], installed: Path) -> tuple[list[str], dict[str, Any]]:
    """The command that has `module` of the suite measure the package in the folder `installed`, and subprocess's options."""
    path = os.pathsep.join([str(installed), *filter(None, [os.environ.get("PYTHONPATH")])])
    # as asv.conf.json has it: what is compared isn't how libraries share the cores
    settings = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    return [sys.executable, "-m", f"suite.{module}", json.dumps(words)], {"cwd": HOME, "env": settings, "text": True}


def last_words(errors: str, status: int) -> str:
    """The last line that a failed process printed; its exit status where it printed none."""
    return (errors.strip().splitlines() or [f"exit status {status}"])[-1]
