"""A computed block as rows of an Arrow table, one a run: what is stored of it."""

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ...kernels.groups import Plan, Record, blank_record
from ..sweep.code_digests import problem_source, rule_source
from ..sweep.sweep import Block

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


def table_of(done: Done, stored: bool = False) -> pa.Table:
    """The block as rows of SCHEMA; only rows that are stored get their digests, which take 3 µs
    each.
    """
    block, lanes = done.block, done.block.lrs.size
    record = done.record or _nothing(lanes)
    statuses = record.statuses if done.record else np.full(lanes, STATUSES.index("failed"))
    targets = block.problem.targets_for(block.dtype) if done.record else np.zeros(0)
    speed = record.nanoseconds / record.lane_steps if record.lane_steps else math.nan
    columns = [
        _same(block.problem.name, lanes),
        _same(block.optimizer.name, lanes),
        _same(block.settings, lanes),
        pa.array(block.lrs, mask=np.isnan(block.lrs)),
        _same(block.schedule, lanes),
        pa.array(block.seeds),
        _same(block.dtype, lanes),
        _same(block.stop, lanes),
        pa.array(np.full(lanes, block.steps)),
        pa.array([block.problem.data_set.steps_per_epoch or None] * lanes, pa.int64()),
        pa.DictionaryArray.from_arrays(pa.array(statuses, pa.int32()), pa.array(STATUSES)),
        _same(done.error, lanes),
        pa.array(record.ends),
        pa.array(record.evaluations),
        pa.array(record.final),
        pa.array(record.best),
        pa.array([block.problem.minimum] * lanes, pa.float64()),
        _lists(np.tile(targets[:, None], (1, lanes))),
        _lists(record.hit_steps),
        _lists(record.hit_evaluations),
        _lists(record.curves),
        *map(_lists, record.metrics),
        pa.array(np.full(lanes, speed)),
        pa.array(block.names() if stored else [None] * lanes, pa.string()),
        *(_same(text, lanes) for text in (_sources(block) if stored else [""] * 3)),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def _sources(block: Block) -> list[str]:
    return [block.source, rule_source(block.optimizer), problem_source(block.problem)]


def _nothing(lanes: int) -> Record:
    """The record of lanes that never began."""
    plan = Plan(np.zeros(0, np.int64), np.zeros(0), False)
    return blank_record(0, lanes, plan, measured=False, points=False)


def _same(word: str, lanes: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(lanes, np.int32)), pa.array([word], pa.string())
    )


def _lists(columns: np.ndarray) -> pa.ListArray:
    """One list a lane from (length, lanes)."""
    length, lanes = columns.shape
    offsets = pa.array(np.arange(lanes + 1) * length, pa.int32())
    return pa.ListArray.from_arrays(offsets, pa.array(columns.T.ravel()))
