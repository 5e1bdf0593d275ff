"""From a rule to its kernel over lanes: the loops, the slots, the wrapped rule, as generated
source, compiled once.
"""

import re
from collections.abc import Callable

from . import compiler_report, sources
from .columns import finite, gather, scatter
from .evaluation import evaluation
from .grammar import InputError
from .jit import compiled_once, inline, jit, wrapped_kernel
from .random import RULE, normal_of_lanes, normal_of_run, uniform_of_lanes, uniform_of_run
from .rule import DRAWS, RATIO, Rule
from .signatures import update_signature

UNLIKE_DUTY = re.compile("failed to unpack|tuple length|setitem", re.IGNORECASE)
"""Words of a reason that says that the rule hands back something else than it owes."""
LANES = {"gather": gather, "scatter": scatter, "finite": finite, "evaluation": evaluation}
RANDOM = {
    "normal_of_lanes": normal_of_lanes,
    "normal_of_run": normal_of_run,
    "uniform_of_lanes": uniform_of_lanes,
    "uniform_of_run": uniform_of_run,
}


class Chain:
    """A rule and what it wraps or hands other tensors to, by code alone: equal chains share a
    kernel.
    """

    def __init__(self, rule: Rule, partner: "Chain | None"):
        self.rule, self.partner = rule, partner
        self.key = (rule.key, partner.key if partner else None)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Chain) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def name(self) -> str:
        """The rules' names, nested."""
        return self.rule.name + (f"[{self.partner.name}]" if self.partner else "")

    @property
    def functions(self) -> list[Callable]:
        """The rules' functions, outermost first."""
        return [self.rule.function, *(self.partner.functions if self.partner else [])]

    @property
    def declared(self) -> list[tuple]:
        """What the decorators say beside the code, for a run's identity."""
        rule = self.rule
        own = (
            rule.per,
            rule.wraps,
            sorted(rule.shapes.items()),
            sorted(rule.init.items()),
            rule.reported,
        )
        return [own, *(self.partner.declared if self.partner else [])]

    @property
    def depth(self) -> int:
        """How many rules it wraps, one in the other."""
        return 1 + self.partner.depth if self.partner and self.rule.wraps else 0

    def uses(self, word: str) -> bool:
        """Whether any rule of the chain names that argument."""
        return word in self.rule.words or bool(self.partner and self.partner.uses(word))


def update_kernel(chain: Chain, dtype: str) -> Callable:
    """The chain compiled over lanes: the update signature of signatures.py. Raises InputError where
    Numba can't.
    """
    return _update_kernel(chain, dtype, tuple(map(sources.state, chain.functions)))


@compiled_once
def _update_kernel(chain: Chain, dtype: str, state: tuple[str, ...]) -> Callable:
    rule = chain.rule
    if rule.per == "coordinate":
        helpers = {"rule": inline(rule.function)}
    else:
        helpers = {"rule": jit(rule.function), **LANES}
    if any(chain.uses(word) for word in DRAWS):
        helpers |= RANDOM
    if chain.partner and rule.wraps:
        helpers["inner"] = update_kernel(chain.partner, dtype)
    elif chain.partner:
        helpers["other"] = inline(chain.partner.rule.function)
    try:
        return wrapped_kernel(
            source(chain), helpers, rule.name, update_signature(dtype), chain.functions, chain.name
        )
    except (
        Exception
    ) as error:  # Numba's own errors, and what the author's names raise while it looks them up
        reason = compiler_report.essence(error, chain.functions)
        duty = f" (it must {_duty(rule)})" if UNLIKE_DUTY.search(reason) else ""
        raise InputError(f"rule {rule.name!r} can't be compiled: {reason}{duty}") from error


def source(chain: Chain) -> str:
    """The text of the kernel.

    Operands are widened to float64 and rounded once on store, whatever the storage dtype
    (docs/decisions/0002).
    """
    rule = chain.rule
    lines = [
        f'"""{chain.name}: its rule over lanes (generated)."""\n\nimport numpy as np\n\n',
        "def kernel(x, g, loss, t, scale, state, settings, lr, layout, evaluate):",
        "    n, lanes = x.shape",
        # read before the loops: a store to x might change them, for all LLVM knows, and beta**t
        # would not be hoisted
        *_settings(rule, "setting", 0),
    ]
    places = {"x": "x", "g": "g", "y": "x", "to": "x"}
    own = len(rule.settings) + ("minimum" in rule.words)
    call_inner = (
        f"    inner({{x}}, {{g}}, loss, t, scale, state[own:], settings[{own}:], lr, layout,"
        " evaluate)"
    )
    if rule.wraps:
        lines += [f"    own = {len(rule.plain)} * n", *_declared_rows(rule)]
    if rule.wraps in ("point", "mask"):
        lines += ["    before = x.copy()"] + (
            ["    kept = state[own:].copy()"] if rule.wraps == "mask" else []
        )
        lines += [call_inner.format(x="x", g="g")]
        places["x"] = "before"
    elif rule.wraps:
        lines += [f"    made = {'g' if rule.wraps == 'gradient' else 'x'}.copy()"]
        places |= {"y": "x", "to": "made"}
    if rule.per == "coordinate":
        lines += _coordinates(chain, places)
    else:
        lines += _arrays(chain, places)
    if rule.wraps == "gradient":
        lines += [call_inner.format(x="x", g="made")]
    if rule.wraps == "probe":
        lines += [
            "    data, rows_, seeds, step, evaluations, tried, gradient = evaluate",
            "    slope, there = np.empty_like(g), np.empty_like(loss)",
            "    gradient(made, slope, there, data, rows_, seeds, step)",
            "    for lane in range(lanes):",
            "        evaluations[lane] += 1",
            call_inner.format(x="x", g="slope"),
        ]
    return "\n".join(lines) + "\n"


