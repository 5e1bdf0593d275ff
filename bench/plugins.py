"""Where optimizers and problems come from: ours by folder, others' by entry point, a stray file by --plugin."""

import importlib
import importlib.util
import os
import pkgutil
import sys
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from ..kernels import registry as optimizers
from ..kernels import update
from ..kernels.cache import digest
from ..kernels.grammar import InputError
from ..kernels.optimizer import Optimizer
from ..problems import registry as problems
from ..problems.problem import Problem
from .wording import as_typed

COMMON = ("adagrad", "adam", "adamw", "lion", "momentum", "nesterov", "rmsprop", "sgd")
"""The optimizers of the default sweep: what most people would compare a new one with (docs/decisions/0007)."""
OURS = "optbench."
GROUPS = ("optbench.optimizers", "optbench.problems")


@cache
def discover() -> None:
    """Import every module of kernels/update/ and problems/, then all entry points of GROUPS, once.

    Raises InputError that names the plugin where one can't be imported.
    """
    for module in pkgutil.iter_modules(update.__path__):
        importlib.import_module(f"{update.__name__}.{module.name}")
    package = problems.__name__.rpartition(".")[0]
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        importlib.import_module(f"{package}.{module.name}")
    for group in GROUPS:
        for entry in entry_points(group=group):
            try:
                entry.load()
            except (Exception, SystemExit) as error:
                raise InputError(
                    f"plugin {entry.value!r} (entry point {entry.name!r} of {group}) can't be loaded: {_reason(error)}"
                ) from error


def load_file(path: str | Path) -> None:
    """Import a Python file that registers optimizers or problems.

    Raises InputError that names the file, the line and the reason where that fails.
    """
    file = Path(path).resolve()
    if not file.is_file():
        raise InputError(f"plugin file {str(path)!r} doesn't exist")
    discover()
    before = {**optimizers.registered(), **problems.registered()}
    name = f"optbench_plugin_{as_typed(file.stem)}_{digest(os.fsencode(file))}"  # two files may share a stem
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise InputError(f"plugin file {str(path)!r} isn't Python; its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise InputError(f"plugin file {str(path)!r} can't be loaded: {_reason(error, file)}") from error
    if {**optimizers.registered(), **problems.registered()} == before:
        raise InputError(f"plugin file {str(path)!r} registers nothing; decorate a rule with @optbench.optimizer")


def _reason(error: BaseException, file: Path | None = None) -> str:
    line, trace = getattr(error, "lineno", None), error.__traceback__
    while trace is not None and not isinstance(error, SyntaxError):
        if file is not None and trace.tb_frame.f_code.co_filename == str(file):
            line = trace.tb_lineno
        trace = trace.tb_next
    where = f" (line {line})" if line else ""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}{where}"


def list_optimizers() -> list[str]:
    """The names of all optimizers, plugins included, sorted."""
    discover()
    return list(optimizers.registered())


def list_problems() -> list[str]:
    """The names of all problems, plugins included, sorted."""
    discover()
    return list(problems.registered())


def get_optimizer(name: str, **settings) -> Optimizer:
    """The optimizer `name` (in the grammar) with settings: `get_optimizer("adam", beta1=0.95)`.

    Raises ValueError that names the near ones and lists the rest for an unknown name or setting.
    """
    discover()
    return optimizers.find(name, **settings)


def get_problem(name: str, **parameters) -> Problem:
    """The problem `name` (in the grammar) with parameters: `get_problem("rosenbrock", dim=10)`.

    Raises ValueError that names the near ones and lists the rest for an unknown name or parameter.
    """
    discover()
    return problems.find(name, **parameters)


def default_optimizers() -> list[str]:
    """What the default sweep covers: COMMON, and every rule that a plugin brought. `all` means every one."""
    return [name for name in list_optimizers() if name in COMMON or not optimizers.registered()[name].owner.startswith(OURS)]
