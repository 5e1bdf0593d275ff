"""Which values one figure shows: those of one machine and one environment. Numbers of others aren't
comparable with them.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ...kernels.grammar import InputError
from . import repository

PLACE = ["machine", "environment"]


class Chosen(NamedTuple):
    """alike : the values of one machine in one environment.  others : those asked for, of other
    places.
    """

    machine: str
    environment: str
    alike: pd.DataFrame
    others: pd.DataFrame


def chosen(
    frame: pd.DataFrame,
    machine: str | None,
    environment: str | None,
    problems: Sequence[str] | None,
    optimizers: Sequence[str] | None,
) -> Chosen:
    """The values asked for, of the machine and environment where most commits have them.

    environment : parts of its name, joined by "-".  Raises InputError that lists what there is for
    what isn't there.
    """
    for axis, names in (("problem", problems), ("optimizer", optimizers)):
        # as in `optbench run`, all of them
        if names and not (axis == "optimizer" and "all" in names):
            _known(axis, names, set(frame[axis]))
            frame = frame[frame[axis].isin(names)]
            if frame.empty:
                raise InputError("no value has one of these problems with one of these optimizers")
    own = frame
    if machine is not None:
        _known("machine", [machine], set(frame["machine"]))
        own = own[own["machine"] == machine]
    if environment is not None:
        names = sorted(set(own["environment"]))
        fitting = [name for name in names if set(environment.split("-")) <= set(name.split("-"))]
        if not fitting:
            raise InputError(
                f"no value has the environment {environment!r}; there are"
                f" {', '.join(_apart(names))}"
            )
        own = own[own["environment"].isin(fitting)]
    (host, place), alike = max(own.groupby(PLACE), key=lambda group: group[1]["commit"].nunique())
    beside = frame.index.difference(alike.index)
    return Chosen(str(host), str(place), alike, frame.loc[beside])


def _known(axis: str, names: Sequence[str], there: set[str]) -> None:
    missing = sorted(set(names) - there)
    if missing:
        raise InputError(
            f"no value has the {axis} {missing[0]!r}; there are {', '.join(sorted(there))}"
        )


def not_drawn(asked: Chosen, root: Path, order: Sequence[str]) -> list[str]:
    """What was asked for and measured, and isn't in the figure, with the option that draws it."""
    lines = []
    for (machine, environment), own in asked.others.groupby(PLACE):
        options = [f"--machine {machine}"] if machine != asked.machine else []
        apart = _parts(str(environment), str(asked.environment))
        where = f"on {machine}" if machine != asked.machine else "in another environment"
        # where the machine differs its environment needs a part only if it has several
        several = asked.others[asked.others["machine"] == machine]["environment"].nunique() > 1
        if machine == asked.machine or several:
            options.append(f"--environment {apart}")
        lines.append(f"{own['commit'].nunique()} {where} ({' '.join(options)})")
    measured = set(asked.alike["commit"])
    merged = (measured - set(order)) & set(repository.subjects(root))
    strayed = measured - set(order) - merged
    if merged:
        lines.append(f"{len(merged)} of branches that were merged")
    if strayed:
        lines.append(f"{len(strayed)} that {repository.STRAYED}")
    return lines


def _parts(name: str, beside: str) -> str:
    """The parts of an environment's name that another's lacks; the whole name where there is
    none.
    """
    known = beside.split("-")
    return "-".join(part for part in name.split("-") if part not in known) or name


def _apart(names: Sequence[str]) -> list[str]:
    """Names of environments by the parts that not all of them have."""
    shared = set.intersection(*(set(name.split("-")) for name in names))
    return [
        "-".join(part for part in name.split("-") if part not in shared) or name for name in names
    ]
