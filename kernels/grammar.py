"""Names with parameters, one grammar everywhere: `name[key=value,flag]`, keys sorted, defaults left
out.
"""

import difflib
import math
from collections.abc import Iterable, Mapping
from typing import Any


class InputError(ValueError):
    """What the user asked for can't be: one line that names the thing, the value and the way out;
    exit status 2.
    """


class UnknownName(InputError):
    """A name that isn't known. kind : of what.  word : the name.  registered : whether a plugin
    might have brought it.
    """

    kind, word, registered = "", "", False


MANY, SHOWN = 12, 8
"""Of more names than MANY, where there is a command that lists them, SHOWN are named."""


def unknown(kind: str, word: str, known: Iterable[str], way_out: str = "") -> UnknownName:
    """The error for a name that isn't known: near misses, or what there is; of many names the
    command that lists them.

    way_out : that command; it makes the names those that plugins register.
    """
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=3, cutoff=0.6)
    guess = f"did you mean {' or '.join(map(repr, near))}?" if near else ""
    listed = ", ".join(names) or "none"
    if way_out and len(names) > MANY:
        listed = "" if near else f"{', '.join(names[:SHOWN])}, ..."
    parts = [guess, f"there are: {listed}" if listed else "", f"({way_out})" if way_out else ""]
    error = UnknownName(f"unknown {kind} {word!r}; {' '.join(filter(None, parts))}")
    error.kind, error.word, error.registered = kind, word, bool(way_out)
    return error


def parse(text: str) -> tuple[str, dict[str, Any]]:
    """Split `name[key=value,flag]` into the name and its parameters; a flag alone is True.

    Raises InputError where the brackets don't close or a parameter is given twice.
    """
    text = text.strip()
    name, bracket, rest = text.partition("[")
    if not bracket:
        if "]" in text or not text:
            raise InputError(f"can't read the name {text!r}; write name or name[key=value,flag]")
        return name, {}
    if not rest.endswith("]") or not name:
        raise InputError(f"can't read the name {text!r}; write name[key=value,flag]")
    parameters: dict[str, Any] = {}
    for part in split(rest[:-1], text):
        # a name with parameters of its own stands for itself: lookahead[adam[beta1=0.8]]
        key, equals, value = (
            (part, "", "") if "[" in part.partition("=")[0] else part.partition("=")
        )
        key = key.strip()
        if not key or key in parameters:
            raise InputError(
                f"can't read the name {text!r}: parameter {key!r} is empty or given twice"
            )
        parameters[key] = _value(value.strip()) if equals else True
    return name, parameters


def split(text: str, whole: str = "") -> list[str]:
    """Cut at the commas outside brackets: `sgd,adam[beta1=0.9,eps=1e-6]` has two parts."""
    parts: list[str] = []
    depth = begin = 0
    for i, letter in enumerate(text):
        depth += (letter == "[") - (letter == "]")
        if depth < 0:
            break
        if letter == "," and depth == 0:
            parts.append(text[begin:i])
            begin = i + 1
    if depth != 0:
        raise InputError(f"can't read {whole or text!r}: its brackets don't match")
    return [part.strip() for part in (*parts, text[begin:]) if part.strip()]


def write(
    name: str,
    parameters: Mapping[str, Any],
    defaults: Mapping[str, Any],
    inside: Iterable[str] = (),
) -> str:
    """The canonical name: what stands inside, then parameters that differ from their default, keys
    sorted.
    """
    shown = [
        key
        if value is True
        else f"{key}={value!r}"
        if isinstance(value, float)
        else f"{key}={value}"
        for key, value in sorted(parameters.items())
        if value != defaults[key]
    ]
    shown = [*inside, *shown]
    return f"{name}[{','.join(shown)}]" if shown else name


def fill(
    kind: str, name: str, given: Mapping[str, Any], defaults: Mapping[str, Any]
) -> dict[str, Any]:
    """The defaults overwritten by what was given, each converted to its default's type.

    Raises InputError for an unknown parameter, a value of another kind, or one that isn't finite.
    """
    values = dict(defaults)
    for key, value in given.items():
        if key not in defaults:
            raise unknown(f"{kind} of {name}", key, defaults)
        values[key] = _like(f"{name}[{key}={value}]", value, defaults[key])
    return values


def _value(text: str) -> object:
    if text in ("True", "False"):
        return text == "True"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _like(where: str, value: object, default: object) -> object:
    if default is None:
        return value
    wanted = type(default)
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"{where}: the value must be finite")
    if wanted is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError as error:
            raise InputError(f"{where}: the value must be finite") from error
    if wanted is int and isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, wanted) and isinstance(value, bool) == (wanted is bool):
        return value
    raise InputError(f"{where}: expected a value like {default!r} ({wanted.__name__})")
