"""A Git repository with an asv.conf.json: what its revisions mean, and the files of its commits."""

import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...kernels.grammar import InputError
from .asv_config import asv_config
from .git import git

STRAYED = "aren't ancestors of HEAD (squashed, rebased, or of another branch)"
TREE = "."
"""The working tree, as a revision."""


@dataclass(frozen=True)
class Commit:
    """A commit, or the working tree, whose name is TREE; label : how a table names it."""

    name: str
    label: str


def repository(folder: Path | None = None) -> Path:
    """The folder that holds asv.conf.json: `folder` (default: here) or the nearest above it in the
    same repository.

    Raises InputError where there is no repository, or no asv.conf.json in it.
    """
    here = (folder or Path.cwd()).resolve()
    try:
        top = Path(git(here, "rev-parse", "--show-toplevel").strip()).resolve()
    except InputError as error:
        if "not a git repository" not in str(error):
            raise
        raise InputError(
            "this folder is in no Git repository; optbench history follows the commits of one"
        ) from error
    above = [place for place in (here, *here.parents) if place.is_relative_to(top)]
    root = next((place for place in above if (place / "asv.conf.json").is_file()), top)
    asv_config(root)
    return root


def found(root: Path, revision: str) -> Commit:
    """The commit that the revision means to Git. Raises InputError where it means none."""
    if revision == TREE:
        return Commit(TREE, "the working tree")
    if revision.startswith("-"):
        raise InputError(f"{revision!r} isn't a commit")
    try:
        name = git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
    except InputError as error:
        raise InputError(
            f"{revision!r} is no commit of this repository; {_way_to(root, revision)}"
        ) from error
    short = name[:8]
    return Commit(name, short if name.startswith(revision) else f"{revision} ({short})")


def _way_to(root: Path, revision: str) -> str:
    """What brings a revision that isn't here: a clone of one branch, as CI makes it, lacks the
    others.
    """
    remote, slash, branch = revision.partition("/")
    remotes = git(root, "remote").split()
    if slash and branch and remote in remotes:
        shallow = "git fetch --unshallow, then " if _shallow(root) else ""
        return (
            f"it may not be fetched yet: {shallow}git fetch {remote}"
            f" {branch}:refs/remotes/{revision}"
        )
    names = git(
        root,
        "for-each-ref",
        "--format=%(refname:short)",
        *(f"refs/remotes/{r}/{revision}" for r in remotes or ["-"]),
    )
    if names.strip():
        return f"do you mean {names.split()[0]}?"
    return f"give a branch, a tag or a hash{_unless_whole(root)}"


def same_files(root: Path, base: Commit, head: Commit) -> bool:
    """Whether the two have the same files with the same contents."""
    ends = [commit.name for commit in (base, head) if commit.name != TREE]
    # a tree is compared with the commit as it is now, what is new in it included
    if len(ends) == 1 and git(root, "ls-files", "-z", "-o", "--exclude-standard"):
        return False
    return not ends or not git(root, "diff", "--name-only", "--no-ext-diff", *ends, "--", ".")


def since(root: Path, revision: str) -> list[Commit]:
    """The commits after `revision` up to HEAD, oldest first.

    Raises InputError where it means no commit.
    """
    names = git(root, "rev-list", "--reverse", f"{found(root, revision).name}..HEAD").split()
    return [Commit(name, name[:8]) for name in names]


def first_parents(root: Path) -> list[str]:
    """HEAD and its first parents, oldest first: the line that merges were made into, without what
    they brought.
    """
    return git(root, "rev-list", "--first-parent", "--reverse", "HEAD").split()


def strayed(root: Path, measured: Collection[str]) -> str:
    """Why no line can be drawn through these commits, none of which is on the line of HEAD's first
    parents.
    """
    merged = set(measured) & set(subjects(root))
    if merged:
        return (
            f"{len(merged)} commits were measured, all on branches that were merged: optbench"
            " history run measures HEAD"
        )
    hint = (
        _unless_whole(root)
        or "; optbench history run --since COMMIT measures those that took their place"
    )
    return (
        f"{len(measured)} commits were measured, none is an ancestor of HEAD (squashed or"
        f" rebased?){hint}"
    )


