"""What each commit asks for, pyproject.toml's dependencies and asv.conf.json's versions, and what
the running Python has.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from .asv_config import asv_config

OTHER_KEYS = ("env", "env_nobuild")
"""Of asv's matrix: variables, not packages."""


@dataclass(frozen=True)
class Requirements:
    """Of a commit. declared : {package: its line in pyproject.toml}.  pinned : {package: version in
    asv.conf.json}.

    Names are normalized.
    """

    declared: Mapping[str, str]
    pinned: Mapping[str, str]


def of_commit(source: Path) -> Requirements:
    """What the commit whose files are in `source` asks for; what can't be read is nothing."""
    file = source / "pyproject.toml"
    try:
        project = (
            tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
            if file.is_file()
            else {}
        )
    except ValueError:
        # pip says what is wrong
        project = {}
    lines = [line for line in project.get("dependencies", []) if isinstance(line, str)]
    declared = {_normal(re.split(r"[^\w.-]", line, maxsplit=1)[0]): line for line in lines}
    return Requirements(declared, _pinned(source))


def _pinned(source: Path) -> dict[str, str]:
    if not (source / "asv.conf.json").is_file():
        return {}
    matrix = asv_config(source).get("matrix", {})
    packages = matrix.get("req", {} if {*OTHER_KEYS} & matrix.keys() else matrix)
    # of several versions the last; asv writes pip's packages with a prefix
    versions = {
        name.removeprefix("pip+"): v[-1] if isinstance(v, list) and v else v
        for name, v in packages.items()
    }
    return {_normal(name): str(version or "") for name, version in versions.items()}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def running(name: str) -> str:
    """The version that the running Python has; empty for none."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def lines(base: Requirements, head: Requirements, project: str) -> list[str]:
    """What the check doesn't compare: where BASE's and HEAD's wants differ, and where what runs
    isn't what HEAD wants.

    project : the package itself, which both commits bring.
    """
    found = []
    for name in {**base.declared, **head.declared}:
        before, after = base.declared.get(name, ""), head.declared.get(name, "")
        if before != after:
            found.append(
                f"{name}: HEAD asks for {after or 'none'}, BASE for {before or 'none'};"
                f" {_here(name)}"
            )
        elif after and not satisfied(after):
            found.append(f"{name}: HEAD asks for {after}; {_here(name)}")
    changed = {
        n for n in {**base.pinned, **head.pinned} if base.pinned.get(n) != head.pinned.get(n)
    }
    for name in sorted(changed):
        versions = (side.pinned.get(name) or "none" for side in (head, base))
        found.append(
            "{}: asv.conf.json of HEAD has {}, of BASE {}; {}".format(name, *versions, _here(name))
        )
    # setuptools builds, asv_runner measures for asv: neither is in what runs here
    passed_over = {*changed, _normal(project), "setuptools", "asv-runner"}
    others = {
        name: version
        for name, version in head.pinned.items()
        if version and name not in passed_over
    }
    unlike = [
        f"{name} {running(name) or 'none'} (asv: {v})"
        for name, v in others.items()
        if running(name) != v
    ]
    if found:
        found.append(
            "both commits run in this Python, so these differences aren't judged: --environments"
            " does"
        )
    if unlike:
        found.append(f"other versions run here than asv.conf.json of HEAD has: {', '.join(unlike)}")
    return found


def _here(name: str) -> str:
    return f"here runs {running(name) or 'none'}"


def satisfied(line: str) -> bool:
    """Whether the running Python has what this requirement asks for; one for another platform
    counts as satisfied.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(line)
    except InvalidRequirement:
        return True
    if wanted.marker and not wanted.marker.evaluate():
        return True
    version = running(wanted.name)
    return bool(version) and wanted.specifier.contains(version, prereleases=True)


def wanted(commit: Requirements, project: str) -> list[str]:
    """The lines for pip that make the commit's environment: asv's versions, and what pyproject.toml
    asks for.
    """
    pins = {name: version for name, version in commit.pinned.items() if name != _normal(project)}
    return [
        *(f"{name}=={version}" if version else name for name, version in pins.items()),
        *commit.declared.values(),
    ]


def project_of(source: Path) -> str:
    """The package's name, as asv.conf.json has it."""
    asv: Mapping[str, Any] = asv_config(source)
    return str(asv.get("project", ""))
