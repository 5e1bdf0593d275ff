"""The repository whose history is followed, and its commits, installed into folders of their own."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ...kernels.grammar import InputError

TREE = "."
"""The working tree, as a revision."""


@dataclass(frozen=True)
class Commit:
    """A commit, or the working tree, whose name is TREE; told : how a table names it."""

    name: str
    told: str


def repository(folder: Path | None = None) -> Path:
    """The repository around `folder` (default: here). Raises InputError where there is none, or no asv.conf.json in it."""
    try:
        root = Path(_git(folder or Path.cwd(), "rev-parse", "--show-toplevel").strip())
    except InputError as error:
        raise InputError("this folder is in no Git repository; optbench history follows the commits of one") from error
    if not (root / "asv.conf.json").is_file():
        raise InputError(f"{root.name}/ has no asv.conf.json, which says what is tracked (docs/history.md shows one)")
    return root


def found(root: Path, revision: str) -> Commit:
    """The commit that the words mean to Git. Raises InputError for words that mean none."""
    if revision == TREE:
        return Commit(TREE, "the working tree")
    if revision.startswith("-"):
        raise InputError(f"{revision!r} isn't a commit")
    try:
        name = _git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
    except InputError as error:
        raise InputError(f"{revision!r} is no commit of this repository; give a branch, a tag or a hash") from error
    short = name[:8]
    return Commit(name, short if name.startswith(revision) else f"{revision} ({short})")


def since(root: Path, revision: str) -> list[Commit]:
    """The commits after `revision` up to HEAD, oldest first. Raises InputError for words that mean no commit."""
    names = _git(root, "rev-list", "--reverse", f"{found(root, revision).name}..HEAD").split()
    return [Commit(name, name[:8]) for name in names]


def subjects(root: Path) -> dict[str, str]:
    """{commit: its subject line} of HEAD's history, oldest first."""
    lines = _git(root, "log", "--topo-order", "--reverse", "--format=%H %s").splitlines()
    return dict(line.split(" ", 1) for line in lines)


def differs(root: Path, results: str) -> bool:
    """Whether the working tree has what the last commit has not, beside the folder of results and asv's own."""
    return bool(_git(root, "status", "--porcelain", "--", ".", f":(exclude){results}", ":(exclude).asv").strip())


def text_of(root: Path, commit: Commit, file: str) -> str:
    """The file's text at the commit; empty where it isn't there."""
    if commit.name == TREE:
        path = root / file
        return path.read_text(encoding="utf-8") if path.is_file() else ""
    if not _git(root, "ls-tree", commit.name, "--", file).strip():
        return ""
    return _git(root, "show", f"{commit.name}:{file}")


def install(root: Path, commit: Commit, folder: Path) -> Path:
    """Install the package as of `commit`, without dependencies, into a new folder beside its source; return the folder.

    The folder goes before site-packages in PYTHONPATH. Raises RuntimeError with pip's last words where it can't be built.
    """
    source, target = folder / "source", folder / "installed"
    source.mkdir(parents=True)
    if commit.name == TREE:
        for name in _git(root, "ls-files", "-z", "-co", "--exclude-standard").split("\0"):
            if name and (root / name).is_file():
                (source / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, source / name)
    else:
        archive = subprocess.Popen(["git", "archive", commit.name], cwd=root, stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "-C", str(source)], stdin=archive.stdout, check=True)
        archive.wait()
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(source)]
    built = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    if built.returncode:
        words = [line for line in built.stderr.splitlines() if re.search("error|No module", line, re.IGNORECASE)]
        raise RuntimeError(f"{commit.told} can't be installed: {(words or ['pip gave no reason'])[-1].strip()}")
    return target


def _git(folder: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise InputError("optbench history needs Git on the PATH") from error
    if done.returncode:
        raise InputError(f"git {words[0]}: {done.stderr.strip() or 'failed'}")
    return done.stdout
