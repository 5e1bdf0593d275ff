"""From a rule to the text of its kernel over lanes: the texts of kernel_text.py, filled in with its
slots and settings.
"""

from collections.abc import Iterable

from . import kernel_text
from .chain import Chain
from .kernel_text import filled
from .random import RULE
from .rule import DRAWS, RATIO, Rule


def source(chain: Chain, guarded: bool = True) -> str:
    """The text of the kernel.

    guarded : an exception in a rule over matrices ends its run; without, it reaches the caller.
    """
    rule = chain.rule
    if rule.wraps == "mask":
        body = _mask(chain)
    elif rule.per == "coordinate":
        body = _coordinates(chain)
    else:
        body = _arrays(chain, guarded)
    if rule.wraps:
        body = filled(
            kernel_text.WRAPPERS[rule.wraps],
            own_rows=_own_rows(rule),
            own_settings=str(_own_settings(rule)),
            rule=body,
        )
    lines = filled(
        kernel_text.KERNEL, name=chain.name, settings=_settings(rule, "setting"), body=body
    )
    return "\n".join(lines) + "\n"


def _own_settings(rule: Rule) -> int:
    """How many numbers the rule's settings are, f* among them."""
    return len(rule.settings) + ("minimum" in rule.parameters)


def _settings(rule: Rule, variable: str, first: int = 0) -> list[str]:
    """Statements that read the settings from the place `first` on: setting0, setting1, ..."""
    lines = [
        f"{variable}{k} = settings[{first + k}]{' != 0.0' if isinstance(value, bool) else ''}"
        f"  # {name}"
        for k, (name, value) in enumerate(rule.settings.items())
    ]
    if "minimum" in rule.parameters:
        lines.append(f"minimum = settings[{first + len(lines)}]")
    return lines


def _operands(rule: Rule, named: dict[str, str], settings: str, rate: str) -> list[str]:
    """The operands of a call of the rule, a line each, with the rule's own names behind them.

    named : those of x, g, y, slots and random arrays.  settings : the names of their variables.
    """
    values = {
        "t": "t",
        "scale": "scale",
        "loss": "loss[lane]",
        "minimum": "minimum",
        "fun": "fun",
        "lr": rate,
        **{kind: f"{kind}_[lane]" for kind in rule.draws},
        **{name: f"{settings}{k}" for k, name in enumerate(rule.settings)},
        **named,
    }
    return [f"{values[name]},  # {name}" for name in rule.parameters]


def _scalars(rule: Rule, arrays: dict[str, str], first: int = 0) -> tuple[dict[str, str], str]:
    """The operands of one coordinate, and where its slots go, which come after `first` others.

    arrays : those that x, g and y are taken from.
    """
    rows = {
        slot: f"state[{f'{k} * n + i' if k else 'i'}, lane]"
        for k, slot in enumerate(rule.plain, first)
    }
    operands = {name: f"float({array}[i, lane])" for name, array in arrays.items()}
    operands |= {slot: f"float({row})" for slot, row in rows.items()}
    return operands, "".join(f", {row}" for row in rows.values())


def _places(rule: Rule) -> tuple[dict[str, str], str]:
    """The arrays that x, g and y are taken from, and the one that the result goes to.

    A wrapper of the point finds the wrapped rule's proposal in x, where its own result goes.
    """
    if rule.wraps in ("point", "mask"):
        return {"x": "before", "g": "g", "y": "x"}, "x"
    return {"x": "x", "g": "g", "y": "x"}, "made" if rule.wraps else "x"


def _rooms(rule: Rule) -> list[str]:
    """Statements that make room for a coordinate's random numbers of all lanes."""
    return [f"{kind}_ = np.empty(lanes)" for kind in rule.draws]


def _draws(rule: Rule, depth: int) -> list[str]:
    """Statements that draw a coordinate's random numbers for all lanes."""
    return [
        f"{kind}_of_lanes(evaluate.seeds, {_stream(kind, depth)}, evaluate.step, i, {kind}_)"
        for kind in rule.draws
    ]


def _draws_of_run(rule: Rule, depth: int) -> list[str]:
    """Statements that draw a part's random numbers for one lane."""
    return [
        f"{kind}_of_run(evaluate.seeds[lane], {_stream(kind, depth)}, evaluate.step, first,"
        f" {kind}_)"
        for kind in rule.draws
    ]


def _stream(kind: str, depth: int) -> int:
    return RULE + 2 * depth + DRAWS.index(kind)


def _coordinates(chain: Chain) -> list[str]:
    rule = chain.rule
    arrays, to = _places(rule)
    named, slots = _scalars(rule, arrays)
    return filled(
        kernel_text.COORDINATES,
        rooms=_rooms(rule),
        draws=_draws(rule, chain.depth),
        results=f"{to}[i, lane]{slots}",
        operands=_operands(rule, named, "setting", "scale * lr[lane]"),
    )


