"""Plugins' functions that print, which a loop calls hundreds of thousands of times."""

from collections.abc import Callable, Iterable
from typing import Any

from ...kernels.known_modules import is_builtin
from ..terminal.notices import notice
from . import diagnosis


def warn_of_printing(functions: Iterable[Callable[..., Any]]) -> None:
    """Give a notice for each rule or formula of a plugin that prints."""
    for function in dict.fromkeys(functions):
        reason = None if is_builtin(function.__module__) else diagnosis.prints(function)
        if reason:
            notice(reason)