def _settings(rule: Rule, name: str, first: int) -> list[str]:
    told = [" != 0.0" if isinstance(value, bool) else "" for value in rule.settings.values()]
    lines = [f"    {name}{k} = settings[{first + k}]{suffix}" for k, suffix in enumerate(told)]
    return lines + (
        [f"    minimum = settings[{first + len(told)}]"] if "minimum" in rule.words else []
    )


def _places(rule: Rule, name: str, operands: dict[str, str], rate: str) -> dict[str, str]:
    given = {
        "t": "t",
        "scale": "scale",
        "loss": "loss[lane]",
        "minimum": "minimum",
        "fun": "fun",
        "lr": rate,
    }
    given |= {word: f"{word}_[lane]" for word in rule.draws}
    return {**given, **{word: f"{name}{k}" for k, word in enumerate(rule.settings)}, **operands}


def _drawn(rule: Rule, depth: int) -> list[str]:
    """Statements that draw a coordinate's random numbers for all lanes."""
    return [
        f"{word}_of_lanes(evaluate[2], {RULE + 2 * depth + DRAWS.index(word)}, evaluate[3], i,"
        f" {word}_)"
        for word in rule.draws
    ]


def _coordinates(chain: Chain, at: dict[str, str]) -> list[str]:
    rule = chain.rule
    rows = {
        slot: f"state[{f'{k} * n + i' if k else 'i'}, lane]" for k, slot in enumerate(rule.plain)
    }
    operands = {word: f"float({at[word]}[i, lane])" for word in "xgy"} | {
        s: f"float({row})" for s, row in rows.items()
    }
    places = _places(rule, "setting", operands, "scale * lr[lane]")
    call = f"rule({', '.join(places[word] for word in rule.words)})"
    drawn = [f"        {line}" for line in _drawn(rule, chain.depth)]
    room = [f"    {word}_ = np.empty(lanes)" for word in rule.draws]
    head = [*room, "    for i in range(n):", *drawn, "        for lane in range(lanes):"]
    if rule.wraps != "mask":
        made = ", ".join([f"{at['to']}[i, lane]", *rows.values()])
        return [*head, f"            {made} = {call}"]
    # where the mask is off, x and the wrapped rule's slots of that coordinate become what they were
    assert chain.partner is not None
    body = [f"            if not {call}:", "                x[i, lane] = before[i, lane]"]
    blocks, inner = 0, chain.partner
    while inner is not None:
        blocks += len(inner.rule.plain)
        inner = None if inner.rule.declared and inner.rule.wraps else inner.partner
    for k in range(blocks):
        body += [f"                state[own + {k} * n + i, lane] = kept[{k} * n + i, lane]"]
    return [*head, *body]


def _declared_rows(rule: Rule) -> list[str]:
    """Statements that add the rows of all declared slots to `own`."""
    if not rule.declared:
        return []
    sizes = " + ".join(_size(rule, slot) for slot in rule.declared)
    return [*_parts(rule), f"        own += {sizes}"]


def _parts(rule: Rule) -> list[str]:
    """The head of a loop over the parts that one call sees."""
    if rule.per == "run":
        return ["    for part in range(1):", "        first, rows, columns, size = 0, n, 1, n"]
    return [
        "    for part in range(layout.shape[0]):",
        "        first, rows, columns = layout[part, 0], layout[part, 1], layout[part, 2]",
        "        size = rows * columns",
    ] + (
        ["        if layout[part, 3] < 2:", "            continue"]
        if rule.per == "matrix" and rule.partner and not rule.wraps
        else []
    )


def _extents(rule: Rule, slot: str) -> list[str]:
    order = list(rule.settings)
    return [
        f"int(setting{order.index(w)})" if w in order else w for w in map(str, rule.shapes[slot])
    ]


def _size(rule: Rule, slot: str) -> str:
    return " * ".join(_extents(rule, slot)) or "1"


