"""The folder of compiled kernels: what is read, replaced, removed and never written."""

import hashlib
import os
import pickle
import shutil
import time
from pathlib import Path
from typing import Any

import pytest


def test_old_digests_are_pruned(tmp_path, monkeypatch):
    """Making a new digest's folder removes those unused for thirty days, and nothing that isn't a
    digest's.
    """
    from optbench.kernels import cache

    monkeypatch.setenv("OPTBENCH_CACHE_DIR", str(tmp_path))
    ages = {"a" * 16: 31, "b" * 16: 29, "c" * 16: 400, "documents": 400}
    for name, days in ages.items():
        (tmp_path / "kernels" / name).mkdir(parents=True)
        os.utime(tmp_path / "kernels" / name, (time.time() - days * 86400,) * 2)
    half = (
        tmp_path / "kernels" / ("b" * 16) / "loop.kernel.12345678.tmp"
    )  # of a process that was killed while writing
    half.write_bytes(b"half")
    os.utime(half, (time.time() - 2 * 86400,) * 2)
    os.utime(half.parent, (time.time() - 29 * 86400,) * 2)
    cache.write("d" * 16, "loop.kernel", b"a kernel")
    left = sorted(folder.name for folder in (tmp_path / "kernels").iterdir())

    assert left == ["b" * 16, "d" * 16, "documents"]
    assert not half.exists()


@pytest.mark.parametrize(
    "word", ["OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "BOUNDSCHECK", "CPU_NAME", "ENABLE_AVX"]
)
def test_a_setting_that_changes_code_is_in_the_digest(monkeypatch, word):
    """Also where the host program sets it while it runs; settings about printing and threads are
    not.
    """
    from numba.core import config
    from optbench.kernels import cache

    before = cache.builtin_digest()
    monkeypatch.setattr(config, "DUMP_LLVM", 1)
    monkeypatch.setattr(config, "NUMBA_NUM_THREADS", 1)
    assert cache.builtin_digest() == before
    monkeypatch.setattr(config, word, {"OPT": 0, "CPU_NAME": "generic"}.get(word, 7))

    assert cache.builtin_digest() != before


DAMAGES = {
    "empty": lambda file: file.write_bytes(b""),
    "half": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "one byte short": lambda file: file.write_bytes(file.read_bytes()[:-1]),
    "zeros": lambda file: file.write_bytes(bytes(file.stat().st_size)),
    "junk": lambda file: file.write_bytes(b"junk" * 1000),
    "one bit": lambda file: flip(file, file.stat().st_size // 2),
    "a bit of the digest": lambda file: flip(file, 3),
    "another kernel's": lambda file: file.write_bytes(hashlib.sha256(b"x").digest() + b"x"),
    "a pickle of something else": lambda file: stamp(file, pickle.dumps([1, 2, 3])),
    "a pickle of an unknown class": lambda file: stamp(file, b"cnowhere\nNothing\n."),
    "gone": lambda file: file.unlink(),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
    "a link to itself": lambda file: (file.unlink(), file.symlink_to(file)),
}


def flip(file, place):
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


def stamp(file, content):
    file.write_bytes(hashlib.sha256(content).digest() + content)


@pytest.fixture
def small_kernel(tmp_path, monkeypatch):
    """A function compiled for float64, kept in a cache of its own -> (its answer to 2.0, whether it
    was loaded), afresh.
    """
    from numba import float64
    from optbench.kernels import jit

    monkeypatch.setenv("OPTBENCH_CACHE_DIR", str(tmp_path))

    def _small_kernel():
        made: Any = jit.kernel(three_times, float64(float64), "e" * 16)
        return made(2.0), sum(made.stats.cache_hits.values()) == 1

    return _small_kernel


def three_times(x):
    return 3.0 * x


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_absent_and_replaced(small_kernel, tmp_path, damage):
    """Whatever became of a kept kernel, it is compiled anew and kept again; a flipped bit never
    runs.
    """
    assert small_kernel() == (6.0, False)
    assert small_kernel() == (6.0, True)
    (file,) = (tmp_path / "kernels" / ("e" * 16)).iterdir()
    damage(file)

    assert small_kernel() == (6.0, False)
    assert small_kernel() == (6.0, True)


def test_a_file_in_the_folder_s_place_is_replaced(small_kernel, tmp_path):
    """Where a file has the name of a digest's folder, the folder takes its place."""
    (tmp_path / "kernels").mkdir()
    (tmp_path / "kernels" / ("e" * 16)).write_text("not a folder")

    assert [small_kernel(), small_kernel()] == [(6.0, False), (6.0, True)]


def test_a_warm_cache_is_read_wherever_it_was_copied_to(small_kernel, tmp_path, monkeypatch):
    """Its contents decide, not the times of its files: of a cache of another day, in another
    folder, nothing is compiled.
    """
    small_kernel()
    copied = tmp_path / "copied"
    shutil.copytree(tmp_path / "kernels", copied / "kernels", copy_function=shutil.copyfile)
    for path in copied.rglob("*"):
        os.utime(path, (1e9, 1e9))
    monkeypatch.setenv("OPTBENCH_CACHE_DIR", str(copied))

    assert small_kernel() == (6.0, True)


def test_a_cache_that_can_only_be_read_is_read(small_kernel, tmp_path, monkeypatch, capsys):
    """On a read-only file system a warm cache serves, without a word; what is new is compiled, and
    one line says so.
    """
    from optbench.kernels import cache

    small_kernel()
    cache.say_not_kept.cache_clear()

    def refuse(*arguments, **words):
        raise OSError(30, "Read-only file system")

    for place, word in (
        (os, "replace"),
        (os, "utime"),
        (Path, "write_bytes"),
        (Path, "mkdir"),
        (Path, "unlink"),
    ):
        monkeypatch.setattr(place, word, refuse)
    warm, said = small_kernel(), capsys.readouterr().err
    (tmp_path / "kernels" / ("e" * 16)).rename(tmp_path / "elsewhere")
    new, once = [small_kernel(), small_kernel()], capsys.readouterr().err
    monkeypatch.undo()
    cache.say_not_kept.cache_clear()

    assert (warm, said) == ((6.0, True), "")
    assert new == [(6.0, False)] * 2
    assert once.count("\n") == 1
    assert "Read-only file system" in once
    assert "OPTBENCH_CACHE_DIR" in once


def test_a_tilde_is_the_user_s_home(monkeypatch, tmp_path):
    """OPTBENCH_CACHE_DIR=~/kernels means a folder at home, not one called ~."""
    from optbench.kernels import cache

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("OPTBENCH_CACHE_DIR", "~/mine")

    assert cache.home() == tmp_path / "mine" / "kernels"
