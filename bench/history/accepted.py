"""Changes that were meant: entries of a file with a reason each, which count for the commits that
bring them.

    [[accepted]]
    optimizer = "adam"
    reason = "eps inside the root, as in equation 7"

An entry may also name a problem, lr, schedule, dtype, and what (one of KINDS). In a name, * stands
for any letters.

An entry counts where BASE's file doesn't have it and HEAD's does. So it comes with the change and
counts no longer when that is merged. The file stays as a list of what was changed on purpose.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ...kernels.grammar import InputError
from .cases import Case

FILE = "accepted.toml"
KINDS = ("convergence", "time", "state", "memory", "import", "lost")
"""What an entry may accept: a curve that moved, a step that takes longer, bytes of state, peak
memory, import time, and a case that is gone or fails. The last one has to be named.
"""
AXES = ("problem", "optimizer", "lr", "schedule", "dtype")
PATTERNS = (*AXES, "what")
KEYS = {*PATTERNS, "reason"}


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
        """The entry in a few words: its patterns, as far as they leave something out."""
        names = zip(PATTERNS, self.patterns, strict=True)
        return (
            ", ".join(f'{name} = "{pattern}"' for name, pattern in names if pattern != "*")
            or self.reason
        )

    def covers(self, what: str, case: Case) -> bool:
        """Whether the entry means this change of the case.

        what : one of KINDS.  A step time's case has the lr "*".
        """
        if self.what == "*" and what == "lost":
            return False
        names = zip(self.patterns, (*case, what), strict=True)
        return all(
            re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), name) for pattern, name in names
        )


def entries(text: str, where: str) -> list[Accepted]:
    """The file's entries. Raises InputError that names `where` for what isn't one."""
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))  # a byte-order mark
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where} can't be read: {error}") from error
    found = table.pop("accepted", [])
    if table or not isinstance(found, list):
        raise InputError(f"{where} holds entries [[accepted]] alone")
    return [_entry(entry, f"{where}, entry {number}") for number, entry in enumerate(found, 1)]


def _entry(table: Mapping[str, object], where: str) -> Accepted:
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise InputError(f"{where}: every value is a text")
    if table.keys() - KEYS:
        raise InputError(
            f"{where}: unknown key {min(table.keys() - KEYS)!r}; known are"
            f" {', '.join(sorted(KEYS))}"
        )
    if not str(table.get("reason", "")).strip():
        raise InputError(f"{where}: it needs a reason")
    if not table.keys() & {"problem", "optimizer"}:
        raise InputError(f"{where}: it needs a problem or an optimizer ('*' means all)")
    if table.get("what", "*") not in (*KINDS, "*"):
        raise InputError(f"{where}: what is {', '.join(KINDS)}, not {table['what']!r}")
    patterns = {name: str(table.get(name, "*")) for name in PATTERNS}
    return Accepted(**patterns, reason=str(table["reason"]))


def brought(base: str, head: str) -> list[Accepted]:
    """The entries of HEAD's text that BASE's hasn't: of those with the same patterns, as many as
    came to it, the last ones.

    So a reason that is worded anew brings no entry back, and a second change of the same cases has
    an entry of its own.
    """
    try:
        known = Counter(entry.patterns for entry in entries(base, f"{FILE} of BASE"))
    except InputError:
        # HEAD may be what repairs it
        known = Counter()
    new = []
    for entry in entries(head, FILE):
        known[entry.patterns] -= 1
        if known[entry.patterns] < 0:
            new.append(entry)
    return new
