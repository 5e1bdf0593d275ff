"""An optimizer or problem told to another process, which finds it again by its name and its
modules.
"""

import importlib
import inspect
import sys
from contextlib import suppress

from ...kernels.grammar import InputError
from ...kernels.optimizer import Optimizer
from ...problems.problem import Problem
from . import discovery, neighbours


def told(subject: Optimizer | Problem) -> list:
    """Words, fit for JSON, from which `subject_of` finds it again: kind, name, lr, modules and
    files, Python's path.
    """
    makers = (
        subject.functions if isinstance(subject, Optimizer) else [subject.maker, subject.formula]
    )
    modules = [
        [
            function.__module__,
            str(
                neighbours.plugin_file(function.__module__) or inspect.getsourcefile(function) or ""
            ),
        ]
        for function in makers
        if function is not None and not function.__module__.startswith("optbench.")
    ]
    return [
        isinstance(subject, Optimizer),
        subject.name,
        getattr(subject, "lr", None),
        modules,
        sys.path,
    ]


def subject_of(words: list) -> Optimizer | Problem | None:
    """The optimizer or problem, or None where this process can't find it: it was made in a function
    or a notebook.
    """
    is_rule, name, lr, modules, path = words
    sys.path[:] = path
    discovery.discover()
    for module, file in modules:
        try:
            if module.startswith(neighbours.PREFIX) or module == "__main__":
                raise ImportError(module)
            importlib.import_module(module)
        except ImportError:
            # a file that registers nothing by itself can't bring what another process made in it
            with suppress(InputError):
                discovery.load_file(file)
    try:
        if not is_rule:
            return discovery.get_problem(name)
        return discovery.get_optimizer(name, **({} if lr is None else {"lr": lr}))
    except InputError:
        return None
