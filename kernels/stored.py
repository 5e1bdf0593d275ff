"""A compiled kernel in a file, and Numba's dispatcher taught to look there.

Numba's own cache goes by modification times, trusts what it finds, and ends the program where it
can't read or write it. Here a file's folder is the digest of all that went into the kernel, its
first bytes are the digest of the rest, and whatever can't be read or rebuilt is compiled anew and
replaced.
"""

import pickle
import re
import sys
from functools import lru_cache
from typing import Any

from numba.core import compiler
from numba.core.caching import NullCache
from numba.core.serialize import dumps

from . import cache
from .digests import digest


class StoredKernel(NullCache):
    """The cache of one dispatcher with one signature (numba.core.caching's interface; tried with
    Numba 0.68).
    """

    def __init__(self, key: str, name: str, label: str = ""):
        """key : the digest of all that the kernel is made of.  name : tells it apart from others of
        that digest.
        label : what an author calls it.
        """
        self._label = label
        plain = re.sub("[^A-Za-z0-9_]", "_", name.rpartition(" ")[2])[
            :60
        ]  # file systems differ in what else they take
        self._key, self._name = key, f"{plain}-{digest(name)}.kernel"

    def load_overload(self, sig, target_context) -> Any:
        """The compile result of that file, None where there is none to use."""
        target_context.refresh()
        content = cache.read(self._key, self._name)
        if content is None:
            return None
        try:
            return compiler.CompileResult._rebuild(target_context, *pickle.loads(content))
        except Exception:
            # whole, but of something that this Numba can't rebuild: absent
            return None

    def save_overload(self, sig, cres):
        """Keep a compile result, unless its code has addresses of this process in it: large global
        arrays, C functions.
        """
        if not cres.library.has_dynamic_globals and all(part.can_cache for part in cres.lifted):
            cache.write(self._key, self._name, dumps(cres._reduce()))
        elif self._label:
            say_not_kept(self._label)


@lru_cache
def say_not_kept(name: str) -> None:
    """Say once on stderr that what is made of `name` is not kept."""
    array = "an array of more than a megabyte, or one that isn't contiguous (np.ascontiguousarray)"
    print(
        f"optbench: {name!r} holds {array}, so it is compiled anew in each process", file=sys.stderr
    )
