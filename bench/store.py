"""Runs on disk: Parquet files of whole row groups, complete as soon as they are visible, readable by anything."""

import os
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ..kernels.grammar import InputError
from .results import SCHEMA

FLUSH_SECONDS = 0.5
"""Finished blocks wait at most about this long for others to be written with them."""
ROW_GROUP = 4096
FEW = 8
"""Files from which a session's end merges all of them."""


class Store:
    """A folder of runs that one session adds to.

    Files are written aside and renamed, so a reader or a crash never sees half of one. While a session runs, it adds
    part files; at its end they become one file.
    """

    def __init__(self, folder: str | Path):
        """Make the folder if need be. Raises InputError where it can't be written or holds a broken file."""
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            probe = self.folder / f".{os.getpid()}.tmp"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise InputError(f"the results folder {str(folder)!r} can't be written: {error.strerror}") from error
        self._waiting: list[pa.Table] = []
        self._flushed = time.monotonic()
        self._count = 0
        self._stored = _read_files(self.folder, ["run", "source"])

    def split(self, runs: list[str], source: str) -> tuple[np.ndarray, int]:
        """Which of `runs` (digests of what is asked) aren't stored from code `source`, and how many of those are outdated."""
        current, outdated = self._known
        missing = np.array([(run, source) not in current for run in runs], bool)
        return missing, sum(run in outdated for run, new in zip(runs, missing, strict=True) if new)

    def newest(self, runs: set[str]) -> pa.Table:
        """The stored rows of `runs`, of each the newest."""
        return _newest(_read_files(self.folder), runs)

    def add(self, table: pa.Table) -> None:
        """Keep finished runs; they are on disk within about half a second, at the latest with `flush`."""
        self._waiting.append(table)
        if time.monotonic() - self._flushed >= FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what waits as a part file."""
        if self._waiting:
            self._write(f"part-{time.time_ns():020d}-{os.getpid()}.parquet", pa.concat_tables(self._waiting))
            self._waiting = []
        self._flushed = time.monotonic()

    def close(self) -> None:
        """Flush, then merge the part files, or all where there are many, into one file."""
        self.flush()
        parts = sorted(self.folder.glob("part-*.parquet"))
        files = _files(self.folder)
        merged = files if len(files) - len(parts) >= FEW else parts
        if len(merged) > 1 or parts:
            # named by the oldest content, so that newer runs stay behind older ones
            table = _read_files(self.folder, only=merged)
            self._write(f"runs-{_order(merged[-1])}-{os.getpid()}.parquet", table, keep=merged)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def _known(self) -> tuple[set[tuple[str, str]], set[str]]:
        if not hasattr(self, "_sets"):
            runs, sources = (self._stored[word].to_pylist() for word in ("run", "source"))
            self._sets = set(zip(runs, sources, strict=True)), set(runs)
        return self._sets

    def _write(self, name: str, table: pa.Table, keep: list[Path] | None = None) -> None:
        target, aside = self.folder / name, self.folder / f"{name}.tmp"
        try:
            pq.write_table(table.unify_dictionaries(), aside, row_group_size=ROW_GROUP, compression="zstd")
            os.replace(aside, target)
        except OSError as error:
            aside.unlink(missing_ok=True)
            raise InputError(f"the results folder {str(self.folder)!r} can't be written: {error}") from error
        for file in keep or []:
            if file != target:
                file.unlink(missing_ok=True)


def read(folder: Path) -> pa.Table:
    """All runs in a folder, of each the newest. Raises InputError where there is none or a file is broken."""
    if not folder.is_dir():
        raise InputError(f"there is no results folder {str(folder)!r}; `optbench run` makes one")
    return _newest(_read_files(folder), None)


def _files(folder: Path) -> list[Path]:
    """Complete files, in the order of their last content."""
    return sorted(folder.glob("*.parquet"), key=_order)


def _order(file: Path) -> str:
    return file.name.split("-")[1]


def _read_files(folder: Path, columns: list[str] | None = None, only: list[Path] | None = None) -> pa.Table:
    fields = SCHEMA if columns is None else pa.schema([SCHEMA.field(column) for column in columns])
    tables = [fields.empty_table()]
    for file in only if only is not None else _files(folder):
        try:
            table = pq.ParquetFile(file).read(columns=columns)
            tables.append(table.select(fields.names).cast(fields))
        except FileNotFoundError:
            continue  # another session merged it meanwhile
        except (OSError, pa.ArrowException, KeyError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise InputError(f"{file} isn't a file of runs ({reason}); move it away and try again") from error
    return pa.concat_tables(tables).unify_dictionaries()


def _newest(table: pa.Table, runs: set[str] | None) -> pa.Table:
    """Of each run the last row; `runs` limits which."""
    last = {run: row for row, run in enumerate(table["run"].to_pylist()) if runs is None or run in runs}
    return table.take(pa.array(sorted(last.values()), pa.int64()))