def is_kept(root: Path, file: Path) -> bool:
    """Whether Git has the file."""
    return bool(git(root, "ls-files", "-z", "--", str(file)))


def subjects(root: Path) -> dict[str, str]:
    """{commit: its subject line} of HEAD's history, oldest first."""
    entries = git(
        root, "log", "-z", "--no-show-signature", "--topo-order", "--reverse", "--format=%H %s"
    ).split("\0")
    return {
        name: subject for name, _, subject in (entry.partition(" ") for entry in entries) if name
    }


def parting(root: Path, base: Commit, head: Commit) -> Commit:
    """The last commit that both have. Raises InputError where their histories have none."""
    ends = ["HEAD" if commit.name == TREE else commit.name for commit in (base, head)]
    try:
        name = git(root, "merge-base", *ends).strip()
    except InputError as error:
        raise InputError(
            f"{base.label} and {head.label} have no commit in common{_unless_whole(root)}"
        ) from error
    return Commit(name, f"{name[:8]}, where {head.label} left {base.label}")


def differing(root: Path, config: Mapping[str, Any]) -> str:
    """A file in which the working tree differs from the last commit, beside what asv writes; empty
    for none.

    config : asv.conf.json, which names the folders that asv writes.
    """
    own = [str(config.get(f"{name}_dir", name)) for name in ("results", "env", "html")]
    inside = [
        f":(exclude){folder}"
        for folder in own
        if (root / folder).resolve().is_relative_to(root.resolve())
    ]
    entries = git(root, "status", "--porcelain", "-z", "--", ".", *inside)
    return entries.split("\0")[0][3:]


def text_of(root: Path, commit: Commit, file: str) -> str:
    """The file's text at the commit; empty where it isn't there."""
    if commit.name == TREE:
        path = root / file
        return _text(path.read_bytes(), file) if path.is_file() else ""
    if not git(root, "ls-tree", commit.name, "--", file).strip():
        return ""
    return _text(os.fsencode(git(root, "show", f"{commit.name}:./{file}")), file)


def _text(raw: bytes, file: str) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise InputError(f"{file} isn't UTF-8: {error}") from error


def _unless_whole(root: Path) -> str:
    return ". The clone is shallow: git fetch --unshallow" if _shallow(root) else ""


def _shallow(root: Path) -> bool:
    return git(root, "rev-parse", "--is-shallow-repository").strip() == "true"


def ahead(root: Path, base: Commit, head: Commit) -> int:
    """How many commits BASE has that HEAD hasn't."""
    ends = ["HEAD" if commit.name == TREE else commit.name for commit in (head, base)]
    return int(git(root, "rev-list", "--count", "..".join(ends)))


def files_of(root: Path, commit: Commit, folder: Path) -> Path:
    """Write the commit's files below `root` into `folder`, which is made, and return it.

    Raises InputError where the commit has no such folder.
    """
    folder.mkdir(parents=True)
    if commit.name == TREE:
        for name in git(root, "ls-files", "-z", "-co", "--exclude-standard").split("\0"):
            if name and ((root / name).is_symlink() or (root / name).is_file()):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, folder / name, follow_symlinks=False)
    else:
        # an index of its own, so that the repository's knows nothing of it
        index = {"GIT_INDEX_FILE": str(folder.with_name(f"{folder.name}.index"))}
        inside = git(root, "rev-parse", "--show-prefix").strip()
        if (
            inside
            and not git(
                root, "ls-tree", "--full-tree", commit.name, "--", inside.rstrip("/")
            ).strip()
        ):
            raise InputError(f"{commit.label} has no folder {inside}")
        # of a package in a subfolder this is the subfolder's tree, written as if it stood alone
        git(root, "read-tree", f"{commit.name}:{inside}", **index)
        git(
            root / git(root, "rev-parse", "--show-cdup").strip(),
            "checkout-index",
            "--all",
            f"--prefix={folder}/",
            **index,
        )
    return folder
