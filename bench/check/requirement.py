"""How a requirement says that it isn't met: by an exception of its own, which `python -O` can't
strip as it does `assert`.
"""


class Unmet(AssertionError):
    """A requirement isn't met; the text says why. An AssertionError, as a test that calls the
    requirement expects.
    """


def require(met: object, reason: str) -> None:
    """Raise Unmet with the reason unless `met` is true."""
    if not met:
        raise Unmet(reason)
