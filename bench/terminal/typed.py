"""What a user typed, as text."""

import os


def as_typed(argument: str) -> str:
    """A name given on the command line, read as UTF-8 where Python could only read it in the
    locale's narrower encoding.
    """
    try:
        return os.fsencode(argument).decode()
    except UnicodeError:
        return argument
