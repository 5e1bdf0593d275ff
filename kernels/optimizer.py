"""An optimizer: an update rule with its settings, its kernel, and the state that it keeps beside
x.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from . import grammar, ranges
from .compose import Chain, update_kernel
from .rule import Rule

if TYPE_CHECKING:
    from .walk import Walk


@dataclass(frozen=True, eq=False)
class Optimizer:
    """An update rule with its settings, and the rule that it wraps or hands other tensors to
    (`partner`).

    family : the rule's or the preset's name.  settings : the rule's own without lr, defaults
    written out.
    lr : the learning rate that centres the default grid, None for a rule without one; with one_lr
    it is the only one.
    preset : the default settings, flat, of a preset; None for a rule by its own name.
    """

    family: str
    rule: Rule
    settings: Mapping[str, Any]
    lr: float | None
    partner: "Optimizer | None" = None
    preset: Mapping[str, Any] | None = None
    one_lr: bool = False

    @property
    def name(self) -> str:
        """The name in the grammar: `adam[beta1=0.95]`, `lookahead[adam,every=6]`. lr is left out, a
        run's own, unless the name was asked for with one: `adam[lr=0.1]`,
        `lookahead[adam[lr=0.1]]`.
        """
        wrapped = self.partner if self.rule.wraps else None
        given = {"lr": self.lr} if self.one_lr and not wrapped else {}
        if self.preset is not None:
            own = {"lr": self.lr} if self.one_lr else {}
            return grammar.write(
                self.family, {**self.flat, **own}, {**self.preset, **dict.fromkeys(own)}
            )
        inside = [wrapped.name] if wrapped else []
        return grammar.write(
            self.family,
            {**self.settings, **given},
            {**self.rule.settings, **dict.fromkeys(given)},
            inside,
        )

    def at_one_lr(self) -> "Optimizer":
        """The same rule, whose learning rate is part of its name and not swept. A wrapper's is the
        wrapped rule's.
        """
        if self.lr is None:
            return self
        partner = self.partner.at_one_lr() if self.rule.wraps and self.partner else self.partner
        return replace(self, partner=partner, one_lr=True)

    @property
    def flat(self) -> dict[str, Any]:
        """All settings, the wrapped rule's included; where both have a name it is the wrapper's."""
        inner = self.partner.flat if self.rule.wraps and self.partner else {}
        return {**inner, **self.settings}

    @property
    def written(self) -> dict[str, Any]:
        """All settings as they are kept with a run: the partner's under its family."""
        inner = self.partner.family if self.partner else ""
        inner += "[]" * (inner in self.settings)  # a setting may be called as a rule is
        return {**self.settings, **({inner: self.partner.written} if self.partner else {})}

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
        """The rule and its partners'."""
        return [self.rule, *(self.partner.rules if self.partner else [])]

    @property
    def functions(self) -> list[Callable]:
        """The rule's function and its partners'."""
        return self.chain.functions

    @cached_property
    def chain(self) -> Chain:
        """The code without the settings."""
        return Chain(self.rule, self.partner.chain if self.partner else None)

    @property
    def evaluations(self) -> int:
        """Gradient evaluations an update; 0 where they differ from update to update."""
        if self.chain.uses("fun"):
            return 0
        inner = self.partner.evaluations if self.rule.wraps and self.partner else 1
        return inner + (self.rule.wraps == "probe")

    def configured(self, **given: object) -> "Optimizer":
        """The same rule with other settings; `lr` moves the centre of its default grid.

        A setting that a wrapper doesn't have is the wrapped rule's. Raises InputError for unknown
        settings, for values of another kind, and for those out of the setting's range.
        """
        own, inner = {}, {}
        wrapped = self.partner if self.rule.wraps else None
        for key, value in given.items():
            (
                inner
                if wrapped and key not in self.settings and (key in wrapped.flat or key == "lr")
                else own
            )[key] = value
        defaults = self.settings if self.lr is None or wrapped else {**self.settings, "lr": self.lr}
        values = grammar.fill("setting", self.family, own, defaults)
        lr = values.pop("lr", self.lr)
        partner = wrapped.configured(**inner) if wrapped and inner else self.partner
        lr = partner.lr if wrapped and partner else lr
        if lr is not None and not lr > 0:
            raise grammar.InputError(f"{self.family}[lr={lr}]: a learning rate must be positive")
        for slot in self.rule.shapes:
            for word in self.rule.shapes[slot]:
                if word in values and values[word] < 1:
                    raise grammar.InputError(
                        f"{self.family}[{word}={values[word]}]: the size of a slot, at least 1"
                    )
        # a wrapper's lr is held by the rule that it wraps
        ranges.hold(
            self.family, values if lr is None or wrapped else {"lr": lr, **values}, self.rule.ranges
        )
        return replace(self, settings=values, lr=lr, partner=partner)

    def around(self, inner: "Optimizer") -> "Optimizer":
        """The wrapper around another rule, whose lr is its own. Raises InputError where it uses an
        lr that the other hasn't.
        """
        if "lr" in self.rule.words and inner.lr is None:
            raise grammar.InputError(
                f"{self.family} uses the learning rate of what it wraps, and {inner.name} has none"
            )
        return replace(self, partner=inner, lr=inner.lr, one_lr=inner.one_lr)

    def kernel(self, dtype: str = "float64") -> Callable:
        """The rule compiled over lanes: the update signature of signatures.py."""
        return update_kernel(self.chain, dtype)

    def setting_values(self, minimum: float | None = None) -> np.ndarray:
        """The settings as the kernel gets them, float64, the partner's last; minimum : f*, 0 where
        unknown.
        """
        own = [float(value) for value in self.settings.values()]
        own += [0.0 if minimum is None else minimum] * ("minimum" in self.rule.words)
        return np.concatenate([own, self.partner.setting_values(minimum) if self.partner else []])

    def initial_state(self, x: np.ndarray, layout: np.ndarray) -> np.ndarray:
        """The slots before step 1 for x (n, L): (rows, L). Slots shaped like x come first, one
        below the other.
        """
        lanes = x.shape[1]
        blocks = [self._initial(slot, x) for slot in self.rule.plain]
        other = self.partner if self.partner and not self.rule.wraps else None
        blocks += [other._initial(slot, x) for slot in other.rule.plain] if other else []
        for part in self.rule.parts(layout):
            for slot in self.rule.declared:
                size = int(np.prod(self.rule.extents(slot, part, self.settings)))
                blocks.append(np.full((size, lanes), self._beginning(slot), x.dtype))
        blocks += (
            [self.partner.initial_state(x, layout)] if self.partner and self.rule.wraps else []
        )
        return np.concatenate(blocks) if blocks else np.zeros((0, lanes), x.dtype)

    def slot_rows(self, layout: np.ndarray) -> dict[str, np.ndarray]:
        """The rows of the state that hold each slot, tensor after tensor; a partner's slots as
        `adam.m`.
        """
        n = int((layout[:, 1] * layout[:, 2]).sum())
        rows = {slot: np.arange(k * n, (k + 1) * n) for k, slot in enumerate(self.rule.plain)}
        at = len(rows) * n
        other = self.partner if self.partner and not self.rule.wraps else None
        for slot in other.rule.plain if other else ():
            rows[f"{other.family}.{slot}"] = np.arange(at, at + n)  # type: ignore[union-attr]
            at += n
        found: dict[str, list[np.ndarray]] = {slot: [] for slot in self.rule.declared}
        for part in self.rule.parts(layout):
            for slot in self.rule.declared:
                size = int(np.prod(self.rule.extents(slot, part, self.settings)))
                found[slot].append(np.arange(at, at + size))
                at += size
        rows |= {slot: np.concatenate([np.zeros(0, int), *parts]) for slot, parts in found.items()}
        if self.partner and self.rule.wraps:
            inner = self.partner.slot_rows(layout)
            rows |= {f"{self.partner.family}.{slot}": at + own for slot, own in inner.items()}
        return {
            slot: rows[slot]
            for slot in (*self.rule.slots, *(word for word in rows if word not in self.rule.slots))
        }

    @property
    def reported(self) -> str | None:
        """The slot at which the loss is evaluated, as slot_rows names it; None means x itself."""
        if self.rule.reported:
            return self.rule.reported
        inner = self.partner.reported if self.partner and self.rule.wraps else None
        return inner and f"{self.partner.family}.{inner}"  # type: ignore[union-attr]

    def reported_row(self, layout: np.ndarray) -> int:
        """The first row of the state that holds the reported point, -1 where it is x itself."""
        return int(self.slot_rows(layout)[self.reported][0]) if self.reported else -1

    def start(self, x0, problem=None, shapes=None, dtype: str = "float64", seed: int = 0) -> "Walk":
        """One run by hand, from x0 (n,): see Walk. Problem, shapes and seed are for rules that
        evaluate or know tensors.
        """
        from .walk import Walk

        return Walk(self, x0, problem=problem, shapes=shapes, dtype=dtype, seed=seed)

    def _beginning(self, slot: str) -> float:
        value = self.rule.init.get(slot, 0.0)
        return float(self.settings[value]) if isinstance(value, str) else float(value)

    def _initial(self, slot: str, x: np.ndarray) -> np.ndarray:
        return (
            x.copy() if self.rule.init.get(slot) == "x" else np.full_like(x, self._beginning(slot))
        )

    def __copy__(self) -> "Optimizer":
        return self  # nothing of it can be changed

    def __deepcopy__(self, memo: dict) -> "Optimizer":
        return self

    def __repr__(self) -> str:
        return f"<optimizer {self.name}, lr={self.lr}, from {self.owner}>"
