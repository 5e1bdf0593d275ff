"""asv told to measure commits: the last one, those since a tag, chosen ones, or the working tree as it is."""

import importlib.util
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from ...kernels.grammar import InputError
from . import commits
from .cells import settings

MACHINES = Path("~/.asv-machine.json")


def run(chosen: Sequence[str], since: str | None, here: bool, machine: str | None, again: bool) -> None:
    """Measure commits with asv and keep what it finds in the folder that asv.conf.json names.

    chosen : revisions; none means the last commit.  since : every commit after this one.  here : the working tree, with the
    running Python; kept as the last commit's where nothing differs from it.  machine : the name to file under.  again :
    measure also what is there already.

    Raises InputError for words that mean nothing here, RuntimeError where asv fails.
    """
    root = commits.repository()
    if sum((bool(chosen), since is not None, here)) > 1:
        raise InputError("give commits, --since or --here, one of them")
    if importlib.util.find_spec("asv") is None:
        raise InputError("optbench history run needs asv: pip install 'optbench[asv]'")
    found = commits.since(root, since) if since else [commits.found(root, word) for word in chosen or ["HEAD"]]
    if not found:
        raise InputError(f"there is no commit after {since}")
    name = machine or platform.node()
    introduce(name)
    words = ["run", "--machine", name]
    began, screen, environment = time.monotonic(), Console(stderr=True), dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="optbench-history-") as folder:
        if here:
            words += ["-E", f"existing:{sys.executable}", "--set-commit-hash", found[0].name]
            if commits.differs(root, str(settings(root).get("results_dir", "results"))):
                screen.print("the working tree differs from the last commit: its numbers are shown and not kept")
                words.append("--dry-run")
            # what is installed in the running Python may be another tree, or an old one
            tree = commits.found(root, commits.TREE)
            place = commits.install(commits.files_of(root, tree, Path(folder, "tree")), tree.told)
            environment["ASV_PYTHONPATH"] = environment["PYTHONPATH"] = str(place)
        else:
            hashes = Path(folder, "commits.txt")
            hashes.write_text("\n".join(commit.name for commit in found), encoding="utf-8")
            words += ["-E", f"virtualenv:{sys.version_info.major}.{sys.version_info.minor}"]
            words += [] if again else ["--skip-existing-commits"]
            words.append(f"HASHFILE:{hashes}")
        failed = follow(root, words, environment, screen, everything="--dry-run" in words)
    screen.print(f"done in {time.monotonic() - began:.0f} s; optbench history plot draws it", highlight=False)
    if failed:
        raise RuntimeError(f"{failed} of the benchmarks failed; what asv said of them stands above")


def introduce(machine: str) -> None:
    """Let asv note what this machine is, by itself, where it doesn't know yet: it would ask."""
    file = MACHINES.expanduser()
    try:
        known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    except ValueError as error:
        raise InputError(f"{file} can't be read: {error}; remove it and asv writes it anew") from error
    if machine not in known:
        from asv.machine import Machine, MachineCollection  # pyright: ignore[reportMissingImports], comes with asv alone

        MachineCollection.save(machine, {**Machine.get_defaults(), "machine": machine})


def follow(root: Path, words: Sequence[str], environment: Mapping[str, str], screen: Console, everything: bool) -> int:
    """Run asv, show its progress without its tables, and return the number of benchmarks that failed.

    everything : show the tables too.  Raises RuntimeError with asv's last lines where it ends otherwise.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "asv", *words],
        cwd=root,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    failed, lines, shown = 0, [], False
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        heading = "·" in line and "··· =" not in line
        # a failure is followed by its reason, which isn't marked
        shown = shown if not heading else bool(re.search(r"failed|\d+/\d+ failed", line))
        failed += heading and shown
        if everything or heading or (shown and "SkipNotImplemented" not in line):
            # asv names an environment by all that is in it
            screen.print(
                re.sub(r"(virtualenv-py[\d.]+)\S*", r"\1", line.rstrip()), markup=False, highlight=False, soft_wrap=True
            )
    status = process.wait()
    if status not in (0, 2) or (status == 2 and not failed):
        raise RuntimeError(f"asv ended with exit status {status}: {' '.join(line.strip() for line in lines[-3:])}")
    return failed
