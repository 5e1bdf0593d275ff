"""Changes that were meant: entries of a file with a reason each, which count for the commits that bring them.

    [[accepted]]
    optimizer = "adam"          # and problem, lr, what ("convergence", "time" or "lost"); * stands for any letters
    reason = "eps inside the root, as in equation 7"

An entry counts where BASE's file doesn't have it and HEAD's does. So it comes with the change, is spent once that is
merged, and the file stays as a list of what was changed on purpose.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ...kernels.grammar import InputError

FILE = "accepted.toml"
KINDS = ("convergence", "time", "lost")
"""A fingerprint that moved, a time that grew, a curve that is gone or fails. The last has to be named."""
WORDS = {"problem", "optimizer", "lr", "what", "reason"}


@dataclass(frozen=True)
class Accepted:
    """One entry: patterns, and why."""

    problem: str
    optimizer: str
    lr: str
    what: str
    reason: str

    @property
    def patterns(self) -> tuple[str, str, str, str]:
        """What it covers, without the reason."""
        return self.problem, self.optimizer, self.lr, self.what

    @property
    def told(self) -> str:
        """The entry in a word: its patterns, as far as they leave something out."""
        names = zip(("problem", "optimizer", "lr", "what"), self.patterns, strict=True)
        return ", ".join(f'{name} = "{pattern}"' for name, pattern in names if pattern != "*") or self.reason

    def covers(self, what: str, problem: str, optimizer: str, lr: str) -> bool:
        """Whether the entry means this cell; times have no lr, "*" there."""
        if self.what == "*" and what == "lost":
            return False
        names = ((self.what, what), (self.problem, problem), (self.optimizer, optimizer), (self.lr, lr))
        return all(re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), name) for pattern, name in names)


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
        raise InputError(f"{where}: unknown word {min(words.keys() - WORDS)!r}; known are {', '.join(sorted(WORDS))}")
    if not str(words.get("reason", "")).strip():
        raise InputError(f"{where}: it needs a reason")
    if not words.keys() & {"problem", "optimizer"}:
        raise InputError(f"{where}: it needs a problem or an optimizer ('*' means all)")
    if words.get("what", "*") not in (*KINDS, "*"):
        raise InputError(f"{where}: what is {', '.join(KINDS)}, not {words['what']!r}")
    problem, optimizer, lr, what = (str(words.get(name, "*")) for name in ("problem", "optimizer", "lr", "what"))
    return Accepted(problem, optimizer, lr, what, str(words["reason"]))


def brought(base: str, head: str) -> list[Accepted]:
    """The entries of HEAD's text that BASE's hasn't: of those with the same patterns, as many as came to it, the last ones.

    So another wording of a reason brings no entry back, and a second change of the same cells has an entry of its own.
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
