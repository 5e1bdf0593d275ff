"""Where compiled kernels are kept: one directory per digest of everything that went into them.

Numba stamps a cached kernel with the hash of the one file that defines it and goes on using it when a helper in
another file changes. Here the directory's name is the digest, so an edit anywhere means another directory.
"""

import hashlib
import os
import re
import shutil
import sys
import time
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import llvmlite
import llvmlite.binding
import numba
import numpy
import platformdirs

ROOT = Path(__file__).resolve().parents[1]
KEPT_DAYS = 30
"""Days without use after which a digest's kernels are removed."""

SOURCES = {file: file.read_bytes() for folder in ("kernels", "problems") for file in sorted((ROOT / folder).rglob("*.py"))}
"""The code as it was when this process began: an edit that comes later belongs to the next one. Plugins' files join ours
as they are registered."""
OURS = tuple(SOURCES)


def home() -> Path:
    """The folder of all digests, in `OPTBENCH_CACHE_DIR` or optbench's folder in the user's cache directory."""
    override = os.environ.get("OPTBENCH_CACHE_DIR")
    return (Path(override) if override else platformdirs.user_cache_path("optbench")) / "kernels"


def digest(*parts: bytes) -> str:
    """SHA-256 over length-prefixed parts, the first 16 hexadecimal digits."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(len(part).to_bytes(8, "little"))
        sha.update(part)
    return sha.hexdigest()[:16]


def file_digest(files: Iterable[Path]) -> str:
    """Digest of the names and contents of `files`, in the order given; of optbench's own as they were when imported."""
    return digest(*(part for file in files for part in (file.name.encode(), SOURCES.get(file) or file.read_bytes())))


@cache
def builtin_digest() -> str:
    """Digest of all sources in kernels/ and problems/, the compilers' and libraries' versions and the CPU (about 3 ms)."""
    machine = [
        sys.version,
        numba.__version__,
        llvmlite.__version__,
        numpy.__version__,
        version("scipy"),
        llvmlite.binding.get_host_cpu_name(),
        llvmlite.binding.get_host_cpu_features().flatten(),
    ]
    return digest(file_digest(OURS).encode(), *(entry.encode() for entry in machine))


@cache
def directory(key: str) -> Path | None:
    """The folder for kernels with digest `key`, made if need be; None (and a line on stderr) where it can't be written.

    Making a new folder removes those that were not used for 30 days.
    """
    folder = home() / key
    try:
        new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, "Permission denied", str(folder))
        if new:
            prune()
    except OSError as error:
        print(
            f"optbench: kernels are compiled anew each time, {home()} can't be written ({error.strerror}); "
            "set OPTBENCH_CACHE_DIR to a folder that can",
            file=sys.stderr,
        )
        return None
    return folder


def prune() -> None:
    """Remove the digests that were not used for KEPT_DAYS."""
    oldest = time.time() - KEPT_DAYS * 86400
    for folder in home().iterdir():
        if re.fullmatch("[0-9a-f]{16}", folder.name) and folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
