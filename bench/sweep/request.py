"""What is asked of a sweep, in one frozen record. The command line, a TOML file and `ob.run` each
make one; everything else reads it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # loading these takes a second, and `optbench --help` reads the defaults below
    from ...kernels.optimizer import Optimizer
    from ...problems.problem import Problem
    from ...problems.registry import Family


@dataclass(frozen=True, kw_only=True)
class Request:
    """What one place asks for. None: it doesn't say.

    The names of the fields are the parameters of ob.run, the keys of a sweep file or suite, and,
    with - for _, the options of `optbench run`. The types are what a TOML file may say.

    about : what a suite is for, in a line; it decides nothing.
    problems, optimizers : names in the grammar, or objects.  kinds : of problems, all of each.
    lrs, lr_count : the learning rates, or how many around each optimizer's own.
    seeds : how many, or which.  steps : gradient evaluations a run.
    figures : whether they are drawn.  suite : what stands for all that isn't said here.
    workers : threads.  out : the folder of results.  plugins : files that are loaded first.
    """

    about: str | None = None
    problems: "Sequence[str | Problem | Family] | None" = None
    kinds: Sequence[str] | None = None
    optimizers: "Sequence[str | Optimizer] | None" = None
    lrs: Sequence[float] | None = None
    lr_count: int | None = None
    seeds: int | Sequence[int] | None = None
    steps: int | None = None
    schedule: str | None = None
    stop: str | None = None
    dtype: str | None = None
    figures: bool | None = None
    suite: str | None = None
    workers: int | None = None
    out: str | None = None
    plugins: Sequence[str] | None = None

    def over(self, other: "Request") -> "Request":
        """What both say, this one first. Where this one says one of two ALTERNATIVES, neither is
        taken from the other.
        """
        own = self._said
        hidden = {word for pair in ALTERNATIVES if own.keys() & pair for word in pair}
        rest = {word: value for word, value in other._said.items() if word not in hidden}
        return Request(**{**rest, **own})

    @property
    def _said(self) -> dict[str, Any]:
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {word: value for word, value in values.items() if value is not None}


ALTERNATIVES = ({"problems", "kinds"}, {"lrs", "lr_count"})
"""Two ways to say one thing."""
NOT_OF_A_SUITE = {"suite", "workers", "out", "plugins"}
"""What a sweep file may say and a suite may not: where and by what the runs are computed."""

STOPS = ("budget", "target")
LR_COUNT, SEEDS = 9, 5
SCHEDULE, STOP, DTYPE = "constant", "budget", "float64"
DEFAULTS = Request(
    lr_count=LR_COUNT,
    seeds=SEEDS,
    schedule=SCHEDULE,
    stop=STOP,
    dtype=DTYPE,
    figures=True,
    out="results",
)
"""What is run where nobody says otherwise. Problems are then those of the default suite, optimizers
the most common ones, steps each problem's budget, and workers one a processor.
"""
