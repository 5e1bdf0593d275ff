"""What an option's text means: names, learning rates, seeds. Raise InputError for a text that means
nothing.
"""

from ...kernels.grammar import InputError, split
from ..terminal.typed import as_typed


def names(given: tuple[str, ...]) -> list[str] | None:
    """The names of an option; None where it wasn't given, which means all."""
    found = [name for text in given for name in split(as_typed(text))]
    if given and not found:
        raise InputError(
            "an option's name is empty; leave the option out to mean all (optbench list)"
        )
    return found or None


def numbers(given: tuple[str, ...]) -> list[float] | None:
    """The learning rates of --lr; None where it wasn't given."""
    texts = [part for text in given for part in text.split(",") if part.strip()]
    if given and not texts:
        raise InputError("--lr is empty; leave it out to mean each optimizer's own grid")
    try:
        return [float(text) for text in texts] or None
    except ValueError as error:
        raise InputError(f"--lr takes numbers, not {','.join(given)!r}") from error


def seeds(text: str) -> int | list[int]:
    """What --seeds says: how many, or which."""
    try:
        found = [int(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise InputError(
            f"--seeds takes a whole number or a list such as 0,3,7, not {text!r}"
        ) from error
    if not found:
        raise InputError("--seeds is empty; give a number or a list such as 0,3,7")
    return found[0] if len(found) == 1 and "," not in text else found