def _arrays(chain: Chain, at: dict[str, str]) -> list[str]:
    """Runs, tensors or matrices: lane by lane on contiguous float64 copies, handed back when the
    rule is done.
    """
    rule = chain.rule
    square = rule.per == "matrix"
    target = rule.target
    named = [
        word
        for word in ("x", "g", "y")
        if (word in rule.words and word not in rule.slots) or word == target
    ]
    other = chain.partner.rule if chain.partner and not rule.wraps else None
    lines = _others(rule, other) if other else []
    lines += [f"    at = {len(rule.plain) + (len(other.plain) if other else 0)} * n"]
    copies = {word: f"{word}_" for word in named} | {
        slot: f"slot{k}_" for k, slot in enumerate(rule.slots)
    }
    sizes = dict.fromkeys([*named, *rule.plain], "size") | {
        slot: _size(rule, slot) for slot in rule.declared
    }
    places = {word: f"{at[word]}, first" for word in named} | {
        slot: f"state, {_row(rule, slot)}" for slot in rule.slots
    }
    shapes = dict.fromkeys([*named, *rule.plain], "rows, columns") if square else {}
    shapes |= {
        slot: ", ".join(_extents(rule, slot))
        for slot in rule.declared
        if len(rule.shapes[slot]) > 1
    }
    shapes |= dict.fromkeys(rule.draws, "rows, columns") if square else {}
    draws = {word: f"{word}_" for word in rule.draws}
    sizes |= dict.fromkeys(draws, "size")
    arrays = copies | draws
    operands = {
        word: f"{array}.reshape({shapes[word]})" if word in shapes else array
        for word, array in arrays.items()
    }
    given = _places(rule, "setting", operands, "scale * lr[lane]")
    call = f"rule({', '.join(given[word] for word in rule.words)})"
    body = [f"gather({places[word]}, lane, {copy})" for word, copy in copies.items()]
    for word in rule.draws:
        stream = RULE + 2 * chain.depth + DRAWS.index(word)
        body += [f"{word}_of_run(evaluate[2][lane], {stream}, evaluate[3], first, {word}_)"]
    if "fun" in rule.words:
        body += ["fun = evaluation(evaluate, lane, x)"]
    if rule.wraps:
        body += ["sound = True", call]
    else:
        body += ["sound = finite(x_) and finite(g_)", "if sound:"]
        # a factorisation may fail: that run's end, not its block's
        body += (
            ["    try:", f"        {call}", "    except Exception:", "        sound = False"]
            if square
            else [f"    {call}"]
        )
    body += [f"scatter({copies[target]}, sound, {at['to']}, first, lane)"]
    body += [f"scatter({copies[slot]}, True, {places[slot]}, lane)" for slot in rule.slots]
    lines += [
        *_parts(rule),
        *(f"        {array} = np.empty({sizes[word]})" for word, array in arrays.items()),
    ]
    lines += ["        for lane in range(lanes):", *(f"            {line}" for line in body)]
    lines += (
        [f"        at += {' + '.join(_size(rule, slot) for slot in rule.declared)}"]
        if rule.declared
        else []
    )
    return lines


def _row(rule: Rule, slot: str) -> str:
    """Where a slot of the part begins in the state."""
    if slot in rule.plain:
        return f"{rule.plain.index(slot)} * n + first"
    return " + ".join(
        ["at", *(_size(rule, other) for other in rule.declared[: rule.declared.index(slot)])]
    )


def _others(rule: Rule, other: Rule) -> list[str]:
    """The partner's rule, coordinate by coordinate, over the tensors that aren't matrices; its
    slots follow x-shaped ones.
    """
    rows = {
        slot: f"state[{len(rule.plain) + k} * n + i, lane]" for k, slot in enumerate(other.plain)
    }
    operands = {"x": "float(x[i, lane])", "g": "float(g[i, lane])"} | {
        s: f"float({row})" for s, row in rows.items()
    }
    ratio = list(rule.settings).index(RATIO)
    places = _places(other, "other", operands, f"scale * setting{ratio} * lr[lane]")
    return [
        *_settings(other, "other", len(rule.settings) + ("minimum" in rule.words)),
        *(f"    {word}_ = np.empty(lanes)" for word in other.draws),
        "    for part in range(layout.shape[0]):",
        "        if layout[part, 3] > 1:",
        "            continue",
        (
            "        for i in range(layout[part, 0], layout[part, 0] + layout[part, 1] *"
            " layout[part, 2]):"
        ),
        *(f"            {line}" for line in _drawn(other, 0)),
        "            for lane in range(lanes):",
        (
            f"                {', '.join(['x[i, lane]', *rows.values()])} ="
            f" other({', '.join(places[w] for w in other.words)})"
        ),
    ]


def _duty(rule: Rule) -> str:
    """What the rule owes its caller, for an error message."""
    if rule.per != "coordinate":
        return f"change {', '.join([rule.target, *rule.slots])} in place"
    made = "True or False" if rule.wraps == "mask" else "g" if rule.wraps == "gradient" else "x"
    return f"return {', '.join([made, *rule.slots])}"
