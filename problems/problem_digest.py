"""The digest of what a problem is, made of all its fields but a named few.

A field that is added later counts without a further word, so that no stored run is taken for one
of a problem that differs in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from numbers import Number
from typing import Any, cast

import numpy as np

from ..kernels.digests import digest
from ..kernels.grammar import InputError

IGNORED = {
    "Problem": {
        "formula": "its code has a digest of its own, bench/sweep/code_digests.py",
        "project": "its code has a digest of its own, too",
        "maker": "what it made counts, not how",
        "family": "it stands in the name, and so in a run's identity",
        "parameters": "they stand in the name, and code_digests.py takes their values",
        "defaults": "they only decide what the name leaves out",
        "budget": "a run's identity has its steps",
        "minimizers": "no number of a run is made of them; f* is a field of its own",
        "source": "text for readers",
        "kind": "it says which suites hold the problem",
        "tags": "they say what the audit asks of it",
        "start_loss": "published digits that the audit compares",
        "least_loss": "published digits that the audit compares",
    },
    "DataSet": {
        "product_operations": "used where timings are reported, not in a run",
    },
}
"""Fields that aren't part of a digest, by class, each with the reason."""


def digest_of(made: object) -> str:
    """The digest of a dataclass's instance: of all fields that IGNORED doesn't name, down into
    fields that are dataclasses themselves.

    Raises InputError for a field whose value isn't made of numbers, texts and arrays.
    """
    return digest(*_parts(type(made).__name__, made))


def _parts(place: str, value: object) -> Iterator[str | bytes]:
    """The value as texts and bytes; each array, list and dataclass says first how long it is."""
    if is_dataclass(value) and not isinstance(value, type):
        names = _counting(type(value))
        yield f"{len(names)} fields"
        for name in names:
            yield name
            yield from _parts(f"{place}.{name}", getattr(value, name))
    elif isinstance(value, np.generic):
        yield repr(cast(np.generic, value).item())
    elif isinstance(value, np.ndarray):
        array = np.ascontiguousarray(cast(np.ndarray, value))
        if array.dtype.hasobject:
            raise _without_digest(place, "an array of objects")
        yield f"{array.dtype.str} {array.shape}"
        yield array.tobytes()
    elif isinstance(value, tuple | list):
        entries = cast(Sequence[object], value)
        yield f"{len(entries)} entries"
        for entry in entries:
            yield from _parts(place, entry)
    elif value is None or isinstance(value, str | Number):
        yield repr(value)
    else:
        raise _without_digest(place, f"{type(value).__name__} {value!r:.80}")


def _without_digest(place: str, what: str) -> InputError:
    return InputError(
        f"{place} is {what}: a problem's fields must be numbers, texts, arrays or tuples of them,"
        " so that runs of another value can be told apart"
    )


def _counting(kind: type[Any]) -> list[str]:
    """The names of the class's fields that count; a subclass ignores what its parents ignore."""
    ignored = {name for parent in kind.__mro__ for name in IGNORED.get(parent.__name__, ())}
    return [entry.name for entry in fields(kind) if entry.name not in ignored]
