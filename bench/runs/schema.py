"""A computed block as rows of an Arrow table, one a run: what is stored of it."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ...kernels.groups import Plan, Record, blank_record
from ..sweep.block import Block
from ..sweep.code_digests import problem_source, rule_source

if TYPE_CHECKING:
    Table = Any  # pyarrow brings no types
else:
    Table = pa.Table

STATUSES = ("budget", "solved", "diverged", "failed")

SCHEMA = pa.schema(
    [
        ("problem", pa.dictionary(pa.int32(), pa.string())),
        ("optimizer", pa.dictionary(pa.int32(), pa.string())),
        ("settings", pa.dictionary(pa.int32(), pa.string())),
        ("lr", pa.float64()),
        ("schedule", pa.dictionary(pa.int32(), pa.string())),
        ("seed", pa.int64()),
        ("dtype", pa.dictionary(pa.int32(), pa.string())),
        ("stop", pa.dictionary(pa.int32(), pa.string())),
        ("budget", pa.int64()),
        ("steps_per_epoch", pa.int64()),
        ("status", pa.dictionary(pa.int32(), pa.string())),
        ("error", pa.dictionary(pa.int32(), pa.string())),
        ("steps", pa.int64()),
        ("evaluations", pa.int64()),
        ("final_loss", pa.float64()),
        ("best_loss", pa.float64()),
        ("minimum", pa.float64()),
        ("targets", pa.list_(pa.float64())),
        ("hit_steps", pa.list_(pa.int64())),
        ("hit_evaluations", pa.list_(pa.int64())),
        ("losses", pa.list_(pa.float64())),
        ("train_metrics", pa.list_(pa.float64())),
        ("metrics", pa.list_(pa.float64())),
        ("ns_per_step", pa.float64()),
        ("run", pa.string()),
        ("source", pa.dictionary(pa.int32(), pa.string())),
        ("rule_source", pa.dictionary(pa.int32(), pa.string())),
        ("problem_source", pa.dictionary(pa.int32(), pa.string())),
    ]
)
"""A stored run. `losses` are those at the steps of recording_grid(budget), NaN after the end, and
so are the metrics on the training and the held-out rows (empty for a problem without); -1 marks a
target not met; `steps_per_epoch` is null for a problem without data. `run` is the digest of what
was asked, `source` that of the code that answered, `rule_source` and `problem_source` those of its
parts.
"""


@dataclass(frozen=True, eq=False)
class Done:
    """A computed block: what its lanes did, or why it failed."""

    block: Block
    record: Record | None
    error: str = ""


def table_of(done: Done, stored: bool = False) -> Table:
    """The block as rows of SCHEMA; only rows that are stored get their digests, which take 3 µs
    each.
    """
    block, lanes = done.block, done.block.lrs.size
    failed, record = done.record is None, done.record or _nothing(lanes)
    statuses = np.full(lanes, STATUSES.index("failed")) if failed else record.statuses
    targets = np.zeros(0) if failed else block.problem.targets_for(block.dtype)
    speed = record.nanoseconds / record.lane_steps if record.lane_steps else math.nan
    epoch = block.problem.data_set.steps_per_epoch or None
    train_metrics, metrics = record.metrics
    columns = {
        "problem": _same(block.problem.name, lanes),
        "optimizer": _same(block.optimizer.name, lanes),
        "settings": _same(block.settings, lanes),
        "lr": pa.array(block.lrs, mask=np.isnan(block.lrs)),
        "schedule": _same(block.schedule, lanes),
        "seed": pa.array(block.seeds),
        "dtype": _same(block.dtype, lanes),
        "stop": _same(block.stop, lanes),
        "budget": pa.array(np.full(lanes, block.steps)),
        "steps_per_epoch": pa.array([epoch] * lanes, pa.int64()),
        "status": pa.DictionaryArray.from_arrays(
            pa.array(statuses, pa.int32()), pa.array(STATUSES)
        ),
        "error": _same(done.error, lanes),
        "steps": pa.array(record.ends),
        "evaluations": pa.array(record.evaluations),
        "final_loss": pa.array(record.final),
        "best_loss": pa.array(record.best),
        "minimum": pa.array([block.problem.minimum] * lanes, pa.float64()),
        "targets": _lists(np.tile(targets[:, None], (1, lanes))),
        "hit_steps": _lists(record.hit_steps),
        "hit_evaluations": _lists(record.hit_evaluations),
        "losses": _lists(record.curves),
        "train_metrics": _lists(train_metrics),
        "metrics": _lists(metrics),
        "ns_per_step": pa.array(np.full(lanes, speed)),
        **_digests(block, stored),
    }
    return pa.Table.from_arrays([columns[name] for name in SCHEMA.names], schema=SCHEMA)


def _nothing(lanes: int) -> Record:
    """The record of lanes that never began."""
    plan = Plan(np.zeros(0, np.int64), np.zeros(0), False)
    return blank_record(0, lanes, plan, measured=False, points=False)


def _digests(block: Block, stored: bool) -> dict[str, pa.Array]:
    """The columns by which stored runs are found again; empty where they aren't stored."""
    lanes = block.lrs.size
    digests = {
        "source": block.source if stored else "",
        "rule_source": rule_source(block.optimizer) if stored else "",
        "problem_source": problem_source(block.problem) if stored else "",
    }
    return {
        "run": pa.array(block.names() if stored else [None] * lanes, pa.string()),
        **{column: _same(value, lanes) for column, value in digests.items()},
    }


def _same(text: str, lanes: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(lanes, np.int32)), pa.array([text], pa.string())
    )


def _lists(columns: np.ndarray) -> pa.ListArray:
    """One list a lane from (length, lanes)."""
    length, lanes = columns.shape
    offsets = pa.array(np.arange(lanes + 1) * length, pa.int32())
    return pa.ListArray.from_arrays(offsets, pa.array(columns.T.ravel()))
