"""Changes that were meant: entries of a file with a reason each, which count for the commits that
bring them.

    [[accepted]]
    optimizer = "adam"          # and problem, lr, schedule, dtype, what (a word of KINDS); * stands
    for any letters reason = "eps inside the root, as in equation 7"

An entry counts where BASE's file doesn't have it and HEAD's does. So it comes with the change, is
spent once that is merged, and the file stays as a list of what was changed on purpose.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ...kernels.grammar import InputError

FILE = "accepted.toml"
KINDS = ("convergence", "time", "state", "memory", "import", "lost")
"""A curve that moved, a step that takes longer, bytes of state, peak memory, import time, a curve
that is gone or fails.

The last has to be named.
"""
AXES = ("problem", "optimizer", "lr", "schedule", "dtype")
PATTERNS = (*AXES, "what")
WORDS = {*PATTERNS, "reason"}


@dataclass(frozen=True)
class Accepted:
    """One entry: patterns, and why."""

    problem: str
    optimizer: str
    lr: str
    schedule: str
    dtype: str
    what: str
    reason: str

    @property
    def patterns(self) -> tuple[str, ...]:
        """What it covers, without the reason: in the order of PATTERNS."""
        return tuple(getattr(self, name) for name in PATTERNS)

    @property
    def label(self) -> str:
        """The entry in a word: its patterns, as far as they leave something out."""
        names = zip(PATTERNS, self.patterns, strict=True)
        return (
            ", ".join(f'{name} = "{pattern}"' for name, pattern in names if pattern != "*")
            or self.reason
        )

    def covers(
        self,
        what: str,
        problem: str,
        optimizer: str,
        lr: str,
        schedule: str = "constant",
        dtype: str = "float64",
    ) -> bool:
        """Whether the entry means this cell; times have no lr, "*" there."""
        if self.what == "*" and what == "lost":
            return False
        names = zip(self.patterns, (problem, optimizer, lr, schedule, dtype, what), strict=True)
        return all(
            re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), name) for pattern, name in names
        )


def entries(text: str, where: str) -> list[Accepted]:
    """The file's entries. Raises InputError that names `where` for what isn't one."""
    try:
        words = tomllib.loads(text.removeprefix("\ufeff"))  # a byte-order mark
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where} can't be read: {error}") from error
    found = words.pop("accepted", [])
    if words or not isinstance(found, list):
        raise InputError(f"{where} holds entries [[accepted]] alone")
    return [_entry(entry, f"{where}, entry {number}") for number, entry in enumerate(found, 1)]


def _entry(words: Mapping[str, object], where: str) -> Accepted:
    if not isinstance(words, dict) or not all(isinstance(value, str) for value in words.values()):
        raise InputError(f"{where}: every word is a text")
    if words.keys() - WORDS:
        raise InputError(
            f"{where}: unknown word {min(words.keys() - WORDS)!r}; known are"
            f" {', '.join(sorted(WORDS))}"
        )
    if not str(words.get("reason", "")).strip():
        raise InputError(f"{where}: it needs a reason")
    if not words.keys() & {"problem", "optimizer"}:
        raise InputError(f"{where}: it needs a problem or an optimizer ('*' means all)")
    if words.get("what", "*") not in (*KINDS, "*"):
        raise InputError(f"{where}: what is {', '.join(KINDS)}, not {words['what']!r}")
    return Accepted(*(str(words.get(name, "*")) for name in PATTERNS), reason=str(words["reason"]))


def brought(base: str, head: str) -> list[Accepted]:
    """The entries of HEAD's text that BASE's hasn't: of those with the same patterns, as many as
    came to it, the last ones.

    So another wording of a reason brings no entry back, and a second change of the same cells has
    an entry of its own.
    """
    try:
        spent = Counter(entry.patterns for entry in entries(base, f"{FILE} of BASE"))
    except InputError:
        # HEAD may be what mends it
        spent = Counter()
    new = []
    for entry in entries(head, FILE):
        spent[entry.patterns] -= 1
        if spent[entry.patterns] < 0:
            new.append(entry)
    return new
