"""Which cells a repository tracks: the parameters of its asv suite, as of a commit."""

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, product
from pathlib import Path
from typing import Any

from ...kernels.grammar import InputError, parse
from .measuring import last_words

CONVERGENCE, FURTHER, SPEED = (
    ("problem", "optimizer", "lr"),
    ("schedule", "dtype"),
    ("problem", "optimizer"),
)
"""The parameters' names of the classes that are judged: those of CONVERGENCE, with or without
FURTHER, and those of SPEED.
"""
IMPORT_SECONDS = 300.0
"""In which a suite has to be imported."""
DTYPES = ("float64", "float32")

Pair = tuple[str, str]


@dataclass(frozen=True)
class Grid:
    """Curves that are judged: problems × optimizers × learning rates (texts), under one schedule,
    in one dtype.
    """

    problems: tuple[str, ...]
    optimizers: tuple[str, ...]
    lrs: tuple[str, ...]
    schedule: str = "constant"
    dtype: str = "float64"

    def narrowed(self, problems: Sequence[str] | None, optimizers: Sequence[str] | None) -> "Grid":
        """These problems and optimizers alone, in the order that they stand in."""
        return replace(
            self,
            problems=tuple(name for name in self.problems if not problems or name in problems),
            optimizers=tuple(
                name for name in self.optimizers if not optimizers or name in optimizers
            ),
        )

    @property
    def further(self) -> bool:
        """Whether it has another schedule or dtype than the usual ones."""
        return (self.schedule, self.dtype) != ("constant", "float64")

    @property
    def size(self) -> int:
        """How many curves these are."""
        return len(self.problems) * len(self.optimizers) * len(self.lrs)


@dataclass(frozen=True)
class Tracked:
    """What a repository's suite says is judged.

    main : at a constant learning rate, in float64.  further : under other schedules and dtypes.
    pairs : for speed.
    dropped : names that BASE's suite has and HEAD's hasn't.
    """

    main: Grid
    further: tuple[Grid, ...]
    pairs: tuple[Pair, ...]
    dropped: tuple[str, ...] = ()

    @property
    def grids(self) -> tuple[Grid, ...]:
        """All that are judged for convergence."""
        return (self.main, *self.further)

    @property
    def problems(self) -> tuple[str, ...]:
        """Every problem that is tracked somewhere."""
        return tuple(
            dict.fromkeys(
                [p for grid in self.grids for p in grid.problems] + [p for p, _ in self.pairs]
            )
        )

    @property
    def optimizers(self) -> tuple[str, ...]:
        """Every optimizer that is tracked somewhere."""
        return tuple(
            dict.fromkeys(
                [o for grid in self.grids for o in grid.optimizers] + [o for _, o in self.pairs]
            )
        )

    @property
    def names(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Problems, optimizers and learning rates."""
        return self.problems, self.optimizers, self.main.lrs

    def narrowed(
        self, problems: Sequence[str] | None, optimizers: Sequence[str] | None
    ) -> "Tracked":
        """These problems and optimizers alone. A name that isn't tracked is judged as if it were,
        with those that are.
        """
        new_problems = tuple(name for name in problems or () if name not in self.main.problems)
        new_optimizers = tuple(
            name for name in optimizers or () if name not in self.main.optimizers
        )
        main = replace(
            self.main,
            problems=self.main.problems + new_problems,
            optimizers=self.main.optimizers + new_optimizers,
        )
        timed = [tuple(dict.fromkeys(names)) for names in zip(*self.pairs, strict=True)]
        pairs = dict.fromkeys(self.pairs)
        if timed:  # where nothing is, it stays so
            more_problems = tuple(name for name in new_problems if name not in timed[0])
            more_optimizers = tuple(name for name in new_optimizers if name not in timed[1])
            pairs |= dict.fromkeys(product(more_problems, timed[1] + more_optimizers))
            pairs |= dict.fromkeys(product(timed[0], more_optimizers))
        return replace(
            self,
            main=main.narrowed(problems, optimizers),
            further=tuple(
                grid for own in self.further if (grid := own.narrowed(problems, optimizers)).size
            ),
            pairs=tuple(
                (p, o)
                for p, o in pairs
                if (not problems or p in problems) and (not optimizers or o in optimizers)
            ),
        )


def tracked(base: Path, head: Path) -> Tracked:
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
    main = _joined([after.main, before.main])
    kinds = dict.fromkeys((grid.schedule, grid.dtype) for grid in (*after.further, *before.further))
    further = [
        _joined([g for g in (*after.further, *before.further) if (g.schedule, g.dtype) == kind])
        for kind in kinds
    ]
    names = zip(before.names, after.names, strict=True)
    dropped = tuple(name for old, new in names for name in old if name not in new)
    return Tracked(main, tuple(further), tuple(dict.fromkeys(after.pairs + before.pairs)), dropped)


def _joined(grids: Sequence[Grid]) -> Grid:
    """The grid of all their names; they have one schedule and dtype."""
    named = zip(*((grid.problems, grid.optimizers, grid.lrs) for grid in grids), strict=True)
    problems, optimizers, lrs = (tuple(dict.fromkeys(chain.from_iterable(own))) for own in named)
    return Grid(problems, optimizers, lrs, grids[0].schedule, grids[0].dtype)


def suite_of(source: Path) -> Tracked:
    """What the suite in the folder `source` tracks.

    The suite is imported in a process of its own, since two commits' suites have one name. Raises
    InputError where asv.conf.json or the suite can't be read, or tracks no convergence.
    """
    name = str(settings(source).get("benchmark_dir", "benchmarks"))
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
            f"the suite {name}/ can't be imported: {last_words(done.stderr, done.returncode)}"
        )
    classes = [
        _Class(tuple(names), axes) for names, axes in json.loads(done.stdout.splitlines()[-1])
    ]
    for own in classes:
        own.examine(name)
    judged = [grid for own in classes if own.judged for grid in own.grids()]
    main = [grid for grid in judged if not grid.further]
    if not main:
        raise InputError(f"the suite {name}/ has no class with problem, optimizer and lr to judge")
    kinds = dict.fromkeys((g.schedule, g.dtype) for g in judged if g.further)
    further = tuple(_joined([g for g in judged if (g.schedule, g.dtype) == kind]) for kind in kinds)
    pairs = dict.fromkeys(pair for own in classes if not own.judged for pair in product(*own.axes))
    return Tracked(_joined(main), further, tuple(pairs))


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
        own = [values[name] for name in CONVERGENCE]
        return [
            Grid(*own, schedule=schedule, dtype=dtype) for schedule in schedules for dtype in dtypes
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
        *({*CONVERGENCE, *more} for more in (FURTHER[:1], FURTHER[1:], FURTHER)),
    ]
    return [[names, axes] for names, axes in named if tuple(names) == SPEED or set(names) in kinds]


def settings(root: Path) -> dict[str, Any]:
    """asv.conf.json, read as asv does. Raises InputError where it isn't there or can't be read, or
    asv is missing.
    """
    try:
        import json5  # pyright: ignore[reportMissingImports], comes with asv alone
    except ImportError as error:
        raise InputError("optbench history needs asv: pip install 'optbench[asv]'") from error

    file = root / "asv.conf.json"
    if not file.is_file():
        raise InputError(
            "there is no asv.conf.json, which says what is tracked (docs/history.md shows one)"
        )
    try:
        found = json5.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"asv.conf.json can't be read: {error}") from error
    if not isinstance(found, dict):
        raise InputError("asv.conf.json can't be read: it is no object")
    return found


if __name__ == "__main__":
    print(json.dumps(classes_of(Path(sys.argv[1]))))
