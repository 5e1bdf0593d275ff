"""What DeepOBS's functions of two variables share: a random slope, new at each step."""

from typing import Any

import numpy as np

from ...kernels.grammar import InputError
from ..data_set import DataSet
from ..problem import Problem


def tilted_problem(name: str, level: float, source: str, **fields: Any) -> Problem:
    """The Problem of a formula that adds the tilt of noise.add_tilt at `level`, its data[0].

    name : the problem's, for errors.  source : where the function comes from, beside DeepOBS.
    fields : further ones of a Problem. Raises InputError for a level below 0.
    """
    if not level >= 0:
        raise InputError(f"{name}[level={level}]: level must be at least 0")
    return Problem(
        source=f"Schneider, Balles & Hennig (2019), DeepOBS, arXiv:1903.05499; {source}",
        kind="noisy",
        noisy=True,
        data_set=DataSet(np.array([level])),
        **fields,
    )
