"""asv.conf.json: which suite is tracked, where its results lie, and what asv installs."""

from pathlib import Path
from typing import Any

from ...kernels.grammar import InputError

FILE = "asv.conf.json"


def asv_config(root: Path) -> dict[str, Any]:
    """asv.conf.json of the folder `root`, read as asv reads it.

    Raises InputError where it isn't there or can't be read, or asv isn't installed.
    """
    try:
        import json5  # pyright: ignore[reportMissingImports], comes with asv alone
    except ImportError as error:
        raise InputError("optbench history needs asv: pip install 'optbench[asv]'") from error

    file = root / FILE
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
