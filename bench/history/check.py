"""The gate: which curves became slower or converge differently between two commits, beyond rounding and noise.

Convergence is judged by fingerprints, which rounding hardly moves; late numbers only say in which direction, and only where
a fingerprint moved. Times are judged by processes of both commits that take turns.
"""

import math
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console

from ...kernels.grammar import InputError
from ..suite.convergence import SEEDS
from . import accepted, commits, times, verdict
from .cells import Cell, Pair, Tracked, settings, tracked
from .measuring import measured
from .table import Finding, excused, show

FLOOR = 1e-10
"""Best gaps below it are equal: there, a sum in another order decides (f* is up to about 1)."""


def check(
    base: str, head: str | None, problems: Sequence[str] | None, optimizers: Sequence[str] | None, timed: bool, all_rows: bool
) -> bool:
    """Compare BASE and HEAD in this repository, print the table, and say whether HEAD passes.

    base : a revision; with three dots behind it, as in `git diff main...HEAD`, the commit where HEAD left it.
    head : a revision, "." for the working tree; None means what stands behind the dots, or HEAD.

    Raises InputError for words that mean nothing here, RuntimeError for a commit that can't be installed or measured.
    """
    root = commits.repository()
    base, dots, tip = base.partition("...")
    if tip and head:
        raise InputError(f"both {tip!r} and {head!r} stand for HEAD; give one")
    before, after = commits.found(root, base), commits.found(root, tip or head or "HEAD")
    if dots:
        before = commits.parting(root, before, after)
    screen = Console(stderr=True)
    if after.name != commits.TREE and (file := commits.differing(root, settings(root))):
        screen.out(f"{file} differs from the last commit, and isn't compared: . is the working tree", highlight=False)
    if before.name == after.name:
        screen.out(f"{before.told} and {after.told} are the same commit: there is nothing to compare", highlight=False)
        return True
    missing = commits.ahead(root, before, after)
    meant = accepted.brought(*(commits.text_of(root, commit, accepted.FILE) for commit in (before, after)))
    with tempfile.TemporaryDirectory(prefix="optbench-history-") as folder, screen.status("installing both") as status:
        named = ((before, "BASE"), (after, "HEAD"))
        sources = [commits.files_of(root, commit, Path(folder, "source", name)) for commit, name in named]
        cells = tracked(*sources).narrowed(problems, optimizers)
        with ThreadPoolExecutor(2) as pool:
            both = list(pool.map(commits.install, sources, [before.told, after.told]))
        judged, times_too = bool(cells.problems and cells.optimizers), timed and bool(cells.pairs)
        if not judged and not times_too:
            only = "only times, which --no-times leaves out" if cells.pairs else "no curve"
            raise InputError(f"of these names together {only} are tracked")
        findings, told = convergence(cells, both, status.update) if judged else ([], [])
        if times_too:
            slow, sure = speed(cells.pairs, both, status.update)
            findings, told = findings + slow, [*told, sure]
    if missing:
        told.append(f"HEAD lacks {missing} commits of BASE, which count as undone; {base}... compares from where they part")
    if cells.dropped:
        told.append(f"HEAD's suite no longer tracks {', '.join(cells.dropped)}")
    idle = [entry for entry in meant if not any(entry.covers(finding.what, *finding.cell) for finding in findings)]
    told += [f"{accepted.FILE}: the entry {entry.told} covers no curve here" for entry in idle]
    findings = [excused(finding, meant) for finding in findings]
    show(findings, f"{before.told} → {after.told}", told, all_rows)
    return not any(finding.fails for finding in findings)


def convergence(cells: Tracked, both: Sequence[Path], tell: Callable[[str], Any]) -> tuple[list[Finding], list[str]]:
    """The cells whose fingerprint moved, those that one commit lacks or fails in, and a line that says how many there were."""
    tell("fingerprints: the losses after 20 and 100 updates of every cell")
    words = [cells.problems, cells.optimizers, cells.lrs, SEEDS]
    base, head = _of_both("fingerprint", words, both)
    found = {name for key in base | head for name in key}
    unknown = [name for name in (*cells.problems, *cells.optimizers) if name not in found]
    if not found:
        raise InputError(f"neither commit has what is to be judged: {', '.join(unknown)}")
    findings, moved = [Finding("lost", key, times.LACKING, "gone", math.inf) for key in base.keys() - head.keys()], {}
    for key, after in head.items():
        before = base.get(key)
        if isinstance(after, str):
            findings.append(Finding("lost", key, after, "fails in both" if isinstance(before, str) else "fails", math.inf))
        elif isinstance(before, dict) and (size := verdict.moved(before, after)) > 0:
            moved[key] = size
    if moved:
        tell("late numbers of the cells that moved")
        late = _of_both("convergence", [sorted({key[axis] for key in moved}) for axis in range(3)], both)
        findings += [_moved(key, size, *(cells.get(key) for cells in late)) for key, size in moved.items()]
    compared, most = len(base.keys() & head.keys()), f"{verdict.MOVED:g}"
    told = f"{compared} cells compared, {len(moved)} moved by more than {most} of their loss within 100 updates"
    fresh = len(head.keys() - base.keys())
    lines = [told + (f"; {fresh} are new" if fresh else "")]
    return findings, lines + ([f"tracked, and in neither commit: {', '.join(unknown)}"] if unknown else [])


def _moved(key: Cell, size: float, before: Any, after: Any) -> Finding:
    if not isinstance(before, dict) or not isinstance(after, dict):
        return Finding("convergence", key, f"by {size:.1g}", "moved", size)
    words = {"worse": "converges worse", "better": "converges better", "same": "moved"}
    steps, gaps = (f"{before[k]:.4g} → {after[k]:.4g}" for k in ("steps_to_target", "best_gap"))
    shown = f"by {size:.1g}; steps {steps}, gap {gaps}"
    return Finding("convergence", key, shown, words[verdict.direction(before, after, FLOOR)], size)


def speed(pairs: Sequence[Pair], both: Sequence[Path], tell: Callable[[str], Any]) -> tuple[list[Finding], str]:
    """The pairs that became slower or can't be timed any more, and a line that says how sure that is."""
    found = times.compared(pairs, both, tell)
    findings = [
        Finding("lost", (*pair, "*"), why, "gone" if why == times.LACKING else "fails", math.inf)
        for pair, why in found.lost.items()
    ]
    for pair, (ratio, before, after) in found.slower.items():
        shown = f"× {ratio.ratio:.2f} ({ratio.low:.2f} to {ratio.high:.2f}), {before:.3g} → {after:.3g} ns"
        findings.append(Finding("time", (*pair, "*"), shown, "slower", ratio.ratio))
    return findings, found.told


def _of_both(module: str, words: Sequence[Any], both: Sequence[Path]) -> tuple[dict[Cell, Any], dict[Cell, Any]]:
    with ThreadPoolExecutor(2) as pool:
        base, head = pool.map(measured, [module] * 2, [words] * 2, both)
    return _by_cell(base), _by_cell(head)


def _by_cell(rows: list[list[Any]]) -> dict[Cell, Any]:
    return {(problem, optimizer, lr): value for problem, optimizer, lr, value in rows}
