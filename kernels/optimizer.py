"""An optimizer: an update rule with its settings, its kernel, and the state that it keeps beside
x.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from . import grammar, ranges, state
from .chain import Chain
from .rule import Rule
from .update_kernel import update_kernel

if TYPE_CHECKING:
    from .walk import Walk


@dataclass(frozen=True, eq=False)
class Optimizer:
    """An update rule with its settings.

    family : the rule's or the preset's name.  settings : the rule's own without lr, defaults
    written out.
    lr : the learning rate that centres the default grid, None for a rule without one; with one_lr
    it is the only one.
    wrapped : the optimizer that a wrapper wraps.  fallback : the one for tensors that aren't
    matrices. At most one of the two is there.
    preset : the default settings, flat, of a preset; None for a rule by its own name.
    """

    family: str
    rule: Rule
    settings: Mapping[str, Any]
    lr: float | None
    wrapped: "Optimizer | None" = None
    fallback: "Optimizer | None" = None
    preset: Mapping[str, Any] | None = None
    one_lr: bool = False

    @property
    def name(self) -> str:
        """The name in the grammar: `adam[beta1=0.95]`, `lookahead[adam,every=6]`. lr is left out, a
        run's own, unless the name was asked for with one: `adam[lr=0.1]`,
        `lookahead[adam[lr=0.1]]`.
        """
        rate = {"lr": self.lr} if self.one_lr else {}
        asked = dict.fromkeys(rate)  # None, so that the rate differs from it and is written
        if self.preset is not None:
            return grammar.write(self.family, {**self.flat, **rate}, {**self.preset, **asked})
        if self.wrapped:
            return grammar.write(
                self.family, self.settings, self.rule.settings, [self.wrapped.name]
            )
        return grammar.write(
            self.family, {**self.settings, **rate}, {**self.rule.settings, **asked}
        )

    def at_one_lr(self) -> "Optimizer":
        """The same rule, whose learning rate is part of its name and not swept. A wrapper's is the
        wrapped rule's.
        """
        if self.lr is None:
            return self
        return replace(self, wrapped=self.wrapped and self.wrapped.at_one_lr(), one_lr=True)

    @property
    def other(self) -> "Optimizer | None":
        """The second of its rules, whichever it is: the wrapped one or the fallback."""
        return self.wrapped or self.fallback

    @property
    def flat(self) -> dict[str, Any]:
        """All settings, the wrapped rule's included; where both have a name it is the wrapper's."""
        return {**(self.wrapped.flat if self.wrapped else {}), **self.settings}

    @property
    def written(self) -> dict[str, Any]:
        """All settings as they are kept with a run: the second rule's under its family."""
        if self.other is None:
            return dict(self.settings)
        family = self.other.family
        if family in self.settings:  # a setting may be called as a rule is
            family += "[]"
        return {**self.settings, family: self.other.written}

    @property
    def source(self) -> str:
        """Where the rule comes from: the first paragraph of its docstring."""
        return " ".join((self.rule.function.__doc__ or "").strip().split("\n\n")[0].split())

    @property
    def owner(self) -> str:
        """The module that brought the rule."""
        return self.rule.function.__module__

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of the rule's own slots."""
        return self.rule.slots

    @property
    def rules(self) -> list[Rule]:
        """The rule, and all that it wraps or falls back to."""
        return [self.rule, *(self.other.rules if self.other else [])]

    @property
    def functions(self) -> list[Callable[..., Any]]:
        """The functions of `rules`."""
        return self.chain.functions

    @cached_property
    def chain(self) -> Chain:
        """The code without the settings."""
        return Chain(
            self.rule, self.wrapped and self.wrapped.chain, self.fallback and self.fallback.chain
        )

    @property
    def evaluations(self) -> int:
        """Gradient evaluations an update; 0 where they differ from update to update."""
        if self.chain.uses("fun"):
            return 0
        inner = self.wrapped.evaluations if self.wrapped else 1
        return inner + (self.rule.wraps == "probe")

    def configured(self, **given: object) -> "Optimizer":
        """The same rule with other settings; `lr` moves the centre of its default grid.

        A setting that a wrapper doesn't have is the wrapped rule's. Raises InputError for unknown
        settings, for values of another kind, and for those out of the setting's range.
        """
        wrapped, lr = self.wrapped, self.lr
        if wrapped is None:
            defaults = self.settings if lr is None else {**self.settings, "lr": lr}
            values = grammar.fill("setting", self.family, given, defaults)
            lr = values.pop("lr", lr)
        else:
            inner = {
                name: value
                for name, value in given.items()
                if name not in self.settings and (name in wrapped.flat or name == "lr")
            }
            own = {name: value for name, value in given.items() if name not in inner}
            values = grammar.fill("setting", self.family, own, self.settings)
            wrapped = wrapped.configured(**inner) if inner else wrapped
            lr = wrapped.lr
        if lr is not None and not lr > 0:
            raise grammar.InputError(f"{self.family}[lr={lr}]: a learning rate must be positive")
        self._hold_sizes(values)
        # a wrapper's lr is held by the rule that it wraps
        rate = {} if lr is None or wrapped else {"lr": lr}
        ranges.hold(self.family, {**rate, **values}, self.rule.ranges)
        return replace(self, settings=values, lr=lr, wrapped=wrapped)

    def _hold_sizes(self, values: Mapping[str, Any]) -> None:
        """Raise InputError where a setting that is a slot's size is less than 1."""
        for shape in self.rule.shapes.values():
            for extent in shape:
                if isinstance(extent, str) and values.get(extent, 1) < 1:
                    raise grammar.InputError(
                        f"{self.family}[{extent}={values[extent]}]: the size of a slot, at least 1"
                    )

    def around(self, inner: "Optimizer") -> "Optimizer":
        """The wrapper around another rule, whose lr is its own. Raises InputError where it uses an
        lr that the other hasn't.
        """
        if "lr" in self.rule.parameters and inner.lr is None:
            raise grammar.InputError(
                f"{self.family} uses the learning rate of what it wraps, and {inner.name} has none"
            )
        return replace(self, wrapped=inner, lr=inner.lr, one_lr=inner.one_lr)

    def kernel(self, dtype: str = "float64", guarded: bool = True) -> Callable[..., None]:
        """The rule compiled over lanes: the update signature of signatures.py.

        guarded : an exception of a rule over matrices ends its run; without, it reaches the caller.
        """
        return update_kernel(self.chain, dtype, guarded)

    def setting_values(self, minimum: float | None = None) -> np.ndarray:
        """The settings as the kernel gets them, float64, the second rule's last; minimum : f*, 0
        where unknown.
        """
        own = [float(value) for value in self.settings.values()]
        if "minimum" in self.rule.parameters:
            own.append(0.0 if minimum is None else minimum)
        return np.concatenate([own, self.other.setting_values(minimum) if self.other else []])

    @property
    def reported(self) -> str | None:
        """The slot at which the loss is evaluated, as slot_rows names it; None means x itself."""
        if self.rule.reported or self.wrapped is None:
            return self.rule.reported
        inner = self.wrapped.reported
        return inner and f"{self.wrapped.family}.{inner}"

    def initial_state(self, x: np.ndarray, layout: np.ndarray) -> np.ndarray:
        """The slots before step 1: see state.py."""
        return state.initial_state(self, x, layout)

    def slot_rows(self, layout: np.ndarray) -> dict[str, np.ndarray]:
        """The rows of the state that hold each slot: see state.py."""
        return state.slot_rows(self, layout)

    def reported_row(self, layout: np.ndarray) -> int:
        """The first row of the reported point in the state, -1 where it is x: see state.py."""
        return state.reported_row(self, layout)

    def start(
        self,
        x0: Any,
        problem: Any = None,
        shapes: Any = None,
        dtype: str = "float64",
        seed: int = 0,
    ) -> "Walk":
        """One run by hand, from x0 (n,): see Walk. Problem, shapes and seed are for rules that
        evaluate or know tensors.
        """
        from .walk import Walk

        return Walk(self, x0, problem=problem, shapes=shapes, dtype=dtype, seed=seed)

    def __copy__(self) -> "Optimizer":
        return self  # nothing of it can be changed

    def __deepcopy__(self, memo: dict[int, object]) -> "Optimizer":
        return self

    def __repr__(self) -> str:
        return f"<optimizer {self.name}, lr={self.lr}, from {self.owner}>"
