"""What the commands print to: consoles that take every character, and no styles where NO_COLOR asks
for none.
"""

import codecs
import io
import os
import sys

from rich.console import Console

PLAIN = {
    "–": "-",
    "—": "-",
    "−": "-",
    "·": "|",
    "×": "x",
    "÷": "/",
    "±": "+-",
    "√": "sqrt",
    "∞": "inf",
    "≤": "<=",
    "≥": ">=",
    "≈": "~",
    "→": "->",
    "←": "<-",
    "…": "...",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "²": "^2",
    "³": "^3",
    "ᵀ": "^T",
    "µ": "u",
    "μ": "u",
}
"""What is written for characters that the output can't hold; lines of boxes become -, | and +,
anything else an escape.
"""
LINES = {"-": "─━═╌╍╴╶╸╺╼╾", "|": "│┃║╎╏╵╷╹╻╽╿"}
BOXES, BRAILLE = range(0x2500, 0x2580), range(0x2800, 0x2900)
HANDLER = "optbench.plain"


def plain_output() -> None:
    """Let standard output and error print every text: characters beyond their encoding are written
    in plain ones.
    """
    codecs.register_error(HANDLER, _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=HANDLER)


def open_console(stderr: bool = False, width: int | None = None) -> Console:
    """A console on standard output or error. NO_COLOR leaves out bold and italics as well as
    colours.
    """
    if os.environ.get("NO_COLOR"):
        return Console(stderr=stderr, width=width, color_system=None)
    return Console(stderr=stderr, width=width)


def print_plain(
    text: str,
    console: Console | None = None,
    *,
    style: str | None = None,
    soft_wrap: bool = False,
) -> None:
    """Print a text as it is: its square brackets are no markup, its numbers get no colours.

    console : standard output where none is given.  soft_wrap : a line longer than the terminal is
    left whole.
    """
    (console or open_console()).print(
        text, style=style, soft_wrap=soft_wrap, highlight=False, markup=False
    )


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    """The handler: what stands for the characters that can't be encoded, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    if all(
        0xDC80 <= ord(letter) <= 0xDCFF for letter in text
    ):  # bytes of an argument that Python couldn't read
        return bytes(ord(letter) - 0xDC00 for letter in text), error.end
    return "".join(map(_written, text)), error.end


def _written(letter: str) -> str:
    if letter in PLAIN:
        return PLAIN[letter]
    if ord(letter) in BOXES:
        return next((line for line, letters in LINES.items() if letter in letters), "+")
    return "*" if ord(letter) in BRAILLE else letter.encode("ascii", "backslashreplace").decode()
