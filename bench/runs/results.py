"""What came of a sweep: one row a run, as an Arrow table and as the data frames of the public
face.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from ...kernels.grammar import InputError
from ..measures import labels
from ..measures.leaderboard import Board, board
from ..plugins import discovery
from ..sweep.sweep import recording_grid
from ..terminal.notices import notice
from .schema import SCHEMA, Done, table_of

NAMES = ["problem", "optimizer", "settings", "lr", "schedule", "seed"]
"""The columns that say which run a row of `curves` or `hits` belongs to."""
RUN_COLUMNS = [
    *NAMES,
    "dtype",
    "status",
    "steps",
    "evaluations",
    "initial_loss",
    "final_loss",
    "best_loss",
    "gap",
    "steps_to_target",
    "evaluations_to_target",
    "ns_per_step",
    "error",
]
"""The columns of `runs`."""


class Results:
    """Runs of a sweep. `runs`, `curves` and `hits` are data frames, made when first asked for."""

    def __init__(self, parts: Sequence[Done | pa.Table]):
        """parts : computed blocks and stored tables, in any order."""
        self._parts = list(parts)

    @cached_property
    def table(self) -> pa.Table:
        """All runs as an Arrow table of SCHEMA, sorted by what was asked."""
        tables = [table_of(part) if isinstance(part, Done) else part for part in self._parts]
        if not tables:
            return SCHEMA.empty_table()
        whole = pa.concat_tables(tables).unify_dictionaries()
        keys = [
            (name, "ascending")
            for name in ("problem", "optimizer", "settings", "schedule", "dtype", "lr", "seed")
        ]
        plain = whole.select([key for key, _ in keys])
        for i, (key, _) in enumerate(keys):
            if pa.types.is_dictionary(plain.schema.field(key).type):
                plain = plain.set_column(i, key, plain[key].cast(pa.string()))
        order = plain.append_column("row", pa.array(np.arange(len(whole)))).sort_by(keys)["row"]
        return whole.take(order)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """A row a run; `gap` is max(final_loss - f*, 0), steps_to_target counts updates to the last
        target.

        Where a problem is in mini-batches there is one more column, `epochs`: passes over the data;
        NaN for problems without.
        """
        table = self.table
        stored = [column for column in RUN_COLUMNS if column in SCHEMA.names]
        frame = _frame(table, stored)
        losses, lengths = _flat(table, "losses")
        first = np.cumsum(lengths) - lengths
        initial = np.full(len(frame), np.nan)
        initial[lengths > 0] = losses[first[lengths > 0]]
        gap = frame["final_loss"].to_numpy() - table["minimum"].to_numpy(zero_copy_only=False)
        made = {"initial_loss": initial, "gap": np.where(np.isnan(gap), gap, np.maximum(gap, 0.0))}
        for column, hits in (
            ("steps_to_target", "hit_steps"),
            ("evaluations_to_target", "hit_evaluations"),
        ):
            values, counts = _flat(table, hits)
            last = np.full(len(frame), -1, np.int64)
            last[counts > 0] = values[np.cumsum(counts)[counts > 0] - 1]
            made[column] = pd.arrays.IntegerArray(np.maximum(last, 0), last < 0)
        frame = frame.assign(**made)[RUN_COLUMNS]
        return (
            frame.assign(epochs=frame["steps"] / self._steps_per_epoch)
            if self._in_mini_batches
            else frame
        )

    @cached_property
    def _steps_per_epoch(self) -> np.ndarray:
        """Of every run, float64; NaN where there is no data."""
        return self.table["steps_per_epoch"].to_numpy(zero_copy_only=False).astype(float)

    @cached_property
    def _in_mini_batches(self) -> bool:
        return bool((self._steps_per_epoch > 1).any())

    @cached_property
    def curves(self) -> pd.DataFrame:
        """Long: a row a recorded step of a run, and one at its end; nothing after it.

        Where a problem is in mini-batches there is one more column, `epoch`: passes over the data
        so far. Where one has a metric there are two more: `metric`, accuracy or R² on the rows held
        out, and `train_metric`; NaN for problems without, and at an end between two recorded steps.
        """
        run, step, loss = self._curve_points
        frame = (
            _frame(self.table, NAMES).iloc[run].reset_index(drop=True).assign(step=step, loss=loss)
        )
        if self._in_mini_batches:
            frame = frame.assign(epoch=step / self._steps_per_epoch[run])
        if not _flat(self.table, "metrics")[1].any():
            return frame
        return frame.assign(
            **{word: self._metric(word + "s", run, step) for word in ("metric", "train_metric")}
        )

    def _metric(self, column: str, run: np.ndarray, step: np.ndarray) -> np.ndarray:
        """The metric at these steps of these runs, NaN where it wasn't recorded."""
        values, lengths = _flat(self.table, column)
        budgets = self.table["budget"].to_numpy()[run]
        found = np.full(run.size, np.nan)
        for budget in np.unique(budgets):
            grid = recording_grid(budget)
            place = np.minimum(np.searchsorted(grid, step), grid.size - 1)
            here = (budgets == budget) & (lengths[run] > 0) & (grid[place] == step)
            found[here] = values[(np.cumsum(lengths) - lengths)[run[here]] + place[here]]
        return found

    @cached_property
    def _curve_points(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The row in `runs`, step and loss of every point of `curves`, in order."""
        table = self.table
        losses, lengths = _flat(table, "losses")
        budgets = table["budget"].to_numpy()
        grids = {budget: recording_grid(budget) for budget in np.unique(budgets)}
        steps = [
            grids[budget] if length else grids[budget][:0]
            for budget, length in zip(budgets, lengths, strict=True)
        ]
        run = np.repeat(np.arange(len(table)), lengths)
        step = np.concatenate([np.zeros(0, np.int64), *steps])
        ends = table["steps"].to_numpy()
        kept = step <= ends[run]
        run, step, loss = run[kept], step[kept], losses[kept]
        # an ended run's last loss stands at its own step, which needn't be on the grid
        missing = np.setdiff1d(np.flatnonzero(lengths > 0), run[step == ends[run]])
        run = np.concatenate([run, missing])
        step = np.concatenate([step, ends[missing]])
        loss = np.concatenate([loss, table["final_loss"].to_numpy()[missing]])
        order = np.lexsort((step, run))
        return run[order], step[order], loss[order]

    @cached_property
    def hits(self) -> pd.DataFrame:
        """Long: a row a target that a run met: its loss level, the step and the gradient
        evaluations until then.

        Exact to the step where every gradient brings the full objective; known to the recording
        grid for problems in mini-batches and rules that average.
        """
        table = self.table
        targets, counts = _flat(table, "targets")
        steps, _ = _flat(table, "hit_steps")
        evaluations, _ = _flat(table, "hit_evaluations")
        run, met = np.repeat(np.arange(len(table)), counts), steps >= 0
        frame = _frame(table, NAMES).iloc[run[met]].reset_index(drop=True)
        return frame.assign(target=targets[met], step=steps[met], evaluation=evaluations[met])

    @cached_property
    def labelled(self) -> pd.DataFrame:
        """`runs` with their `budget`, the problem's own (`default_budget`, null where unknown),
        `stop` and a `label`: the optimizer and what else tells these runs apart.
        """
        frame = self.runs.assign(
            budget=self.table["budget"].to_numpy(), stop=_frame(self.table, ["stop"])["stop"]
        )
        several = frame.groupby("problem", observed=True)["budget"].nunique() > 1
        own = {name: _own_budget(str(name)) for name in several.index[several]}
        frame = frame.assign(
            default_budget=frame["problem"].astype(object).map(own).astype("Int64")
        )
        return frame.assign(label=labels.labels(frame))

    @cached_property
    def at_one_budget(self) -> tuple["Results", list[str]]:
        """The runs that one leaderboard or figure compares, each problem at one budget, and what is
        left out, in a line.
        """
        kept, notes = labels.at_one_budget(self.labelled)
        return (Results([self.table.filter(kept.tolist())]), notes) if notes else (self, [])

    @cached_property
    def curves_of(self) -> dict[int, pd.DataFrame]:
        """The step and loss of each run's curve, by its row in `runs`."""
        rows = self._curve_points[0]
        ends = np.flatnonzero(np.diff(rows, append=-1)) + 1
        points = self.curves[["step", "loss"]]
        begins = np.concatenate([[0], ends[:-1]])
        return {int(rows[a]): points.iloc[a:b] for a, b in zip(begins, ends, strict=True) if b > a}

    def leaderboard(self) -> pd.DataFrame:
        """The optimizers of these runs, best first: see measures.leaderboard. Warns of what it
        leaves out (Notice).
        """
        for note in self.board.notes:
            notice(note)
        return self.board.table.copy()

    @cached_property
    def board(self) -> Board:
        """The leaderboard with its notes. Each problem is compared at one budget."""
        shown, left_out = self.at_one_budget
        found = board(shown.labelled)
        return Board(found.table, (*left_out, *found.notes))

    def __reduce__(self) -> tuple:
        return Results, ([self.table],)  # the blocks that were computed have compiled code in them

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        problems, optimizers = (len(self.table[word].unique()) for word in ("problem", "optimizer"))
        return (
            f"<optbench results: {len(self)} runs of {optimizers} optimizers on {problems}"
            " problems>"
        )


def _frame(table: pa.Table, columns: list[str]) -> pd.DataFrame:
    """These columns as a data frame whose categories are the values that occur, sorted."""
    frame = table.select(columns).to_pandas()
    for column in frame.select_dtypes("category"):
        present = frame[column].cat.remove_unused_categories()
        frame[column] = present.cat.reorder_categories(sorted(present.cat.categories))
    return frame


def _own_budget(problem: str) -> int | None:
    """The budget of a problem by name; None for one that isn't known here."""
    try:
        return discovery.get_problem(problem).budget
    except InputError:
        return None


def _flat(table: pa.Table, column: str) -> tuple[np.ndarray, np.ndarray]:
    """A list column's values one after the other, and how many each row has."""
    lists = table[column].combine_chunks()
    if isinstance(lists, pa.ChunkedArray):
        lists = (
            pa.concat_arrays(lists.chunks)
            if lists.num_chunks
            else pa.array([], table.schema.field(column).type)
        )
    return lists.flatten().to_numpy(zero_copy_only=False), lists.value_lengths().to_numpy(
        zero_copy_only=False
    )
