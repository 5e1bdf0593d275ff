"""`optbench history run`: asv measures the last commit, those since a tag, chosen ones, or the
working tree.
"""

import importlib.util
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from ...kernels.grammar import InputError
from ..terminal.console import open_console
from . import machine, repository
from .asv_config import asv_config
from .asv_process import AsvSummary, run_asv
from .installing import install
from .repository import Commit


def run(
    chosen: Sequence[str], since: str | None, here: bool, machine_name: str | None, again: bool
) -> None:
    """Measure commits with asv and keep what it finds in the folder that asv.conf.json names.

    chosen : revisions; none means the last commit.  since : every commit after this one.  here :
    the working tree, with the running Python; kept as the last commit's where nothing differs from
    it.  machine_name : the name to file under.  again : measure also what is there already.

    Raises InputError for options that mean nothing here, RuntimeError where asv fails.
    """
    root = repository.repository()
    commits = _commits(root, chosen, since, here)
    name = platform.node() if machine_name is None else machine_name
    machine.check_name(name, root / str(asv_config(root).get("results_dir", "results")))
    machine.register(name)
    arguments, unkept = ["run", "--show-stderr", "--machine", name], ""
    began, console, environment = time.monotonic(), open_console(stderr=True), dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="optbench-history-") as folder:
        if here:
            arguments += ["-E", f"existing:{sys.executable}", "--set-commit-hash", commits[0].name]
            if file := repository.differing(root, asv_config(root)):
                unkept = f"not kept: {file} differs from the last commit"
                console.print(unkept, markup=False)
                arguments.append("--dry-run")
            # what is installed in the running Python may be another tree, or an old one
            place = _installed_tree(root, Path(folder))
            environment["ASV_PYTHONPATH"] = environment["PYTHONPATH"] = str(place)
        else:
            hashes = Path(folder, "commits.txt")
            hashes.write_text("\n".join(commit.name for commit in commits), encoding="utf-8")
            arguments += ["-E", f"virtualenv:{sys.version_info.major}.{sys.version_info.minor}"]
            arguments += [] if again else ["--skip-existing-successful"]
            arguments.append(f"HASHFILE:{hashes}")
        summary = run_asv(root, arguments, environment, console, tables="--dry-run" in arguments)
    done = f"done in {time.monotonic() - began:.0f} s"
    done += f", {unkept}" if unkept else f", kept as of the machine {name}"
    if not here and summary.begun < len(commits):
        done += (
            f"; {len(commits) - summary.begun} of {len(commits)} commits were measured before"
            " (--again measures them anew)"
        )
    done += "" if unkept else ". optbench history plot draws it"
    console.print(done, highlight=False, markup=False, soft_wrap=True)
    _raise_failures(summary)


def _commits(root: Path, chosen: Sequence[str], since: str | None, here: bool) -> list[Commit]:
    """The commits that are asked for. Raises InputError for options that contradict each other, and
    where there is no such commit, or no asv.
    """
    if sum((bool(chosen), since is not None, here)) > 1:
        raise InputError("give commits, --since or --here, one of them")
    if importlib.util.find_spec("asv") is None:
        raise InputError("optbench history run needs asv: pip install 'optbench[asv]'")
    if repository.TREE in chosen:
        raise InputError("the working tree is measured with --here")
    commits = (
        repository.since(root, since)
        if since
        else [repository.found(root, revision) for revision in chosen or ["HEAD"]]
    )
    if not commits:
        raise InputError(f"there is no commit after {since}")
    return commits


def _installed_tree(root: Path, folder: Path) -> Path:
    """The working tree, installed below `folder`."""
    tree = repository.found(root, repository.TREE)
    source = repository.files_of(root, tree, folder / "source" / "tree")
    return install(source, tree.label)


def _raise_failures(summary: AsvSummary) -> None:
    """Raise RuntimeError where a commit couldn't be built or a benchmark failed."""
    if summary.unbuilt:
        raise RuntimeError(
            f"{summary.unbuilt} commits can't be built; what pip said of them stands above"
        )
    if summary.failed:
        raise RuntimeError(
            f"{summary.failed} of the benchmarks failed; what asv said of them stands above"
        )
