"""THE OPTIMIZER API: `@optimizer` turns a paper's line into a plugin. The signature says everything.

    @optimizer
    def momentum(x, g, t, m, lr=1e-2, momentum=0.9): ...
        return x - lr * m, m

The rule is scalar, one coordinate of one run. `x`, `g` come first; `t` (the update's number, a float), `scale` (the
schedule's multiplier of lr) and `loss` (at x) are given to a rule that names them; further names without default are
slots, names with default are settings, `lr` among them. It returns the new x, then the slots, in their order.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numba.core.errors import NumbaError

from . import grammar, sources
from .jit import compiled_once, inline, wrapped_kernel
from .signatures import update_signature

if TYPE_CHECKING:
    from .walk import Walk

GIVEN = ("x", "g", "t", "scale", "loss")
"""The arguments that the loop gives; all other names without default are slots."""

_registry: dict[str, "Optimizer"] = {}


@dataclass(frozen=True, eq=False)
class Optimizer:
    """An update rule with its settings.

    family : the rule's name.  settings : all but lr, defaults written out.  lr : the learning rate that centres the
    default grid, None for a rule without one.  slots : names of its state, each shaped like x.
    init : slots that don't begin at zero: a number, or "x" for the start.
    reported : the slot at which the loss is evaluated, for rules that average; None means x itself.
    """

    family: str
    rule: Callable
    slots: tuple[str, ...]
    settings: Mapping[str, Any]
    defaults: Mapping[str, Any]
    lr: float | None
    init: Mapping[str, float | str] = field(default_factory=dict)
    reported: str | None = None

    @property
    def name(self) -> str:
        """The name in the grammar, lr left out (it is a run's own): `adam[beta1=0.95]`."""
        return grammar.write(self.family, self.settings, self.defaults)

    @property
    def source(self) -> str:
        """Where the rule comes from: the first paragraph of its docstring."""
        return " ".join((inspect.getdoc(self.rule) or "").split("\n\n")[0].split())

    @property
    def owner(self) -> str:
        """The module that brought the rule."""
        return self.rule.__module__

    def configured(self, **given: object) -> "Optimizer":
        """The same rule with other settings; `lr` moves the centre of its default grid."""
        defaults = self.defaults if self.lr is None else {**self.defaults, "lr": self.lr}
        values = grammar.fill("setting", self.family, given, defaults)
        values = {**self.settings, **{key: values[key] for key in given}}
        lr = values.pop("lr", self.lr)
        if lr is not None and not lr > 0:  # type: ignore[operator]
            raise grammar.InputError(f"{self.family}[lr={lr}]: a learning rate must be positive")
        return replace(self, settings=values, lr=lr)

    def kernel(self, dtype: str = "float64") -> Callable:
        """The rule compiled over lanes: the update signature of signatures.py."""
        return _update_kernel(self.rule, self.slots, tuple(self.defaults), dtype)

    def setting_values(self) -> np.ndarray:
        """The settings as the kernel gets them: float64, in the order of the signature."""
        return np.array([float(value) for value in self.settings.values()])  # type: ignore[arg-type]

    def initial_state(self, x: np.ndarray) -> np.ndarray:
        """The slots before step 1 for x (n, L): (slots * n, L), one slot below the other."""
        state = np.zeros((len(self.slots) * x.shape[0], x.shape[1]), x.dtype)
        for slot, value in self.init.items():
            first = self.slots.index(slot) * x.shape[0]
            state[first : first + x.shape[0]] = x if value == "x" else value
        return state

    def reported_row(self, dim: int) -> int:
        """The first row of `state` that holds the reported point, -1 where it is x itself."""
        return -1 if self.reported is None else self.slots.index(self.reported) * dim

    @property
    def given(self) -> tuple[str, ...]:
        """Which of GIVEN the rule names."""
        return tuple(word for word in inspect.signature(self.rule).parameters if word in GIVEN)

    def start(self, x0, problem=None, shapes=None, dtype: str = "float64", seed: int = 0) -> "Walk":
        """One run by hand, from x0 (n,): see Walk. Problem, shapes and seed are for rules that evaluate or know tensors."""
        from .walk import Walk

        return Walk(self, x0, problem=problem, shapes=shapes, dtype=dtype, seed=seed)

    def __repr__(self) -> str:
        return f"<optimizer {self.name}, lr={self.lr}, from {self.owner}>"


@overload
def optimizer(rule: Callable) -> Optimizer: ...
@overload
def optimizer(
    *, init: Mapping[str, float | str] | None = None, reported: str | None = None
) -> Callable[[Callable], Optimizer]: ...
def optimizer(rule=None, *, init=None, reported=None) -> Any:
    """Register a scalar update rule (module docstring). Compilation waits until it is first used.

    init : initial values of slots that don't begin at zero, a number or "x".  reported : the slot to evaluate.
    Raises InputError where the signature can't be read or another owner has the name.
    """
    if rule is None:
        return lambda function: optimizer_of(function, init or {}, reported)
    return optimizer_of(rule, {}, None)


def optimizer_of(rule: Callable, init: Mapping[str, float | str], reported: str | None) -> Optimizer:
    """Read a rule's signature, register it and return the Optimizer."""
    name = rule.__name__
    parameters = list(inspect.signature(rule).parameters.values())
    if [p.name for p in parameters[:2]] != ["x", "g"]:
        raise grammar.InputError(f"optimizer {name!r}: its first arguments must be x, g")
    for p in parameters:
        if p.kind is not p.POSITIONAL_OR_KEYWORD:
            raise grammar.InputError(f"optimizer {name!r}: argument {p.name!r} must be a plain one, without * or **")
    plain = [p.name for p in parameters if p.default is p.empty]
    if "lr" in plain:
        raise grammar.InputError(f"optimizer {name!r}: lr needs a default, the centre of its grid")
    slots = tuple(word for word in plain if word not in GIVEN)
    defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    for word, value in defaults.items():
        if not isinstance(value, (bool, int, float)):
            raise grammar.InputError(f"optimizer {name!r}: the default of setting {word!r} must be a number")
    defaults = {word: value if isinstance(value, bool) else float(value) for word, value in defaults.items()}
    lr = defaults.pop("lr", None)
    for word in [*init, *([reported] if reported else [])]:
        if word not in slots:
            raise grammar.InputError(f"optimizer {name!r} has no slot {word!r}; its slots: {', '.join(slots) or 'none'}")
    made = Optimizer(name, rule, slots, defaults, defaults, lr, dict(init), reported)
    sources.remember(rule)
    known = _registry.get(name)
    if known is not None and known.owner != made.owner:
        raise grammar.InputError(f"optimizer {name!r} is registered twice: by {known.owner} and by {made.owner}")
    _registry[name] = made
    return made


def registered() -> dict[str, Optimizer]:
    """All rules registered so far, by name, sorted."""
    return dict(sorted(_registry.items()))


def find(name: str, **settings: object) -> Optimizer:
    """The optimizer of that name in the grammar, with settings. Raises InputError (a ValueError) for unknown words."""
    family, given = grammar.parse(name)
    if family not in _registry:
        raise grammar.unknown("optimizer", family, _registry, "optbench list optimizers")
    return _registry[family].configured(**{**given, **settings})


@compiled_once
def _update_kernel(rule: Callable, slots: tuple, settings: tuple, dtype: str) -> Callable:
    source = wrapper_source(rule, slots, settings)
    try:
        return wrapped_kernel(source, {"rule": inline(rule)}, rule.__name__, update_signature(dtype), sources.jit_key(rule))
    except NumbaError as error:
        returns = ", ".join(["x", *slots])
        reason = " ".join(str(error).split())
        raise grammar.InputError(f"rule {rule.__name__!r} can't be compiled; it must return {returns}: {reason}") from error


def wrapper_source(rule: Callable, slots: tuple[str, ...], settings: tuple[str, ...]) -> str:
    """The kernel around a scalar rule: loops over coordinates and lanes, slots and settings unpacked.

    Operands are widened to float64 and rounded once on store, whatever the storage dtype (docs/decisions/0002).
    """
    places = {
        "x": "float(x[i, lane])",
        "g": "float(g[i, lane])",
        "t": "t",
        "scale": "scale",
        "loss": "loss[lane]",
        "lr": "scale * lr[lane]",
        **{slot: f"float(state[{_row(k)}, lane])" for k, slot in enumerate(slots)},
        **{setting: f"setting{k}" for k, setting in enumerate(settings)},
    }
    arguments = ", ".join(places[word] for word in inspect.signature(rule).parameters)
    # read before the loops: a store to x might change them, for all LLVM knows, and beta**t would not be hoisted
    unpacked = "".join(f"    setting{k} = settings[{k}]\n" for k in range(len(settings)))
    results = ", ".join(["x[i, lane]", *(f"state[{_row(k)}, lane]" for k in range(len(slots)))])
    return f'''"""{rule.__name__}: its scalar rule over coordinates and lanes (generated)."""


def kernel(x, g, loss, t, scale, state, settings, lr, layout, evaluate):
    n, lanes = x.shape
{unpacked}    for i in range(n):
        for lane in range(lanes):
            {results} = rule({arguments})
'''


def _row(slot: int) -> str:
    return f"{slot} * n + i" if slot else "i"
