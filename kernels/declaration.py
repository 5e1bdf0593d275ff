"""From a decorated function to its Rule: the signature is read, and what can't be meant is
refused.
"""

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from . import ranges
from .grammar import InputError
from .rule import EXTENTS, GIVEN, PER, WRAPS, Rule, Shape


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What the decorator says beside the signature; the fields are Rule's.

    ranges : of settings, as texts, pairs or Range; None for no range.
    """

    per: str = "coordinate"
    wraps: str | None = None
    wrapped: str | None = None
    fallback: str | None = None
    slots: Mapping[str, Shape] = field(default_factory=dict[str, Shape])
    init: Mapping[str, float | str] = field(default_factory=dict[str, float | str])
    reported: str | None = None
    ranges: Mapping[str, Any] = field(default_factory=dict[str, Any])


def read(function: Callable[..., Any], said: Declaration) -> Rule:
    """The Rule of a decorated function. Raises InputError where its signature or its decorator
    can't be read.
    """
    function = _plain(function)
    parameters = list(inspect.signature(function).parameters.values())
    _hold_form(function.__name__, parameters, said)
    given = {*GIVEN, "lr"} if said.wraps else {*GIVEN} - {"y"}
    settings = _settings(function.__name__, parameters)
    lr = settings.pop("lr", None)
    rule = Rule(
        name=function.__name__,
        function=function,
        parameters=tuple(p.name for p in parameters),
        per=said.per,
        wraps=said.wraps,
        wrapped=said.wrapped,
        fallback=said.fallback,
        slots=tuple(p.name for p in parameters if p.default is p.empty and p.name not in given),
        shapes={slot: tuple(shape) for slot, shape in said.slots.items()},
        init=dict(said.init),
        reported=said.reported,
        settings=settings,
        lr=lr,
        declared_ranges={},
    )
    _hold_slots(rule)
    _hold_names_of_ranges(rule, said.ranges)
    _hold_beginnings(rule)
    return _with_ranges(rule, said.ranges)


def _wrong(name: str, reason: str) -> InputError:
    return InputError(f"optimizer {name!r}: {reason}")


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    # @numba.njit above or below: compiled here in any case
    function = getattr(function, "py_func", function)
    name = getattr(function, "__name__", "")
    if not inspect.isfunction(function) or name == "<lambda>":
        kinds = {"method": "a method", "type": "a class"}
        found = type(function).__name__
        kind = "a lambda" if name == "<lambda>" else kinds.get(found, f"of type {found}")
        raise InputError(
            f"@optimizer takes a plain function, def rule(x, g, ...); {function!r} is {kind}"
        )
    function.__module__ = function.__module__ or "__main__"  # made by exec, it has none
    return function


def _hold_form(name: str, parameters: Sequence[inspect.Parameter], said: Declaration) -> None:
    """Raise InputError where the arguments are not those of such a rule or wrapper."""
    names = [p.name for p in parameters]
    bare = [p.name for p in parameters if p.default is p.empty]
    if said.per not in PER:
        raise _wrong(name, f"per={said.per!r} is none of {', '.join(PER)}")
    if said.wraps is not None and said.wraps not in WRAPS:
        raise _wrong(name, f"wraps={said.wraps!r} is none of {', '.join(WRAPS)}")
    if said.wraps is None and names[:2] != ["x", "g"]:
        raise _wrong(name, "its first arguments must be x, g")
    if said.wraps == "mask" and said.per != "coordinate":
        raise _wrong(name, "a mask is asked coordinate by coordinate: leave per out")
    if "fun" in bare and (said.per != "run" or said.wraps):
        raise _wrong(name, 'fun evaluates a whole run: declare @optimizer(per="run")')
    for p in parameters:
        if p.kind is not p.POSITIONAL_OR_KEYWORD:
            raise _wrong(name, f"argument {p.name!r} must be a plain one, without * or **")
    if "lr" in bare and said.wraps is None:
        raise _wrong(name, "lr needs a default, the centre of its grid")
    if "lr" in names and "lr" not in bare and said.wraps is not None:
        raise _wrong(name, "lr is the wrapped rule's: name it without a default")


def _settings(name: str, parameters: Sequence[inspect.Parameter]) -> dict[str, bool | float]:
    """The arguments with a default, lr among them: flags stay flags, numbers become floats."""
    found: dict[str, bool | float] = {}
    for p in parameters:
        if p.default is not p.empty:
            value: object = p.default
            if not isinstance(value, (bool, int, float)) or not math.isfinite(value):
                raise _wrong(name, f"the default of setting {p.name!r} must be a finite number")
            found[p.name] = value if isinstance(value, bool) else float(value)
    return found


def _hold_slots(rule: Rule) -> None:
    """Raise InputError where the decorator names a slot or a shape that can't be."""
    shapes = rule.shapes
    for slot in [*shapes, *rule.init, *([rule.reported] if rule.reported else [])]:
        if slot not in rule.slots:
            raise InputError(
                f"optimizer {rule.name!r} has no slot {slot!r}; its slots:"
                f" {', '.join(rule.slots) or 'none'}"
            )
    for extent in EXTENTS:
        if shapes and extent in rule.settings:
            raise _wrong(
                rule.name,
                f"a setting can't be called {extent!r} where slots have shapes; it means the"
                " tensor's",
            )
    if shapes and rule.per == "coordinate":
        raise _wrong(
            rule.name, 'slots of other shapes than x\'s need per="run", "tensor" or "matrix"'
        )
    for slot, shape in shapes.items():
        for extent in shape:
            number = isinstance(extent, int) and extent > 0
            if not (extent in EXTENTS or extent in rule.settings or number):
                raise _wrong(
                    rule.name,
                    f"the shape of slot {slot!r} has {extent!r}; write {', '.join(EXTENTS)}, a"
                    " setting or a number",
                )
    if rule.reported in shapes:
        raise _wrong(rule.name, f"the reported slot {rule.reported!r} must be shaped like x")


