"""Both commits installed, each into a folder of its own, and what they ask for beside what runs."""

import hashlib
import os
import re
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from . import environments, processes, requirements
from .measuring import Package
from .processes import Deadline
from .stages import Stages


@dataclass(frozen=True)
class Installed:
    """The two packages, and what is to be known of what they ask for."""

    packages: list[Package]
    notes: list[str]

    @property
    def equal(self) -> bool:
        """Whether both have the same files, in the same Python."""
        base, head = self.packages
        return base.python == head.python and contents(base.folder) == contents(head.folder)


def installed(
    sources: Sequence[Path],
    labels: Sequence[str],
    folder: Path,
    own_environments: bool,
    deadline: Deadline,
    stage: Stages,
) -> Installed:
    """Install what is in `sources`. own_environments : each commit runs with what it asks for, else
    in this Python.

    Raises RuntimeError with pip's reason where that fails, TimeUpError at the deadline.
    """
    stage("installing both commits")
    with ThreadPoolExecutor(2) as pool:
        folders = list(pool.map(install, sources, labels, [deadline] * 2))
    packages = [
        Package(label, place, folder / "home" / place.name)
        for label, place in zip(labels, folders, strict=True)
    ]
    wants, project = (
        [requirements.of_commit(source) for source in sources],
        requirements.project_of(sources[1]),
    )
    if not own_environments:
        return Installed(packages, requirements.lines(wants[0], wants[1], project))
    stage("building an environment for each commit")
    pythons = environments.built(wants, labels, project, folder, deadline)
    packages = [
        replace(side, python=python) for side, python in zip(packages, pythons, strict=True)
    ]
    return Installed(packages, environments.differences(pythons, deadline))


def install(source: Path, label: str, deadline: Deadline | None = None) -> Path:
    """Install the package in `source`, without dependencies, into the folder ../installed of the
    same name; return it.

    It goes before site-packages in PYTHONPATH. Raises RuntimeError with pip's reason
    where it can't be built, whose message begins with `label`; TimeUpError at the deadline.
    """
    target = source.parents[1] / "installed" / source.name
    temporary = source.parents[1] / "temporary" / source.name
    temporary.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(target),
        str(source),
    ]
    # a package that takes its version from Git finds none here
    version = {"SETUPTOOLS_SCM_PRETEND_VERSION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    variables = {**version, **os.environ, "TMPDIR": str(temporary)}
    built = processes.output(command, deadline or Deadline(), env=variables)
    if built.returncode:
        # pip ends with lines that are about itself
        own = "note: |subprocess-exited|did not run successfully|Failed to build"
        reasons = [
            line
            for line in built.stderr.splitlines()
            if re.search("error|No module", line, re.IGNORECASE) and not re.search(own, line)
        ]
        raise RuntimeError(
            f"{label} can't be installed: {(reasons or ['pip gave no reason'])[-1].strip()}"
        )
    return target


def contents(installed: Path) -> dict[str, bytes]:
    """{file: digest} of an installed package, without what pip notes beside it: its entry points
    alone.
    """
    return {
        str(file.relative_to(installed)): hashlib.sha256(file.read_bytes()).digest()
        for file in installed.rglob("*")
        if file.is_file()
        and file.suffix != ".pyc"
        and (".dist-info" not in str(file) or file.name == "entry_points.txt")
    }
