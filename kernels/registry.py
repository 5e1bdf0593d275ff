"""THE OPTIMIZER API: `@optimizer` turns a paper's line into a plugin. The signature says
everything.

    @optimizer
    def momentum(x, g, t, m, lr=1e-2, momentum=0.9): ...
        return x - lr * m, m

The rule is scalar, one coordinate of one run. `x`, `g` come first; `t` (the update's number, a
float), `scale` (the schedule's multiplier, which lr already contains), `loss` (at x) and `minimum`
(the problem's f*, 0 where unknown) are given to a rule that names them; further names without
default are slots, names with default are settings, `lr` among them. It returns the new x, then the
slots, in their order.

A rule that needs random numbers names `normal` (standard normal) or `uniform` (from 0 to below 1).
Each coordinate gets one at every update, a function of the run's seed, the update and the
coordinate alone: the same for every rule, setting, learning rate and problem, however many lanes or
threads. A wrapper's are others than those of the rule that it wraps.

    @optimizer
    def sgld(x, g, normal, lr=1e-3, temperature=1e-4):
        return x - lr * g + sqrt(2 * lr * temperature) * normal

Settings have ranges, by name in ranges.py; a rule declares those of others, `ranges={"temperature":
"[0, inf) log"}`.

Rules that need more than a coordinate say so, and change arrays in place instead of returning:

    @optimizer(per="run")          all of x, (n,)
    @optimizer(per="tensor")       each parameter tensor, flat
    @optimizer(per="matrix")       each tensor of rank 2 or more as (rows, columns); with
    otherwise="adamw" the other
                                   tensors go to that rule, without it they come as one column
    slots={"left": ("rows", "rows"), "norm": ()}    slots not shaped like x; () is one number, an
    array of length 1

`normal` and `uniform` are then arrays shaped like x. A rule per run may name `fun`: `loss =
fun(point, slope)` evaluates the same mini-batch and noise again and counts it.

    @optimizer(wraps="point", partner="adam")       a wrapper of any rule, `lookahead[adam]`; see
    rule.WRAPS
"""

import copyreg
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, overload

from . import grammar, pickling, redefinition
from .optimizer import Optimizer
from .rule import RATIO, Rule, read

_registry: dict[str, Optimizer] = {}


@overload
def optimizer(rule: Callable) -> Optimizer: ...
@overload
def optimizer(
    *,
    per: str = "coordinate",
    otherwise: str | None = None,
    wraps: str | None = None,
    partner: str | None = None,
    slots: Mapping[str, tuple] | None = None,
    init: Mapping[str, float | str] | None = None,
    reported: str | None = None,
    ranges: Mapping[str, str | tuple[float, float] | None] | None = None,
) -> Callable[[Callable], Optimizer]: ...
def optimizer(
    rule=None,
    *,
    per="coordinate",
    otherwise=None,
    wraps=None,
    partner=None,
    slots=None,
    init=None,
    reported=None,
    ranges=None,
) -> Any:
    """Register an update rule (module docstring). Compilation waits until it is first used.

    per : "coordinate", "run", "tensor" or "matrix".  otherwise : the rule for tensors that aren't
    matrices.
    wraps : what a wrapper makes, "gradient", "point", "mask" or "probe".  partner : the rule it
    wraps unless told.
    slots : shapes of slots not shaped like x.  init : slots that don't begin at zero: a number, a
    setting or "x".
    reported : the slot to evaluate.  ranges : of settings, see ranges.py.
    Raises InputError where the signature can't be read, a default is out of its range, or another
    owner has the name.
    """

    def register(function: Callable) -> Optimizer:
        if wraps and not partner:
            raise grammar.InputError(
                f"optimizer {function.__name__!r}: a wrapper names the rule it wraps by default:"
                " partner="
            )
        if otherwise and per != "matrix":
            raise grammar.InputError(
                f'optimizer {function.__name__!r}: otherwise= is for rules per="matrix"'
            )
        return _register(
            read(
                function,
                per,
                wraps,
                otherwise or partner,
                slots or {},
                init or {},
                reported,
                ranges or {},
            )
        )

    return register if rule is None else register(rule)


