"""Where compiled kernels are kept: one directory per digest of everything that went into them.

The directory's name is the digest, so an edit, another library or another compiler setting means
another directory. What a directory holds is read whoever made it and wherever it came from; what
can't be read counts as absent.
"""

import contextlib
import hashlib
import os
import re
import shutil
import sys
import time
import uuid
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import llvmlite
import llvmlite.binding
import numba
import numpy
import platformdirs

from .digests import digest

ROOT = Path(__file__).resolve().parents[1]
KEPT_DAYS = 30
"""Days without use after which a digest's kernels are removed."""

SOURCES = {
    file: file.read_bytes()
    for folder in ("kernels", "problems")
    for file in sorted((ROOT / folder).rglob("*.py"))
}
"""The code as it was when this process began: an edit that comes later belongs to the next one."""

HARMLESS = re.compile(
    "CACHE|CUDA|COLOR|DUMP|HIGHLIGHT|TRACE|THREAD|HELP|WARN|GDB|TIMINGS|DIFF_IR|HTML|ANNOTATE|DIAGNOSTICS|DEVELOPER|"
    "DEBUG_PRINT|DEBUG_TYPEINFER|DEBUG_FRONTEND|DEBUG_ARRAY|DEBUG_INLINE|DEBUG_NRT_STACK|MEMORY_MANAGER|TYPEINFER"
)
"""Numba's settings that don't reach generated code, by a part of their names. All others count,
also those of a later Numba.
"""


def home() -> Path:
    """The folder of all digests, in `OPTBENCH_CACHE_DIR` or optbench's folder in the user's cache
    directory.

    Raises OSError where the system knows of no home.
    """
    override = os.environ.get("OPTBENCH_CACHE_DIR")
    try:
        folder = (
            Path(override).expanduser()
            if override
            else platformdirs.user_cache_path("optbench").expanduser()
        )
    except (RuntimeError, KeyError) as error:
        raise FileNotFoundError(2, "the user has no home") from error
    return folder / "kernels"


def file_digest(files: Iterable[Path]) -> str:
    """Digest of the names and contents of optbench's own `files`, in the order given, as they were
    when imported.
    """
    return digest(*(part for file in files for part in (file.name, SOURCES[file])))


def builtin_digest() -> str:
    """Digest of all sources in kernels/ and problems/, of compilers and libraries, their settings
    and the CPU.
    """
    return digest(_unchanging(), repr(compiler_settings()))


def compiler_settings() -> list[tuple[str, object]]:
    """Numba's settings that may change generated code, as they are now: the host program may have
    set them.
    """
    config = vars(numba.config)  # pyright: ignore[reportPrivateImportUsage]
    names = (
        name
        for name in config
        if name.isupper() and not name.startswith("_") and not HARMLESS.search(name)
    )
    return [
        (name, config[name])
        for name in sorted(names)
        if isinstance(config[name], (bool, int, float, str, type(None)))
    ]


@cache
def _unchanging() -> str:
    """The part that stays what it is in a process (about 3 ms)."""
    machine = [
        sys.version,
        numba.__version__,
        llvmlite.__version__,
        numpy.__version__,
        version("scipy"),
        llvmlite.binding.get_host_cpu_name(),
        llvmlite.binding.get_host_cpu_features().flatten(),
    ]
    return digest(file_digest(SOURCES).encode(), *(entry.encode() for entry in machine))


def read(key: str, name: str) -> bytes | None:
    """What was kept under a digest and a name; None where it isn't there, can't be read, or isn't
    what was written.
    """
    try:
        folder = home() / key
        text = (folder / name).read_bytes()
    except OSError:
        return None
    with contextlib.suppress(OSError):  # a cache that is only read is never pruned
        os.utime(folder)
    stamp, content = text[:32], text[32:]
    return content if hashlib.sha256(content).digest() == stamp else None


def write(key: str, name: str, content: bytes) -> None:
    """Keep `content` with its SHA-256 before it. Where that fails one line on stderr says so, and
    it isn't kept.

    A new folder's first file removes the digests that were not used for 30 days.
    """
    aside = None
    try:
        folder = home() / key
        if folder.exists() and not folder.is_dir():
            folder.unlink()
        new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        if new:
            prune()
        target, aside = folder / name, folder / f"{name}.{uuid.uuid4().hex[:8]}.tmp"
        aside.write_bytes(hashlib.sha256(content).digest() + content)
        if target.is_dir():
            shutil.rmtree(target)
        os.replace(aside, target)
    except OSError as error:
        if aside is not None:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)
        say_not_kept(error.strerror or str(error))


@cache
def say_not_kept(reason: str) -> None:
    """Say once on stderr that compiled kernels aren't kept, and why."""
    try:
        place = f"{home()} can't be written ({reason})"
    except OSError as error:
        place = str(error.strerror)
    print(
        f"optbench: kernels are compiled anew in each process: {place}; set OPTBENCH_CACHE_DIR to a"
        " folder that can be written",
        file=sys.stderr,
    )


def prune() -> None:
    """Remove the digests that were not used for KEPT_DAYS, and what killed processes left half
    written a day ago.
    """
    now = time.time()
    for folder in home().iterdir():
        with contextlib.suppress(OSError):
            if (
                re.fullmatch("[0-9a-f]{16}", folder.name)
                and folder.stat().st_mtime < now - KEPT_DAYS * 86400
            ):
                shutil.rmtree(folder, ignore_errors=True)
            for left in folder.glob("*.tmp"):
                if left.stat().st_mtime < now - 86400:
                    left.unlink()
