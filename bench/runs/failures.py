"""Why runs failed: a line for each reason, with the optimizers and problems that it met."""

from collections.abc import Iterable, Sequence

from .results import Results
from .schema import Done

NAMES_SHOWN = 3
"""Names in a line; of more, the first and how many there are."""


class EveryRunFailed(RuntimeError):
    """No run of a sweep could be computed; the text says why. results : the runs, a row each."""

    results: Results | None = None


def lines(failed: Sequence[Done]) -> list[str]:
    """A line for each reason: "mine on quadratic, xor, 90 runs: NameError ..."."""
    where: dict[tuple[str, str], dict[str, None]] = {}
    runs: dict[tuple[str, str], int] = {}
    for done in failed:
        key = (done.block.optimizer.name, done.error)
        where.setdefault(key, {})[done.block.problem.name] = None
        runs[key] = runs.get(key, 0) + done.block.lrs.size
    groups: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for (optimizer, error), problems in where.items():
        groups.setdefault((tuple(sorted(problems)), error), []).append(optimizer)
    found = []
    for (problems, error), optimizers in groups.items():
        count = sum(runs[name, error] for name in optimizers)
        found.append(
            f"{_some(sorted(optimizers))} on {_some(problems)}, {count} run{'s' * (count != 1)}:"
            f" {error}"
        )
    return found


def _some(names: Iterable[str]) -> str:
    names = list(names)
    return (
        ", ".join(names)
        if len(names) <= NAMES_SHOWN
        else f"{', '.join(names[:NAMES_SHOWN])} and {len(names) - NAMES_SHOWN} more"
    )