def _register(rule: Rule) -> Optimizer:
    other = _named(rule.partner) if rule.partner and not rule.wraps else None
    if other is not None:
        if (
            other.rule.per != "coordinate"
            or other.rule.wraps
            or {"loss", "minimum"} & {*other.rule.words}
        ):
            raise grammar.InputError(
                f"optimizer {rule.name!r}: otherwise={rule.partner!r} must be a rule per coordinate"
            )
        rule = replace(
            rule,
            settings={**rule.settings, RATIO: float(f"{(other.lr or 1.0) / (rule.lr or 1.0):.3g}")},
        )
    made = Optimizer(rule.name, rule, rule.settings, rule.lr, other)
    known = _registry.get(rule.name)
    if known is not None and known.owner != made.owner:
        raise grammar.InputError(
            f"optimizer {rule.name!r} is registered twice: by {known.owner} and by {made.owner}"
        )
    reason = redefinition.mistaken(known.rule.function, rule.function) if known else None
    if reason:
        raise grammar.InputError(f"optimizer {rule.name!r} is registered twice: {reason}")
    _registry[rule.name] = made
    pickling.remember(rule.function)
    return made


def _named(name: str) -> Optimizer:
    """A rule by name, its module imported if it is ours."""
    family, _ = grammar.parse(name)
    if (
        family not in _registry
        and family.isidentifier()
        and importlib.util.find_spec(f"{__package__}.update.{family}")
    ):
        importlib.import_module(f"{__package__}.update.{family}")
    return find(name)


def registered() -> dict[str, Optimizer]:
    """All rules registered so far, by name, sorted."""
    return dict(sorted(_registry.items()))


def finds(made: Optimizer, settings: Mapping[str, object]) -> bool:
    """Whether its name and these settings find that very optimizer, and no other of the name."""
    try:
        again = find(made.name, **settings)
    except grammar.InputError:
        return False
    alike = (again.name, again.written, again.lr, again.one_lr) == (
        made.name,
        made.written,
        made.lr,
        made.one_lr,
    )
    return alike and again.functions == made.functions


def find(name: str, **settings: object) -> Optimizer:
    """The optimizer of that name in the grammar, with settings. Raises InputError (a ValueError)
    for unknown words.

    An lr in the name is that one rate, `adam[lr=0.1]`; one among the settings centres the default
    grid.
    """
    family, given = grammar.parse(name)
    made = _find(family, given, settings)
    return made.at_one_lr() if "lr" in given and "lr" not in settings else made


def _find(family: str, words: Mapping[str, Any], settings: Mapping[str, object]) -> Optimizer:
    from .presets import PRESETS

    given = dict(words)
    if family in PRESETS:
        ours, values, lr = PRESETS[family]
        values = dict(values)
        other = values.pop("otherwise", None)
        made = _named(ours).configured(**values, **({} if lr is None else {"lr": lr}))
        made = replace(made, partner=find(other)) if other else made
        return replace(made, family=family, preset=made.flat).configured(**{**given, **settings})
    if family not in _registry:
        way_out = "optbench list optimizers"
        raise grammar.unknown(
            "optimizer", family, [*_registry, *(PRESETS if ":" in family else ())], way_out
        )
    made = _registry[family]
    if made.rule.wraps:
        bare = [
            word for word, value in given.items() if value is True and word not in made.settings
        ]
        named = [word for word in bare if grammar.parse(word)[0] in {**_registry, **PRESETS}]
        if len(named) > 1:
            raise grammar.InputError(f"{family} wraps one optimizer, not {' and '.join(named)}")
        inside = named or bare[:1]  # other bare words are the wrapped rule's flags
        if inside:
            del given[inside[0]]
        made = made.around(_named(inside[0] if inside else str(made.rule.partner)))
    return made.configured(**{**given, **settings})


def _reduced(made: Optimizer) -> tuple:
    """How pickle writes an optimizer: by its name, with the modules that register it, or by value
    where nobody else has it.
    """
    # its one lr is in the name; another centres the grid
    settings = {} if made.lr is None or made.one_lr else {"lr": made.lr}
    if finds(made, settings) and pickling.by_name(made.functions):
        return pickling.found(find, made.name, settings, made.functions)
    pickling.by_value("optimizer", made.name)
    return Optimizer, (
        made.family,
        made.rule,
        made.settings,
        made.lr,
        made.partner,
        made.preset,
        made.one_lr,
    )


copyreg.pickle(Optimizer, _reduced)
