"""What one row of a check concerns: a case, a problem and an optimizer at a learning rate."""

from typing import NamedTuple

ANY = "*"
"""In place of a name: the finding concerns all of them."""


class Case(NamedTuple):
    """What is compared: a problem and an optimizer at a learning rate (a text), under a schedule,
    in a dtype.
    """

    problem: str
    optimizer: str
    lr: str = ANY
    schedule: str = "constant"
    dtype: str = "float64"

    @property
    def variant(self) -> str:
        """Schedule and dtype, as far as they aren't the usual ones."""
        usual = {"constant", "float64"}
        return ", ".join(name for name in (self.schedule, self.dtype) if name not in usual)
