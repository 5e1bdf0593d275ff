"""An environment for each commit, with what the commit asks for: a new compiler or library is judged like any other change."""

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import processes, requirements
from .processes import Deadline
from .requirements import Requirements


def built(wants: Sequence[Requirements], labels: Sequence[str], project: str, home: Path, deadline: Deadline) -> list[str]:
    """The interpreters of the commits' environments; one where they ask for the same.

    pip finds packages as everywhere (its PIP_* variables count). Raises RuntimeError with pip's reason where one can't be
    made, TimeUpError at the deadline.
    """
    lines = [requirements.wanted(want, project) for want in wants]
    if lines[0] == lines[1]:
        return [_made(lines[0], labels[1], home / "environment", deadline)] * 2
    with ThreadPoolExecutor(2) as pool:
        places = [home / f"environment-{number}" for number in range(2)]
        return list(pool.map(_made, lines, labels, places, [deadline] * 2))


def _made(lines: Sequence[str], label: str, place: Path, deadline: Deadline) -> str:
    temporary = place.with_name(f"{place.name}-temporary")
    temporary.mkdir()
    variables = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "TMPDIR": str(temporary)}
    # as of any other installation, nothing of the running Python's is in it
    variables.pop("PYTHONPATH", None)
    # without downloads: virtualenv brings a pip along
    made = processes.output([sys.executable, "-m", "virtualenv", "--quiet", str(place)], deadline, env=variables)
    if made.returncode:
        raise RuntimeError(f"no environment for {label}: {_reason(made.stderr)}")
    python = str(place / "bin" / "python")
    done = processes.output([python, "-m", "pip", "install", "--quiet", *lines], deadline, env=variables)
    if done.returncode:
        raise RuntimeError(f"no environment for {label}: {_reason(done.stderr)}")
    return python


def _reason(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith("ERROR")]
    return (told or lines or ["pip gave no reason"])[-1].removeprefix("ERROR: ")
