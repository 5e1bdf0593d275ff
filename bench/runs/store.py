"""Runs on disk: Parquet files of whole row groups, complete as soon as they are visible, readable
by anything.
"""

import contextlib
import os
import re
import threading
import time
import uuid
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ...kernels.grammar import InputError
from .schema import SCHEMA, Table

FLUSH_SECONDS = 0.5
"""Finished blocks wait at most about this long for others to be written with them."""
ROW_GROUP = 4096
MERGE_FROM = 8
"""Files from which a session's end merges all of them."""
NEW_COLUMNS = {
    "train_metrics": [],
    "metrics": [],
    "steps_per_epoch": None,
    "rule_source": "",
    "problem_source": "",
}
"""Columns that files of runs lack which an earlier version stored, and what stands there
instead.
"""


class Store:
    """A folder of runs that one session adds to.

    Files are written aside and renamed, so a reader or a crash never sees half of one. While a
    session runs, it adds part files; at its end they become one file.
    """

    def __init__(self, folder: str | Path):
        """Make the folder if need be. Raises InputError where it can't be written or holds a broken
        file.
        """
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            probe = self.folder / f".{os.getpid()}.tmp"
            probe.write_bytes(b"")
            probe.unlink()
            for left in self.folder.glob("*.tmp"):  # of sessions that were killed while writing
                if time.time() - left.stat().st_mtime > 3600:
                    left.unlink(missing_ok=True)
        except OSError as error:
            raise InputError(
                f"the results folder {str(folder)!r} can't be written: {error.strerror}"
            ) from error
        self._waiting: list[pa.Table] = []
        self._lock = threading.RLock()
        self._timer: threading.Timer | None = None
        stored = _read_files(self.folder, ["run", "source"])
        runs, sources = (stored[word].to_pylist() for word in ("run", "source"))
        self._sources: dict[str, str] = dict(
            zip(runs, sources, strict=True)
        )  # of each run the newest
        self._pairs = set(zip(runs, sources, strict=True))

    def split(self, runs: list[str], source: str) -> tuple[np.ndarray, int]:
        """Which of `runs` (digests of what is asked) aren't stored from code `source`, and how many
        of those are outdated.
        """
        missing = np.array([(run, source) not in self._pairs for run in runs], bool)
        return missing, sum(
            run in self._sources for run, new in zip(runs, missing, strict=True) if new
        )

    def rows(self, pairs: set[tuple[str, str]]) -> Table:
        """The stored rows of (run, source) pairs. Where code was edited and set back, they become
        the newest again.
        """
        table = _read_files(self.folder)
        found = zip(table["run"].to_pylist(), table["source"].to_pylist(), strict=True)
        last = {pair: row for row, pair in enumerate(found) if pair in pairs}
        rows = table.take(pa.array(sorted(last.values()), pa.int64()))
        back = np.array(
            [
                self._sources.get(run) != source
                for run, source in sorted(last, key=last.__getitem__)
            ],
            bool,
        )
        if back.any():
            self.add(rows.filter(pa.array(back)))
        return rows

    def add(self, table: Table) -> None:
        """Keep finished runs; they are on disk within about half a second, however long the next
        take.
        """
        with self._lock:
            self._waiting.append(table)
            if self._timer is None:
                self._timer = threading.Timer(FLUSH_SECONDS, self._flush_quietly)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Write what waits as a part file."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._waiting:
                self._write(
                    f"part-{time.time_ns():020d}-{uuid.uuid4().hex[:8]}.parquet",
                    pa.concat_tables(self._waiting),
                )
                self._waiting = []

    def _flush_quietly(self) -> None:
        # what can't be written waits on: the next flush, at the latest close, says why
        with contextlib.suppress(InputError), self._lock:
            self._timer = None
            self.flush()

    def close(self) -> None:
        """Flush, then merge the part files, or all where there are many, into one file."""
        self.flush()
        files = _files(self.folder)
        parts = [file for file in files if file.name.startswith("part-")]
        merged = files if len(files) - len(parts) >= MERGE_FROM else parts
        if parts:
            # another session may be merging the same files, and then they are in its file
            with contextlib.suppress(FileNotFoundError):
                # named by the newest content, so that newer runs stay behind older ones
                name = f"runs-{_order(merged[-1])}-{uuid.uuid4().hex[:8]}.parquet"
                self._write(name, _without_repeats(_read(merged)), replaced=merged)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _write(self, name: str, table: pa.Table, replaced: list[Path] | None = None) -> None:
        target, aside = self.folder / name, self.folder / f"{name}.tmp"
        try:
            pq.write_table(
                table.unify_dictionaries(), aside, row_group_size=ROW_GROUP, compression="zstd"
            )
            with aside.open(
                "rb+"
            ) as written:  # on the disk before it has its name, or a power cut leaves an empty file
                os.fsync(written.fileno())
            os.replace(aside, target)
        except (OSError, pa.ArrowException) as error:
            aside.unlink(missing_ok=True)
            raise InputError(
                f"the results folder {str(self.folder)!r} can't be written: {error}"
            ) from error
        for file in replaced or []:
            if file != target:
                file.unlink(missing_ok=True)


def read(folder: Path) -> pa.Table:
    """All runs in a folder, of each the newest. Raises InputError where there is none or a file is
    broken.
    """
    if not folder.is_dir():
        raise InputError(f"there is no results folder {str(folder)!r}; `optbench run` makes one")
    table = _read_files(folder)
    last = {run: row for row, run in enumerate(table["run"].to_pylist())}
    return table.take(pa.array(sorted(last.values()), pa.int64()))


def _without_repeats(table: pa.Table) -> pa.Table:
    """The last row of each (run, source): sessions that merged the same files wrote some twice."""
    pairs = zip(table["run"].to_pylist(), table["source"].to_pylist(), strict=True)
    last = {pair: row for row, pair in enumerate(pairs)}
    return table.take(pa.array(sorted(last.values()), pa.int64()))


def _files(folder: Path) -> list[Path]:
    """Complete files, in the order of their last content."""
    return sorted(folder.glob("*.parquet"), key=_order)


def _order(file: Path) -> str:
    """The time in a file's name; a file of another name counts as the oldest."""
    found = re.match(r"(?:part|runs)-(\d{20})-", file.name)
    return found[1] if found else "0" * 20


def _read_files(folder: Path, columns: list[str] | None = None) -> pa.Table:
    """All runs of the folder's files; where another session merges files meanwhile, the folder is
    looked at again.
    """
    for _ in range(20):
        try:
            return _read(_files(folder), columns)
        except FileNotFoundError:
            time.sleep(0.05)
    raise InputError(
        f"the files in {str(folder)!r} keep changing; try again when the other sessions have ended"
    )


def _read(files: list[Path], columns: list[str] | None = None) -> pa.Table:
    fields = SCHEMA if columns is None else pa.schema([SCHEMA.field(column) for column in columns])
    tables = [fields.empty_table()]
    for file in files:
        try:
            table = pq.ParquetFile(file).read(columns=columns)
            for column, value in NEW_COLUMNS.items():
                if column in fields.names and column not in table.column_names:
                    none = pa.array([value] * len(table), fields.field(column).type)
                    table = table.append_column(fields.field(column), none)
            tables.append(table.select(fields.names).cast(fields))
        except FileNotFoundError:
            raise
        except (OSError, pa.ArrowException, KeyError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise InputError(
                f"{file} isn't a file of runs ({reason}); move it away and try again"
            ) from error
    return pa.concat_tables(tables).unify_dictionaries()
