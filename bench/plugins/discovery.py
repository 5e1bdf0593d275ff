"""Where optimizers and problems come from: ours by folder, others' by entry point, a stray file by
--plugin.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from ...kernels import compiler_report, pickling, update
from ...kernels import registry as optimizers
from ...kernels.grammar import InputError, UnknownName
from ...kernels.known_modules import is_builtin
from ...kernels.optimizer import Optimizer
from ...problems import analytic, network, noisy, regression
from ...problems import registry as problems
from ...problems.problem import Problem
from ..terminal.notices import notice
from . import neighbours

COMMON = ("adagrad", "adam", "adamw", "lion", "momentum", "nesterov", "rmsprop", "sgd")
"""The optimizers of the default sweep: what most people would compare a new one with
(docs/decisions/0007).
"""
GROUPS = ("optbench.optimizers", "optbench.problems")


_missing: dict[str, str] = {}
"""Entry points that can't be imported, and why."""


@cache
def discover() -> None:
    """Import every module of kernels/update/ and of the folders of problems/, then all entry points
    of GROUPS, once.

    One that can't be imported is left out, with a notice that names it.
    """
    _missing.clear()
    for package in (update, analytic, network, noisy, regression):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    for group in GROUPS:
        for entry in entry_points(group=group):
            if entry.value in _missing:
                continue
            try:
                entry.load()
            except (Exception, SystemExit) as error:
                _missing[entry.value] = _reason(error)
                notice(
                    f"plugin {entry.value!r} (entry point {entry.name!r} of {group}) is left out:"
                    f" {_reason(error)}"
                )


def load_file(path: str | Path) -> None:
    """Import a Python file that registers optimizers or problems; it may import files beside it.

    Raises InputError that names the file, the line and the reason where that fails.
    """
    file = Path(path).resolve()
    if not file.is_file():
        raise InputError(f"plugin file {str(path)!r} doesn't exist")
    if file.suffix != ".py":
        raise InputError(f"plugin file {str(path)!r} isn't Python; its name must end in .py")
    discover()
    before = {**optimizers.registered(), **problems.registered()}
    name = neighbours.module_name(file)
    try:
        with neighbours.importable(file) as brought:
            neighbours.execute(name, file)
    except (Exception, SystemExit) as error:
        sys.modules.pop(name, None)
        raise InputError(
            f"plugin file {str(path)!r} can't be loaded: {_reason(error, file)}"
        ) from error
    pickling.how_to_bring.update(
        (module, (bring, (module, str(file)))) for module in (name, *brought.values())
    )
    if {**optimizers.registered(), **problems.registered()} == before:
        raise InputError(
            f"plugin file {str(path)!r} registers nothing; decorate a rule with @optbench.optimizer"
        )


def bring(module: str, file: str) -> None:
    """Load a plugin file where a module that it brings isn't there yet: in a process that gets its
    rules and problems.
    """
    if module not in sys.modules:
        load_file(file)


def _reason(error: BaseException, file: Path | None = None) -> str:
    """The error in a line, with the innermost place in the plugin's folder; a SyntaxError says its
    own.
    """
    text = str(error).splitlines()[0] if str(error) else ""
    if file is not None and compiler_report.is_compilers(error):
        text = compiler_report.in_files(error, [file])
        if text.startswith(f"{file.name}, line"):
            return f"{type(error).__name__}: {text}"
    if isinstance(error, UnicodeError) or "null bytes" in text:
        text += "; save the file as UTF-8"
    where, trace = "", error.__traceback__
    while trace is not None and file is not None and not isinstance(error, SyntaxError):
        place = Path(trace.tb_frame.f_code.co_filename)
        if place == file or (file.parent in place.parents and "site-packages" not in place.parts):
            where = f" ({'' if place == file else f'{place.name}, '}line {trace.tb_lineno})"
        trace = trace.tb_next
    return f"{type(error).__name__}: {text}{where}"


def list_optimizers() -> list[str]:
    """The names of all optimizers, plugins included, sorted."""
    discover()
    return list(optimizers.registered())


def list_problems() -> list[str]:
    """The names of all problems, plugins included, sorted."""
    discover()
    return list(problems.registered())


def get_optimizer(name: str, **settings: object) -> Optimizer:
    """The optimizer `name` (in the grammar) with settings: `get_optimizer("adam", beta1=0.95)`.

    Raises ValueError that names the near ones for an unknown name or setting.
    """
    discover()
    with hints():
        return optimizers.find(name, **settings)


def get_problem(name: str, **parameters: object) -> Problem:
    """The problem `name` (in the grammar) with parameters: `get_problem("rosenbrock", dim=10)`.

    Raises ValueError that names the near ones for an unknown name or parameter.
    """
    discover()
    with hints():
        return problems.find(name, **parameters)


@contextmanager
def hints() -> Iterator[None]:
    """Say of a name that nobody registered where it may be: in a file of this folder, or a plugin
    that can't be imported.
    """
    try:
        yield
    except UnknownName as error:
        word = error.word if error.word.endswith(".py") else f"{error.word}.py"
        if error.registered and Path(word).is_file():
            found = f"unknown {error.kind} {error.word!r}; {word} is a file in this folder"
            raise InputError(f"{found}: add --plugin {word}, or import it") from error
        if error.registered and _missing:
            plugs = "; ".join(
                f"plugin {plugin!r} can't be imported: {reason}"
                for plugin, reason in _missing.items()
            )
            raise InputError(f"{error}; it may be of a plugin that is left out: {plugs}") from error
        raise


def default_optimizers() -> list[str]:
    """What the default sweep covers: COMMON, and every rule that a plugin brought. `all` means
    every one.
    """
    return [
        name
        for name in list_optimizers()
        if name in COMMON or not is_builtin(optimizers.registered()[name].owner)
    ]
