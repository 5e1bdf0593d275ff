"""The code of an optimizer without its settings: the rule, and the one that it wraps or falls back
to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .rule import Rule


@dataclass(frozen=True, eq=False)
class Chain:
    """A rule and what it wraps, or hands the tensors to that aren't matrices. Equal chains share a
    kernel.
    """

    rule: Rule
    wrapped: "Chain | None" = None
    fallback: "Chain | None" = None

    @property
    def other(self) -> "Chain | None":
        """The second of its rules, whichever it is: the wrapped one or the fallback."""
        return self.wrapped or self.fallback

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What equal chains have in common."""
        return (
            self.rule.key,
            self.wrapped and self.wrapped.key,
            self.fallback and self.fallback.key,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Chain) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def name(self) -> str:
        """The rules' names, nested."""
        return self.rule.name + (f"[{self.other.name}]" if self.other else "")

    @property
    def functions(self) -> list[Callable[..., Any]]:
        """The rules' functions, outermost first."""
        return [self.rule.function, *(self.other.functions if self.other else [])]

    @property
    def declared(self) -> list[tuple[object, ...]]:
        """What the decorators say beside the code, for a run's identity."""
        rule = self.rule
        own = (
            rule.per,
            rule.wraps,
            sorted(rule.shapes.items()),
            sorted(rule.init.items()),
            rule.reported,
        )
        return [own, *(self.other.declared if self.other else [])]

    @property
    def depth(self) -> int:
        """How many rules it wraps, one in the other."""
        return 1 + self.wrapped.depth if self.wrapped else 0

    def uses(self, argument: str) -> bool:
        """Whether any rule of the chain names that argument."""
        return argument in self.rule.parameters or bool(self.other and self.other.uses(argument))
