"""What users should know though nothing ends for it: a warning from Python, a line on stderr from the command."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


class OptbenchWarning(RuntimeWarning):
    """Runs that failed, a plugin that can't be imported: what optbench went on without."""


def notice(text: str, stacklevel: int = 3) -> None:
    """Warn once of `text`, as of the line that called the caller; the command prints it as a line on stderr."""
    warnings.warn(text, OptbenchWarning, stacklevel=stacklevel)


@contextmanager
def as_lines() -> Iterator[None]:
    """While the context lasts, print each notice as a line of the command's on stderr, each text once."""
    usual, said = warnings.showwarning, set()

    def show(message, category, filename, lineno, file=None, line=None) -> None:
        if not issubclass(category, OptbenchWarning):
            usual(message, category, filename, lineno, file, line)
        elif str(message) not in said:
            said.add(str(message))
            print(f"optbench: {message}", file=sys.stderr)

    with warnings.catch_warnings():
        warnings.simplefilter("always", OptbenchWarning)
        warnings.showwarning = show
        yield
