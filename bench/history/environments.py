"""An environment for each commit, with what the commit asks for: a new compiler or library is
judged like any other change.
"""

import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import processes, requirements
from .processes import Deadline
from .requirements import Requirements


def built(
    wants: Sequence[Requirements],
    labels: Sequence[str],
    project: str,
    home: Path,
    deadline: Deadline,
) -> list[str]:
    """The interpreters of the commits' environments; one where they ask for the same.

    pip finds packages as everywhere (its PIP_* variables count). Raises RuntimeError with pip's
    reason where one can't be made, TimeUpError at the deadline.
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
    made = processes.output(
        [sys.executable, "-m", "virtualenv", "--quiet", str(place)], deadline, env=variables
    )
    if made.returncode:
        raise RuntimeError(f"no environment for {label}: {_reason(made.stderr)}")
    python = str(place / "bin" / "python")
    done = processes.output(
        [python, "-m", "pip", "install", "--quiet", *lines], deadline, env=variables
    )
    if done.returncode:
        raise RuntimeError(f"no environment for {label}: {_reason(done.stderr)}")
    return python


VERSIONS = """
import importlib.metadata, json
print(json.dumps({d.metadata["Name"]: d.version for d in importlib.metadata.distributions()}))
"""


def differences(pythons: Sequence[str], deadline: Deadline) -> list[str]:
    """A line that says in which packages the two environments differ; none where they are alike."""
    if pythons[0] == pythons[1]:
        return []
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    base, head = (
        json.loads(processes.output([python, "-c", VERSIONS], deadline, env=alone).stdout)
        for python in pythons
    )
    names = sorted(name for name in {**base, **head} if base.get(name) != head.get(name))
    changes = ", ".join(
        f"{name} {base.get(name, 'none')} → {head.get(name, 'none')}" for name in names
    )
    return [f"in an environment each: {changes or 'the same versions'}"]


def _reason(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    errors_of_pip = [line for line in lines if line.startswith("ERROR")]
    return (errors_of_pip or lines or ["pip gave no reason"])[-1].removeprefix("ERROR: ")
