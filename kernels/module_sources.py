"""The digest of one of optbench's own modules together with all that it imports."""

import ast
from functools import cache
from pathlib import Path

from .cache import ROOT, SOURCES, file_digest


@cache
def module_digest(module: str) -> str:
    """Digest of an optbench module and of every optbench module it imports, directly or not."""
    found: dict[Path, None] = {}
    waiting = [_file(module)]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found[file] = None
            waiting.extend(_imports(file))
    return file_digest(sorted(found))


def _file(module: str) -> Path:
    return ROOT.joinpath(*module.split(".")[1:]).with_suffix(".py")


@cache
def _imports(file: Path) -> list[Path]:
    """The optbench files that `file` imports by relative import (the only kind inside the
    package).
    """
    found = []
    # imports inside functions are of what only some callers need (presets, walks), never of a run's
    # arithmetic
    for node in ast.parse(SOURCES[file]).body:
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = file.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            candidates = [
                folder.with_suffix(".py"),
                *(folder / f"{alias.name}.py" for alias in node.names),
            ]
            found.extend(
                candidate for candidate in candidates if candidate in SOURCES and candidate != file
            )
    return found
