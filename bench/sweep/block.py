"""A block: the runs that one compiled call computes."""

import uuid
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from ...kernels import schedule
from ...kernels.digests import digest
from ...kernels.optimizer import Optimizer
from ...kernels.padding import padded
from ...problems.problem import Problem
from .code_digests import problem_source, readable, rule_source, run_source, written_settings
from .request import DTYPE, SCHEDULE, STOP

PER_LANE = ("lrs", "seeds")
"""The fields that have an entry for each lane."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Block:
    """The lanes computed by one compiled call: one problem, optimizer, schedule and budget; lr and
    seed per lane.

    steps : gradient evaluations a run.  lrs : (L,), NaN for a rule without lr.  seeds : int64 (L,).

    Stored runs are found again by these fields in this order: another order, or a new field, makes
    every run another one.
    """

    problem: Problem
    optimizer: Optimizer
    schedule: str = SCHEDULE
    dtype: str = DTYPE
    steps: int
    stop: str = STOP
    lrs: np.ndarray
    seeds: np.ndarray

    def only(self, lanes: np.ndarray) -> "Block":
        """The block with these lanes alone: a mask or indices."""
        part = replace(self, lrs=self.lrs[lanes], seeds=self.seeds[lanes])
        if "source" in vars(self):  # the same for all lanes, and dear to compute
            vars(part)["source"] = self.source
        return part

    @property
    def settings(self) -> str:
        """All settings but lr, as canonical JSON."""
        return written_settings(self.optimizer)

    @cached_property
    def source(self) -> str:
        """Digest of what decides these runs beside their names: the rule's, problem's and loop's
        code, the values of all settings and parameters, which names leave out where they are
        defaults, and the data.
        """
        if not (readable(self.optimizer) and readable(self.problem)):
            return uuid.uuid4().hex[:16]  # never found again: an edit couldn't be noticed
        return run_source(
            rule_source(self.optimizer), problem_source(self.problem), self.multipliers
        )

    def __getstate__(self) -> dict[str, object]:
        # problem and rule are found again by name, and another process may have other code of them
        kept = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {**kept, "asked_source": self.source}

    @property
    def is_as_asked(self) -> bool:
        """Whether the code here is that of the process which pickled the block; True for a block
        that was never pickled, and where some code has no digest.
        """
        asked = vars(self).get("asked_source")
        if asked is None or not (readable(self.optimizer) and readable(self.problem)):
            return True
        return self.source == asked

    def names(self) -> list[str]:
        """What a run *is*, apart from its code, a digest a lane: of all fields, problem and
        optimizer by name.
        """
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        lanes = zip(*(values.pop(word).tolist() for word in PER_LANE), strict=True)
        named = values | {"problem": self.problem.name, "optimizer": self.optimizer.name}
        head = [str(value) for value in named.values()]
        return [digest("\n".join([*head, *map(repr, lane)])) for lane in lanes]

    @property
    def multipliers(self) -> np.ndarray:
        """The schedule over the updates that the budget of gradient evaluations pays for, filled up
        to (steps,).
        """
        updates = -(-self.steps // max(1, self.optimizer.evaluations))
        return np.pad(
            schedule.multipliers(self.schedule, updates), (0, self.steps - updates), mode="edge"
        )

    @property
    def work(self) -> float:
        """A rough measure of the block's cost, to start long blocks first."""
        rows = self.problem.data_set.batch or self.problem.data_set.samples or 1
        return float(self.steps * padded(self.lrs).size * self.problem.dim * rows)
