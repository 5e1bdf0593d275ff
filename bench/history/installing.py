"""Both commits installed, each into a folder of its own, and what they ask for beside what runs."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from . import environments, repository, requirements
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
        return base.python == head.python and repository.contents(
            base.folder
        ) == repository.contents(head.folder)


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
        folders = list(pool.map(repository.install, sources, labels, [deadline] * 2))
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
