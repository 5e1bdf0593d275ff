"""Which cells a repository tracks: the parameters of its asv suite, as of a commit."""

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from ...kernels.grammar import InputError
from .measuring import last_words

CONVERGENCE, SPEED = ("problem", "optimizer", "lr"), ("problem", "optimizer")
"""The parameters' names of the classes that are judged."""

Pair = tuple[str, str]
Cell = tuple[str, str, str]


@dataclass(frozen=True)
class Tracked:
    """What is judged: problems × optimizers × learning rates (texts) for convergence, pairs for speed.

    dropped : names that BASE's suite has and HEAD's hasn't.
    """

    problems: tuple[str, ...]
    optimizers: tuple[str, ...]
    lrs: tuple[str, ...]
    pairs: tuple[Pair, ...]
    dropped: tuple[str, ...] = ()

    def narrowed(self, problems: Sequence[str] | None, optimizers: Sequence[str] | None) -> "Tracked":
        """These problems and optimizers alone, in the order that they stand in. Raises InputError for one not tracked."""
        timed = [tuple(dict.fromkeys(names)) for names in zip(*self.pairs, strict=True)] or [(), ()]
        for kind, asked, judged, more in (
            ("problem", problems, self.problems, timed[0]),
            ("optimizer", optimizers, self.optimizers, timed[1]),
        ):
            known = dict.fromkeys(judged + more)
            for name in asked or ():
                if name not in known:
                    raise InputError(f"the {kind} {name!r} isn't tracked here; tracked are {', '.join(known)}")
        pairs = ((p, o) for p, o in self.pairs if (not problems or p in problems) and (not optimizers or o in optimizers))
        return replace(
            self,
            problems=tuple(p for p in self.problems if not problems or p in problems),
            optimizers=tuple(o for o in self.optimizers if not optimizers or o in optimizers),
            pairs=tuple(pairs),
        )


def tracked(base: Path, head: Path) -> Tracked:
    """What the suites of two commits track, either of them: what is no longer tracked is judged once more.

    base, head : folders with the commits' files.  Raises InputError where HEAD's suite can't be read, or judges nothing.
    """
    after = suite_of(head)
    try:
        before = suite_of(base)
    except InputError:
        # it had none yet, or one of another kind: HEAD's says what to look for in it
        before = after
    problems, optimizers, lrs = (tuple(dict.fromkeys(a + b)) for a, b in zip(after[0], before[0], strict=True))
    dropped = tuple(name for a, b in zip(after[0], before[0], strict=True) for name in b if name not in a)
    return Tracked(problems, optimizers, lrs, tuple(dict.fromkeys(after[1] + before[1])), dropped=dropped)


def suite_of(source: Path) -> tuple[tuple[tuple[str, ...], ...], tuple[Pair, ...]]:
    """Problems, optimizers and learning rates of the suite in the folder `source`, and the pairs that are timed.

    The suite is imported in a process of its own, since two commits' suites have one name. Raises InputError where
    asv.conf.json or the suite can't be read, or tracks no convergence.
    """
    name = str(settings(source).get("benchmark_dir", "benchmarks"))
    folder = source / name
    if not (folder / "__init__.py").is_file():
        raise InputError(f"asv.conf.json names the suite {name}/, which has no __init__.py in the repository")
    done = subprocess.run([sys.executable, "-P", "-m", __name__, str(folder)], capture_output=True, text=True)
    if done.returncode or not done.stdout:
        raise InputError(f"the suite {name}/ can't be imported: {last_words(done.stderr, done.returncode)}")
    judged, timed = json.loads(done.stdout.splitlines()[-1])
    for names, classes in ((CONVERGENCE, judged), (SPEED, timed)):
        for own in classes:
            if len(own) != len(names) or not all(isinstance(axis, list) and axis for axis in own):
                raise InputError(f"the suite {name}/ has params that aren't a tuple of names each for {', '.join(names)}")
    if not judged:
        raise InputError(f"the suite {name}/ has no class with problem, optimizer and lr to judge")
    axes = (tuple(dict.fromkeys(str(word) for own in axis for word in own)) for axis in zip(*judged, strict=True))
    problems, optimizers, lrs = axes
    for lr in lrs:
        try:
            float(lr)
        except ValueError as error:
            raise InputError(f"the suite {name}/ has the learning rate {lr!r}, which is no number") from error
    return (problems, optimizers, lrs), tuple(dict.fromkeys(pair for own in timed for pair in product(*own)))


def classes_of(folder: Path) -> list[list[Any]]:
    """The parameters of the classes with those of CONVERGENCE, and of those with SPEED's, in the suite `folder`."""
    sys.path.insert(0, str(folder.parent))
    found = pkgutil.walk_packages([str(folder)], f"{folder.name}.")
    modules = [importlib.import_module(name) for name in (folder.name, *(module.name for module in found))]
    classes = [
        known
        for module in modules
        for name, known in sorted(vars(module).items())
        # what a module imports is its home's; asv passes over names with an underscore too
        if inspect.isclass(known) and known.__module__ == module.__name__ and not name.startswith("_")
    ]
    return [
        [getattr(known, "params", ()) for known in classes if tuple(getattr(known, "param_names", ())) == names]
        for names in (CONVERGENCE, SPEED)
    ]


def settings(root: Path) -> dict[str, Any]:
    """asv.conf.json, read as asv does. Raises InputError where it isn't there or can't be read, or asv is missing."""
    try:
        import json5  # pyright: ignore[reportMissingImports], comes with asv alone
    except ImportError as error:
        raise InputError("optbench history needs asv: pip install 'optbench[asv]'") from error

    file = root / "asv.conf.json"
    if not file.is_file():
        raise InputError("there is no asv.conf.json, which says what is tracked (docs/history.md shows one)")
    try:
        found = json5.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"asv.conf.json can't be read: {error}") from error
    if not isinstance(found, dict):
        raise InputError("asv.conf.json can't be read: it is no object")
    return found


if __name__ == "__main__":
    print(json.dumps(classes_of(Path(sys.argv[1]))))
