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
    @optimizer(per="matrix")       each tensor of rank 2 or more as (rows, columns)

Of a rule per matrix, `otherwise="adamw"` names the rule that the other tensors go to; without it
they come as one column. Slots need not be shaped like x, `()` is one number, an array of length 1:

    slots={"left": ("rows", "rows"), "norm": ()}

`normal` and `uniform` are then arrays shaped like x. A rule per run may name `fun`: `loss =
fun(point, slope)` evaluates the same mini-batch and noise again and counts it.

A wrapper of any rule, `lookahead[adam]`, says what it makes (rule.WRAPS) and what it wraps unless
another is named:

    @optimizer(wraps="point", partner="adam")
"""

import copyreg
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, overload

from . import grammar, pickling, redefinition
from .declaration import Declaration, read
from .optimizer import Optimizer
from .rule import RATIO, Rule

_registry: dict[str, Optimizer] = {}


@overload
def optimizer(rule: Callable[..., Any]) -> Optimizer: ...
@overload
def optimizer(
    *,
    per: str = "coordinate",
    otherwise: str | None = None,
    wraps: str | None = None,
    partner: str | None = None,
    slots: Mapping[str, tuple[int | str, ...]] | None = None,
    init: Mapping[str, float | str] | None = None,
    reported: str | None = None,
    ranges: Mapping[str, str | tuple[float, float] | None] | None = None,
) -> Callable[[Callable[..., Any]], Optimizer]: ...
def optimizer(
    rule: Callable[..., Any] | None = None,
    *,
    per: str = "coordinate",
    otherwise: str | None = None,
    wraps: str | None = None,
    partner: str | None = None,
    slots: Mapping[str, tuple[int | str, ...]] | None = None,
    init: Mapping[str, float | str] | None = None,
    reported: str | None = None,
    ranges: Mapping[str, Any] | None = None,
) -> Any:
    """Register an update rule (module docstring). Compilation waits until it is first used.

    per : "coordinate", "run", "tensor" or "matrix".  otherwise : the rule for tensors that aren't
    matrices.
    wraps : what a wrapper makes, "gradient", "point", "mask" or "probe".  partner : the rule that
    it wraps where its name says none.
    slots : shapes of slots not shaped like x.  init : slots that don't begin at zero: a number, a
    setting or "x".
    reported : the slot to evaluate.  ranges : of settings, see ranges.py.
    Raises InputError where the signature can't be read, a default is out of its range, or another
    owner has the name.
    """
    said = Declaration(
        per=per,
        wraps=wraps,
        wrapped=partner,
        fallback=otherwise,
        slots=slots or {},
        init=init or {},
        reported=reported,
        ranges=ranges or {},
    )

    def register(function: Callable[..., Any]) -> Optimizer:
        _hold_second_rule(function.__name__, said)
        return _register(read(function, said))

    return register if rule is None else register(rule)


def _hold_second_rule(name: str, said: Declaration) -> None:
    """Raise InputError where the rule to wrap, or the one for other tensors, is missing or has no
    place.
    """
    reason = None
    if said.wraps and not said.wrapped:
        reason = "a wrapper names the rule it wraps by default: partner="
    elif said.fallback and said.per != "matrix":
        reason = 'otherwise= is for rules per="matrix"'
    elif said.fallback and said.wraps:
        reason = "otherwise= is not for wrappers: what they wrap updates the other tensors"
    elif said.wrapped and not said.wraps:
        reason = (
            "partner= is the rule that a wrapper wraps, and wraps= isn't there; the rule for other"
            " tensors than matrices is otherwise="
        )
    if reason:
        raise grammar.InputError(f"optimizer {name!r}: {reason}")


def _register(rule: Rule) -> Optimizer:
    fallback = _named(rule.fallback) if rule.fallback else None
    if fallback is not None:
        rule = _with_ratio(rule, fallback)
    made = Optimizer(rule.name, rule, rule.settings, rule.lr, fallback=fallback)
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


def _with_ratio(rule: Rule, fallback: Optimizer) -> Rule:
    """The rule with a setting more, RATIO. Raises InputError where the fallback sees more of a run
    than a coordinate.
    """
    other = fallback.rule
    if other.per != "coordinate" or other.wraps or {"loss", "minimum"} & {*other.parameters}:
        raise grammar.InputError(
            f"optimizer {rule.name!r}: otherwise={rule.fallback!r} must be a rule per coordinate"
        )
    ratio = float(f"{(fallback.lr or 1.0) / (rule.lr or 1.0):.3g}")
    return replace(rule, settings={**rule.settings, RATIO: ratio})


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
    said, found = (
        (one.name, one.written, one.lr, one.one_lr, one.functions) for one in (made, again)
    )
    return said == found


def find(name: str, **settings: object) -> Optimizer:
    """The optimizer of that name in the grammar, with settings. Raises InputError (a ValueError)
    for unknown names and settings.

    An lr in the name is that one rate, `adam[lr=0.1]`; one among the settings centres the default
    grid.
    """
    family, given = grammar.parse(name)
    made = _find(family, given, settings)
    return made.at_one_lr() if "lr" in given and "lr" not in settings else made


def _find(family: str, given: Mapping[str, Any], settings: Mapping[str, object]) -> Optimizer:
    from .presets import PRESETS

    if family in PRESETS:
        return _preset(family).configured(**{**given, **settings})
    if family not in _registry:
        way_out = "optbench list optimizers"
        raise grammar.unknown(
            "optimizer", family, [*_registry, *(PRESETS if ":" in family else ())], way_out
        )
    made, given = _registry[family], dict(given)
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
        made = made.around(_named(inside[0] if inside else str(made.rule.wrapped)))
    return made.configured(**{**given, **settings})


def _preset(family: str) -> Optimizer:
    """Another library's values of one of our rules."""
    from .presets import PRESETS

    name, values, lr = PRESETS[family]
    settings = {word: value for word, value in values.items() if word != "otherwise"}
    rate = {} if lr is None else {"lr": lr}
    made = _named(name).configured(**settings, **rate)
    if "otherwise" in values:
        made = replace(made, fallback=find(values["otherwise"]))
    return replace(made, family=family, preset=made.flat)


def _reduced(made: Optimizer) -> tuple[Any, ...]:
    """How pickle writes an optimizer: by its name, with the modules that register it, or by value
    where nobody else has it.
    """
    # its one lr is in the name; another centres the grid
    settings = {} if made.lr is None or made.one_lr else {"lr": made.lr}
    if finds(made, settings) and pickling.by_name(made.functions):
        return pickling.found(find, made.name, settings, made.functions)
    pickling.by_value("optimizer", made.name)
    return pickling.by_fields(made)


copyreg.pickle(Optimizer, _reduced)
