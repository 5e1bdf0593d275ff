"""What a compiler's report says, in one line: the author's file and line, and what is wrong
there.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from .grammar import InputError

HINTS = {
    "arguments must all have the same dtype": (
        "; where a run is in float32, x and g are: write A.astype(x.dtype) @ x"
    ),
    "truth value of an array": (
        "; x, g and slots are arrays here: compare their numbers in a loop, as in if g[i] > 0.0"
    ),
}
"""What is added to a compiler's or Python's reason that has this text in it."""
BOILERPLATE = re.compile(
    r"Failed in nopython mode|No implementation of function|During:|File |Overload|>>>|Raised"
    r" from|$"
)


def is_compilers(error: BaseException) -> bool:
    """Whether the error is Numba's, or was raised of one: a rule's InputError has it as its
    cause.
    """
    return any(
        type(found).__module__.partition(".")[0] == "numba" for found in (error, error.__cause__)
    )


def essence(error: BaseException, functions: Sequence[Callable]) -> str:
    """One line out of a compiler's report, with the place in the file of one of the functions.

    error : the compiler's, or the InputError that was raised of it.
    """
    found = error.__cause__ if isinstance(error, InputError) and error.__cause__ else error
    return in_files(found, [inspect.getsourcefile(function) or "" for function in functions])


def in_files(error: BaseException, files: Iterable[str | Path]) -> str:
    """One line out of a compiler's report, with the first place in one of the files."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error)) or type(error).__name__
    names = {Path(file).name for file in files}
    places = re.findall(r"(?:File \"(.+?)\", line | at (\S+) \(|Raised from (\S+) \()(\d+)", text)
    lines = [
        f"{name}, line {line}: "
        for *file, line in places
        if (name := Path("".join(file)).name) in names
    ]
    return hinted(f"{lines[0] if lines else ''}{_reason(text)}")


def hinted(reason: str) -> str:
    """The reason, and what to write instead if that is known."""
    return reason + next((hint for text, hint in HINTS.items() if text in reason), "")


def _reason(text: str) -> str:
    """What is wrong, as the report says it, without Numba's account of how it got there."""
    specific = re.search(
        r"Rejected as the implementation raised a specific error:\s*\n\s*(?:\w+: )?(.+)", text
    )
    call = re.search(r">>> (.+)", text)
    # a report within the report is about Numba's own code
    if specific and not BOILERPLATE.match(specific[1].strip()):
        return specific[1].strip()
    if call and "No implementation of function" in text:
        operands = re.sub(r"Literal\[\w+\]\((.*?)\)|unicode_type", "text", call[1].strip())
        return f"compiled code has no {operands}"
    lines = [line.strip() for line in text.splitlines() if not BOILERPLATE.match(line.strip())]
    reason = re.sub(r"^(?:\w+Error): ", "", lines[0]) if lines else " ".join(text.split())[:200]
    if plain := re.match(r"Untyped global name '(\w+)':.*<class 'function'>", reason):
        return f"{plain[1]} is a plain Python function; decorate it with @numba.njit"
    reason = re.sub(r"\.*\s+Raised from .*", "", reason)
    return re.sub(r"Module\(<module '(\S+?)'.*?>\)", r"the module \1", reason)
