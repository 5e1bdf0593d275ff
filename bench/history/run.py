"""asv told to measure commits: the last one, those since a tag, chosen ones, or the working tree as
it is.
"""

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
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from ...kernels.grammar import InputError
from . import repository
from .tracked import settings

MACHINES = Path("~/.asv-machine.json")
REASON = r"\s*([\w.]+(Error|Exception|Exit|Interrupt)\b|ERROR: |asv: (?!setup_cache failed$))"
"""The line that says why: the last of a trace, one of pip's, or asv's own; a benchmark's skipping
isn't one.
"""


def run(
    chosen: Sequence[str], since: str | None, here: bool, machine: str | None, again: bool
) -> None:
    """Measure commits with asv and keep what it finds in the folder that asv.conf.json names.

    chosen : revisions; none means the last commit.  since : every commit after this one.  here :
    the working tree, with the running Python; kept as the last commit's where nothing differs from
    it.  machine : the name to file under.  again : measure also what is there already.

    Raises InputError for words that mean nothing here, RuntimeError where asv fails.
    """
    root = repository.repository()
    if sum((bool(chosen), since is not None, here)) > 1:
        raise InputError("give commits, --since or --here, one of them")
    if importlib.util.find_spec("asv") is None:
        raise InputError("optbench history run needs asv: pip install 'optbench[asv]'")
    if repository.TREE in chosen:
        raise InputError("the working tree is measured with --here")
    found = (
        repository.since(root, since)
        if since
        else [repository.found(root, word) for word in chosen or ["HEAD"]]
    )
    if not found:
        raise InputError(f"there is no commit after {since}")
    name = platform.node() if machine is None else machine
    refused(name, root / str(settings(root).get("results_dir", "results")))
    introduce(name)
    words, unkept = ["run", "--show-stderr", "--machine", name], ""
    began, screen, environment = time.monotonic(), Console(stderr=True), dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="optbench-history-") as folder:
        if here:
            words += ["-E", f"existing:{sys.executable}", "--set-commit-hash", found[0].name]
            if file := repository.differing(root, settings(root)):
                unkept = f"not kept: {file} differs from the last commit"
                screen.print(unkept, markup=False)
                words.append("--dry-run")
            # what is installed in the running Python may be another tree, or an old one
            tree = repository.found(root, repository.TREE)
            place = repository.install(
                repository.files_of(root, tree, Path(folder, "source", "tree")), tree.told
            )
            environment["ASV_PYTHONPATH"] = environment["PYTHONPATH"] = str(place)
        else:
            hashes = Path(folder, "commits.txt")
            hashes.write_text("\n".join(commit.name for commit in found), encoding="utf-8")
            words += ["-E", f"virtualenv:{sys.version_info.major}.{sys.version_info.minor}"]
            words += [] if again else ["--skip-existing-successful"]
            words.append(f"HASHFILE:{hashes}")
        told = follow(root, words, environment, screen, everything="--dry-run" in words)
    done = f"done in {time.monotonic() - began:.0f} s"
    done += f", {unkept}" if unkept else f", kept as of the machine {name}"
    if not here and told.begun < len(found):
        done += (
            f"; {len(found) - told.begun} of {len(found)} commits were measured before (--again"
            " measures them anew)"
        )
    done += "" if unkept else ". optbench history plot draws it"
    screen.print(done, highlight=False, markup=False, soft_wrap=True)
    if told.unbuilt:
        raise RuntimeError(
            f"{told.unbuilt} commits can't be built; what pip said of them stands above"
        )
    if told.failed:
        raise RuntimeError(
            f"{told.failed} of the benchmarks failed; what asv said of them stands above"
        )


def refused(machine: str, results: Path) -> None:
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


def introduce(machine: str) -> None:
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
        from asv.machine import (
            Machine,
            MachineCollection,
        )  # pyright: ignore[reportMissingImports], comes with asv alone

        MachineCollection.save(machine, {**Machine.get_defaults(), "machine": machine})


@dataclass
class Told:
    """What asv said: how many commits it began, how many of them it couldn't build, and how many
    benchmarks failed.
    """

    begun: int = 0
    unbuilt: int = 0
    failed: int = 0


def follow(
    root: Path,
    words: Sequence[str],
    environment: Mapping[str, str],
    screen: Console,
    everything: bool,
) -> Told:
    """Run asv, show its progress and the reasons of failures without its tables, and return what it
    said.

    everything : show the tables too.  Raises RuntimeError with asv's last lines where it ends
    otherwise.
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
    told, lines, failing, reasons = Told(), [], False, set()
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        heading = "·" in line and not re.search("··· =|Traceback", line)
        if heading and "total benchmarks" in line:
            # asv counts those that it will skip, too
            continue
        failed = heading and bool(re.search(r"··· .*\bfailed\)?\s*$", line))
        told.begun += bool(re.search(r"· For .* commit ", line))
        told.unbuilt += "·· Skipping " in line
        told.failed += failed
        failing = failing if not heading else failed or "Error running" in line
        # of what follows a failure, a trace for every cell, its reason, once
        reason = (
            failing
            and not heading
            and re.match(REASON, line) is not None
            and line.strip() not in reasons
        )
        if reason:
            reasons.add(line.strip())
        if everything or heading or reason:
            # asv names an environment by all that is in it
            screen.print(
                re.sub(r"(virtualenv-py[\d.]+)\S*", r"\1", line.rstrip()),
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
    status = process.wait()
    if status not in (0, 2) or (status == 2 and not told.failed and not told.unbuilt):
        raise RuntimeError(
            f"asv ended with exit status {status}: {' '.join(line.strip() for line in lines[-3:])}"
        )
    return told
