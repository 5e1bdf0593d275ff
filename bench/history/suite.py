"""What a commit's asv suite tracks: the parameters of its benchmark classes."""

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from ...kernels.grammar import InputError, parse
from .asv_config import asv_config
from .measuring import last_line
from .tracked import Grid, Tracked, either, joined, joined_variants

CONVERGENCE = ("problem", "optimizer", "lr")
"""The parameters' names of a class whose cases are judged for convergence."""
VARIANT = ("schedule", "dtype")
"""Parameters that such a class may have beside these: one of them, or both."""
SPEED = ("problem", "optimizer")
"""The parameters' names of a class whose step times are judged."""
IMPORT_SECONDS = 300.0
"""In which a suite has to be imported."""
DTYPES = ("float64", "float32")


def tracked_by(base: Path, head: Path) -> Tracked:
    """What the suites of two commits track, either of them: what is no longer tracked is judged
    once more.

    base, head : folders with the commits' files.  Raises InputError where HEAD's suite can't be
    read, or judges nothing.
    """
    after = suite_of(head)
    try:
        before = suite_of(base)
    except InputError:
        # it had none yet, or one of another kind: HEAD's says what to look for in it
        before = after
    return either(before, after)


def suite_of(source: Path) -> Tracked:
    """What the suite in the folder `source` tracks.

    The suite is imported in a process of its own, since two commits' suites have one name. Raises
    InputError where asv.conf.json or the suite can't be read, or tracks no convergence.
    """
    name = str(asv_config(source).get("benchmark_dir", "benchmarks"))
    folder = source / name
    if not (folder / "__init__.py").is_file():
        raise InputError(
            f"asv.conf.json names the suite {name}/, which has no __init__.py in the repository"
        )
    command = [sys.executable, "-P", "-m", __name__, str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=IMPORT_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"the suite {name}/ can't be imported: it takes more than {IMPORT_SECONDS:g} s"
        ) from error
    if done.returncode or not done.stdout:
        raise InputError(
            f"the suite {name}/ can't be imported: {last_line(done.stderr, done.returncode)}"
        )
    classes = [
        _Class(tuple(names), axes) for names, axes in json.loads(done.stdout.splitlines()[-1])
    ]
    for own in classes:
        own.examine(name)
    judged = [grid for own in classes if own.judged for grid in own.grids()]
    main = [grid for grid in judged if not grid.is_variant]
    if not main:
        raise InputError(f"the suite {name}/ has no class with problem, optimizer and lr to judge")
    variants = joined_variants([grid for grid in judged if grid.is_variant])
    pairs = dict.fromkeys(pair for own in classes if not own.judged for pair in product(*own.axes))
    return Tracked(joined(main), variants, tuple(pairs))


@dataclass(frozen=True)
class _Class:
    """A class of the suite: its parameters' names and their values."""

    names: tuple[str, ...]
    axes: Any

    @property
    def judged(self) -> bool:
        return "lr" in self.names

    def examine(self, suite: str) -> None:
        """Raise InputError where its parameters mean nothing."""
        whole = isinstance(self.axes, list) and len(self.axes) == len(self.names)
        if not whole or not all(isinstance(axis, list) and axis for axis in self.axes):
            raise InputError(
                f"the suite {suite}/ has params that aren't a tuple of names each for"
                f" {', '.join(self.names)}"
            )
        values = dict(zip(self.names, self.axes, strict=True))
        for lr in values.get("lr", ()):
            try:
                float(lr)
            except (TypeError, ValueError) as error:
                raise InputError(
                    f"the suite {suite}/ has the learning rate {lr!r}, which is no number"
                ) from error
        for schedule in values.get("schedule", ()):
            try:
                parse(str(schedule))
            except InputError as error:
                raise InputError(
                    f"the suite {suite}/ has the schedule {schedule!r}: {error}"
                ) from error
        for dtype in values.get("dtype", ()):
            if dtype not in DTYPES:
                raise InputError(
                    f"the suite {suite}/ has the dtype {dtype!r}; there are: {', '.join(DTYPES)}"
                )

    def grids(self) -> list[Grid]:
        """One for each schedule and dtype."""
        values = {
            name: tuple(dict.fromkeys(map(str, axis)))
            for name, axis in zip(self.names, self.axes, strict=True)
        }
        schedules, dtypes = values.get("schedule", ("constant",)), values.get("dtype", ("float64",))
        return [
            Grid(
                problems=values["problem"],
                optimizers=values["optimizer"],
                lrs=values["lr"],
                schedule=schedule,
                dtype=dtype,
            )
            for schedule in schedules
            for dtype in dtypes
        ]


def classes_of(folder: Path) -> list[Any]:
    """[parameters' names, parameters] of the classes of the suite `folder` that are judged."""
    sys.path.insert(0, str(folder.parent))
    found = pkgutil.walk_packages([str(folder)], f"{folder.name}.")
    modules = [
        importlib.import_module(name) for name in (folder.name, *(module.name for module in found))
    ]
    classes = [
        known
        for module in modules
        for name, known in sorted(vars(module).items())
        # what a module imports is its home's; asv passes over names with an underscore too
        if inspect.isclass(known)
        and known.__module__ == module.__name__
        and not name.startswith("_")
    ]
    named = [
        (list(getattr(known, "param_names", ())), getattr(known, "params", ())) for known in classes
    ]
    kinds = [
        {*CONVERGENCE},
        *({*CONVERGENCE, *more} for more in (VARIANT[:1], VARIANT[1:], VARIANT)),
    ]
    return [[names, axes] for names, axes in named if tuple(names) == SPEED or set(names) in kinds]


if __name__ == "__main__":
    print(json.dumps(classes_of(Path(sys.argv[1]))))