def _mask(chain: Chain) -> list[str]:
    rule, blocks, inner = chain.rule, 0, chain.wrapped
    while inner is not None:
        blocks += len(inner.rule.plain)
        inner = None if inner.rule.declared and inner.wrapped else inner.other
    named, _ = _scalars(rule, _places(rule)[0])
    return filled(
        kernel_text.MASK,
        rooms=_rooms(rule),
        draws=_draws(rule, chain.depth),
        operands=_operands(rule, named, "setting", "scale * lr[lane]"),
        slots_as_before=[
            f"state[own + {k} * n + i, lane] = kept[{k} * n + i, lane]" for k in range(blocks)
        ],
    )


def _own_rows(rule: Rule) -> list[str]:
    sizes = " + ".join(_size(rule, slot) for slot in rule.declared)
    declared = [*_parts(rule), f"    own += {sizes}"] if sizes else []
    return filled(kernel_text.OWN_ROWS, blocks=str(len(rule.plain)), declared=declared)


def _parts(rule: Rule) -> list[str]:
    """The head of a loop over the parts that one call sees."""
    if rule.per == "run":
        return filled(kernel_text.RUN)
    return filled(kernel_text.MATRICES if rule.fallback else kernel_text.TENSORS)


def _extents(rule: Rule, slot: str) -> list[str]:
    order = list(rule.settings)
    return [
        f"int(setting{order.index(extent)})" if extent in order else extent
        for extent in map(str, rule.shapes[slot])
    ]


def _size(rule: Rule, slot: str) -> str:
    return " * ".join(_extents(rule, slot)) or "1"


def _arrays(chain: Chain, guarded: bool) -> list[str]:
    rule, fallback = chain.rule, chain.fallback.rule if chain.fallback else None
    arrays, to = _places(rule)
    named = [
        name
        for name in ("x", "g", "y")
        if (name in rule.parameters and name not in rule.slots) or name == rule.target
    ]
    copies = {name: f"{name}_" for name in named} | {
        slot: f"slot{k}_" for k, slot in enumerate(rule.slots)
    }
    places = {name: f"{arrays[name]}, first" for name in named} | {
        slot: f"state, {_row(rule, slot)}" for slot in rule.slots
    }
    drawn = {kind: f"{kind}_" for kind in rule.draws}
    sizes = {slot: _size(rule, slot) for slot in rule.declared}
    checked = (
        kernel_text.GUARDED_CALL if rule.per == "matrix" and guarded else kernel_text.CHECKED_CALL
    )
    call = kernel_text.PLAIN_CALL if rule.wraps else checked
    shaped = {name: _shaped(rule, name, array) for name, array in (copies | drawn).items()}
    lines = filled(
        kernel_text.ARRAYS,
        blocks=str(len(rule.plain) + (len(fallback.plain) if fallback else 0)),
        parts=_parts(rule),
        rooms=[
            f"{array} = np.empty({sizes.get(name, 'size')})"
            for name, array in (copies | drawn).items()
        ],
        gather=[f"gather({places[name]}, lane, {copy})" for name, copy in copies.items()],
        draws=_draws_of_run(rule, chain.depth),
        fun=["fun = evaluation(evaluate, lane, x)"] if "fun" in rule.parameters else [],
        call=filled(call, operands=_operands(rule, shaped, "setting", "scale * lr[lane]")),
        scatter=[
            f"scatter({copies[rule.target]}, sound, {to}, first, lane)",
            *(f"scatter({copies[slot]}, True, {places[slot]}, lane)" for slot in rule.slots),
        ],
        advance=[f"at += {' + '.join(sizes.values())}"] if sizes else [],
    )
    return [*(_fallback(rule, fallback) if fallback else []), *lines]


def _shaped(rule: Rule, name: str, array: str) -> str:
    """The copy as the rule sees it: flat, or of its own shape."""
    if name in rule.declared:
        extents = _extents(rule, name)
        return f"{array}.reshape({', '.join(extents)})" if len(extents) > 1 else array
    return f"{array}.reshape(rows, columns)" if rule.per == "matrix" else array


def _row(rule: Rule, slot: str) -> str:
    """Where a slot of the part begins in the state."""
    if slot in rule.plain:
        return f"{rule.plain.index(slot)} * n + first"
    before: Iterable[str] = rule.declared[: rule.declared.index(slot)]
    return " + ".join(["at", *(_size(rule, other) for other in before)])


def _fallback(rule: Rule, fallback: Rule) -> list[str]:
    named, slots = _scalars(fallback, {"x": "x", "g": "g"}, len(rule.plain))
    ratio = list(rule.settings).index(RATIO)
    return filled(
        kernel_text.FALLBACK,
        settings=_settings(fallback, "fallback", _own_settings(rule)),
        rooms=_rooms(fallback),
        draws=_draws(fallback, 0),
        results=f"x[i, lane]{slots}",
        operands=_operands(fallback, named, "fallback", f"scale * setting{ratio} * lr[lane]"),
    )
