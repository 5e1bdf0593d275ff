"""The texts of kernels over lanes: loops over coordinates, tensors and lanes around a call of the
rule, which gets its slots and settings by position. compose.py fills them in; of `adam` it makes

    def kernel(x, g, loss, t, scale, state, settings, lr, layout, evaluate):
        n, lanes = x.shape
        setting0 = settings[0]  # beta1
        setting1 = settings[1]  # beta2
        setting2 = settings[2]  # eps
        for i in range(n):
            for lane in range(lanes):
                x[i, lane], state[i, lane], state[1 * n + i, lane] = rule(
                    float(x[i, lane]),  # x
                    float(g[i, lane]),  # g
                    t,  # t
                    float(state[i, lane]),  # m
                    float(state[1 * n + i, lane]),  # v
                    scale * lr[lane],  # lr
                    setting0,  # beta1
                    setting1,  # beta2
                    setting2,  # eps
                )

`optbench show NAME --kernel` prints that of any rule. Operands are widened to float64 and rounded
once on store, whatever the storage dtype (docs/decisions/0002).
"""

import re
from collections.abc import Sequence

KERNEL = '''\
"""{name}: its rule over lanes (generated)."""

import numpy as np


def kernel(x, g, loss, t, scale, state, settings, lr, layout, evaluate):
    n, lanes = x.shape
    {settings}
    {body}
'''
"""The settings are read before the loops: a store to x might change them, for all that LLVM knows,
and beta**t would not be hoisted.
"""

COORDINATES = """\
{rooms}
for i in range(n):
    {draws}
    for lane in range(lanes):
        {results} = rule(
            {operands}
        )
"""

MASK = """\
{rooms}
for i in range(n):
    {draws}
    for lane in range(lanes):
        if not rule(
            {operands}
        ):
            x[i, lane] = before[i, lane]
            {slots_as_before}
"""
"""Where the mask is off, x and the wrapped rule's slots of that coordinate become what they
were.
"""

ARRAYS = """\
at = {blocks} * n
{parts}
    {rooms}
    for lane in range(lanes):
        {gather}
        {draws}
        {fun}
        {call}
        {scatter}
    {advance}
"""
"""Runs, tensors or matrices, the `parts`: lane by lane on contiguous float64 copies, handed back
when the rule is done. `at` is where the part's slots of other shapes than x's begin.
"""

RUN = """\
for part in range(1):
    first, rows, columns, size = 0, n, 1, n
"""

TENSORS = """\
for part in range(layout.shape[0]):
    first, rows, columns = layout[part, 0], layout[part, 1], layout[part, 2]
    size = rows * columns
"""

MATRICES = """\
for part in range(layout.shape[0]):
    first, rows, columns = layout[part, 0], layout[part, 1], layout[part, 2]
    size = rows * columns
    if layout[part, 3] < 2:
        continue
"""

PLAIN_CALL = """\
sound = True
rule(
    {operands}
)
"""

CHECKED_CALL = """\
sound = finite(x_) and finite(g_)
if sound:
    rule(
        {operands}
    )
"""

GUARDED_CALL = """\
sound = finite(x_) and finite(g_)
if sound:
    try:
        rule(
            {operands}
        )
    except Exception:
        sound = False
"""
"""A factorisation may fail: that is the end of its run, not of its block."""

FALLBACK = """\
{settings}
{rooms}
for part in range(layout.shape[0]):
    if layout[part, 3] > 1:
        continue
    for i in range(layout[part, 0], layout[part, 0] + layout[part, 1] * layout[part, 2]):
        {draws}
        for lane in range(lanes):
            {results} = fallback(
                {operands}
            )
"""
"""The tensors that aren't matrices, coordinate by coordinate."""

OWN_ROWS = """\
own = {blocks} * n
{declared}
"""
"""The rows of the state that are a wrapper's own; those of the wrapped rule follow."""

WRAPPERS = {
    "gradient": """\
{own_rows}
made = g.copy()
{rule}
wrapped(x, made, loss, t, scale, state[own:], settings[{own_settings}:], lr, layout, evaluate)
""",
    "point": """\
{own_rows}
before = x.copy()
wrapped(x, g, loss, t, scale, state[own:], settings[{own_settings}:], lr, layout, evaluate)
{rule}
""",
    "mask": """\
{own_rows}
before = x.copy()
kept = state[own:].copy()
wrapped(x, g, loss, t, scale, state[own:], settings[{own_settings}:], lr, layout, evaluate)
{rule}
""",
    "probe": """\
{own_rows}
made = x.copy()
{rule}
data, rows_, seeds, step = evaluate.data, evaluate.rows, evaluate.seeds, evaluate.step
slope, there = np.empty_like(g), np.empty_like(loss)
evaluate.gradient(made, slope, there, data, rows_, seeds, step)
extra_evaluations = evaluate.extra_evaluations
for lane in range(lanes):
    extra_evaluations[lane] += 1
wrapped(x, slope, loss, t, scale, state[own:], settings[{own_settings}:], lr, layout, evaluate)
""",
}
"""What a wrapper does around the call of the rule that it wraps, which is a kernel of its own."""


def filled(text: str, **pieces: str | Sequence[str]) -> list[str]:
    """The lines of the text with its `{names}` filled in. A name alone on a line stands for any
    number of lines, none too, each of which gets that line's indentation.
    """
    lines: list[str] = []
    for line in text.splitlines():
        alone = re.fullmatch(r"( *)\{(\w+)\}", line)
        if alone:
            lines += [f"{alone[1]}{entry}" for entry in pieces[alone[2]]]
        else:
            lines.append(line.format(**pieces))
    return lines
