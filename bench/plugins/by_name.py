"""How another process finds an optimizer or a problem again: by its name and the modules that bring
it.
"""

import importlib
import inspect
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ...kernels.grammar import InputError
from ...kernels.known_modules import is_builtin
from ...kernels.optimizer import Optimizer
from ...problems.problem import Problem
from . import discovery, neighbours


def request_for(subject: Optimizer | Problem) -> dict[str, Any]:
    """What another process needs to find it, fit for JSON.

    kind : "optimizer" or "problem".  name : in the grammar.  lr : an optimizer's, which may be
    None.  modules : [name, file] of those outside of optbench that bring it.  path : Python's.
    """
    is_rule = isinstance(subject, Optimizer)
    makers = subject.functions if is_rule else [subject.maker, subject.formula]
    modules = [
        [maker.__module__, _file_of(maker)]
        for maker in makers
        if maker is not None and not is_builtin(maker.__module__)
    ]
    return {
        "kind": "optimizer" if is_rule else "problem",
        "name": subject.name,
        "lr": subject.lr if is_rule else None,
        "modules": modules,
        "path": sys.path,
    }


def _file_of(maker: Any) -> str:
    """The plugin file that brought the function's module, or else the function's own file."""
    file = neighbours.plugin_file(maker.__module__) or inspect.getsourcefile(maker)
    return str(file or "")


def subject_of(request: Mapping[str, Any]) -> Optimizer | Problem | None:
    """The optimizer or problem of a request; None where this process can't find it, since it was
    made in a function or a notebook.
    """
    sys.path[:] = request["path"]
    discovery.discover()
    for module, file in request["modules"]:
        try:
            if module.startswith(neighbours.PREFIX) or module == "__main__":
                raise ImportError(module)
            importlib.import_module(module)
        except ImportError:
            # a file that registers nothing by itself can't bring what another process made in it
            with suppress(InputError):
                discovery.load_file(file)
    name, lr = request["name"], request["lr"]
    try:
        if request["kind"] == "problem":
            return discovery.get_problem(name)
        return discovery.get_optimizer(name, **({} if lr is None else {"lr": lr}))
    except InputError:
        return None
