"""What a user should know of a result that stands nonetheless: a warning in Python, one line on
stderr from a command.
"""

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Notice(UserWarning):
    """A warning that optbench gives: one line that says what was left out, or what may not be
    meant.
    """


def notice(text: str) -> None:
    """Warn, on behalf of whoever called optbench: the line shown is the first outside of the
    package.
    """
    package = __name__.partition(".")[0] + "."
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(package):
        frame, level = frame.f_back, level + 1
    warnings.warn(text, Notice, stacklevel=level)


@contextmanager
def in_a_line_each(say: Callable[[str], object]) -> Iterator[None]:
    """Hand every notice given within to `say`, each text once; other warnings stay as they are."""
    said: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("always", Notice)
        show = warnings.showwarning

        def one_line(message, category, *rest, **more):
            if not issubclass(category, Notice):
                show(message, category, *rest, **more)
            elif str(message) not in said:
                said.add(str(message))
                say(str(message))

        warnings.showwarning = one_line
        yield
