"""Which optimizers one leaderboard ranks, and on which problems: all of its rows ran all of its
problems.
"""

import pandas as pd

SHOWN = 4
"""Names that a note lists before it counts the rest."""
CANDIDATES = 4096
"""Sets of problems that are looked at: of a few dozen optimizers on as many problems there are
seldom so many.
"""


def ranked(ran: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The optimizers and the problems that together give the most comparisons, (optimizers - 1) x
    problems: each optimizer is compared with one of them on every problem. (Pairs would favour many
    optimizers on very few problems.)

    ran : bool, a row an optimizer, a column a problem, whether it has runs there. Of equally many
    comparisons those on more problems; where there are more than CANDIDATES intersections, the most
    among these. An optimizer alone is ranked; where no two ran the same problem, nobody is.
    """
    sets = {
        name: frozenset(ran.columns[row])
        for name, row in zip(ran.index, ran.to_numpy(), strict=True)
    }
    if len(sets) == 1:
        ((name, problems),) = sets.items()
        return [name], sorted(problems)
    if not sets:
        return [], []
    candidates = _intersections(sorted(set(sets.values()), key=sorted))

    def worth(problems: frozenset) -> tuple[int, int]:
        rows = sum(problems <= own for own in sets.values())
        return (rows - 1) * len(problems), len(problems)

    best = max(sorted(candidates, key=sorted), key=worth)
    if not worth(best)[0]:
        return [], []
    return [name for name, own in sets.items() if best <= own], sorted(best)


def _intersections(distinct: list[frozenset]) -> set[frozenset]:
    """What any number of these sets share: the largest sets that some group of optimizers ran all
    of. Those of fewer sets come first, as far as CANDIDATES goes.
    """
    found, newest = set(distinct), list(distinct)
    while newest and len(found) < CANDIDATES:
        latest = []
        for shared in (one & other for one in newest for other in distinct):
            if shared not in found and len(found) < CANDIDATES:
                found.add(shared)
                latest.append(shared)
        newest = latest
    return found


def notes(ran: pd.DataFrame, rows: list[str], problems: list[str]) -> list[str]:
    """What the ranking leaves out, in a line each: problems that some row didn't run, and
    optimizers likewise.
    """
    if not rows:
        return ["nobody is ranked: no two of these optimizers ran the same problem"]
    found = []
    elsewhere = [name for name in ran.columns if name not in problems]
    count = f"{len(problems)} problems" if len(problems) > 1 else problems[0]
    if elsewhere:
        found.append(
            f"ranked on {count} that every ranked optimizer ran, without {listed(elsewhere)}"
        )
    missing = [name for name in ran.index if name not in rows]
    if missing:
        where = sorted(
            set(problems) & {name for name in ran.columns if ran.loc[missing, name].all()}
        )
        way_out = f"; -p {','.join(where)} ranks them too" if where and len(where) <= SHOWN else ""
        found.append(f"not ranked, without runs on all of {count}: {listed(missing)}{way_out}")
    return found


def failures(failed: pd.DataFrame) -> list[str]:
    """A line that says whose runs on a problem all failed. failed : bool, a row an optimizer, a
    column a problem.
    """
    where = {
        name: [problem for problem in failed.columns if bool(failed.at[name, problem])]
        for name in failed.index
    }
    found = [f"{name} on {listed(problems)}" for name, problems in where.items() if problems]
    return [f"all runs failed, which counts as not run: {listed(found)}"] if found else []


def listed(names: list[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
