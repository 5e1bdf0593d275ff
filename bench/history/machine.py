"""The machine that asv files numbers under: its name, which has to be one of a folder, and what asv
notes of it.
"""

import json
import os
from pathlib import Path

from ...kernels.grammar import InputError

MACHINES = Path("~/.asv-machine.json")
"""Where asv notes the machines that it knows."""


def check_name(machine: str, results: Path) -> None:
    """Raise InputError for a name that can't be one folder below `results`, where asv keeps a
    machine's numbers.
    """
    if not machine:
        raise InputError(
            "this machine has no name to file the numbers under; give one with --machine"
        )
    reason = ""
    if "/" in machine or "\\" in machine:
        reason = "it holds a slash"
    elif machine in (".", ".."):
        reason = "it is another folder's"
    elif machine.startswith("-"):
        reason = "it begins like an option"
    elif not machine.isprintable() or machine != machine.strip():
        reason = "it holds signs that can't be seen"
    elif len(os.fsencode(machine)) > 200:
        reason = "it is too long"
    elif machine == "version" or (results / machine).is_file():
        reason = "asv has a use of its own for it"
    if reason:
        raise InputError(
            f"the machine's name {machine!r} can't be that of a folder of results: {reason}; try"
            " letters, digits, -"
        )


def register(machine: str) -> None:
    """Let asv note what this machine is, by itself, where it doesn't know yet: it would ask."""
    file = MACHINES.expanduser()
    try:
        known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    except ValueError as error:
        raise InputError(
            f"{file} can't be read: {error}; remove it and asv writes it anew"
        ) from error
    if not isinstance(known, dict):
        raise InputError(f"{file} isn't as asv writes it; remove it and asv writes it anew")
    if machine not in known:
        # comes with asv alone
        from asv.machine import (  # pyright: ignore[reportMissingImports]
            Machine,
            MachineCollection,
        )

        MachineCollection.save(machine, {**Machine.get_defaults(), "machine": machine})