def _hold_names_of_ranges(rule: Rule, own: Mapping[str, Any]) -> None:
    """Raise InputError for the range of a setting that isn't there."""
    for name in own:
        if name not in rule.settings and not (name == "lr" and rule.lr is not None):
            raise InputError(
                f"optimizer {rule.name!r} has no setting {name!r}; its settings:"
                f" {', '.join(rule.settings) or 'none'}"
            )


def _hold_beginnings(rule: Rule) -> None:
    """Raise InputError where a slot can't begin at what the decorator says."""
    for slot, value in rule.init.items():
        at_start = value == "x" and slot not in rule.shapes
        if isinstance(value, str) and value not in rule.settings and not at_start:
            raise _wrong(
                rule.name,
                f"slot {slot!r} can begin at a number, a setting, or 'x' if it is shaped like x,"
                f" not at {value!r}",
            )


def _with_ranges(rule: Rule, own: Mapping[str, Any]) -> Rule:
    """The rule with its declared ranges. Raises InputError for a range that can't be read, or a
    default that is out of its range.
    """
    read = {name: None if text is None else ranges.interval(text) for name, text in own.items()}
    made = replace(rule, declared_ranges=read)
    for found in made.ranges.values():
        for end in (found.low, found.high) if found else ():
            if isinstance(end, str) and end not in rule.settings:
                raise _wrong(
                    rule.name,
                    f"a range ends at {end!r}, which is none of its settings:"
                    f" {', '.join(rule.settings)}",
                )
    rate = {} if rule.lr is None else {"lr": rule.lr}
    try:
        ranges.hold(rule.name, {**rule.settings, **rate}, made.ranges)
    except InputError as error:
        raise _wrong(
            rule.name,
            f"a default is out of range: {error}; where it means something else, declare ranges=",
        ) from error
    return made
