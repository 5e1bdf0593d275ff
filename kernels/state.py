"""Where a rule's slots lie in the state, and what stands there before the first update.

A run's state is one column: the rule's slots shaped like x, one below the other; those of its
fallback, which are shaped like x too; its slots of other shapes, tensor after tensor; then the
state of the rule that it wraps.
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .optimizer import Optimizer


def initial_state(optimizer: "Optimizer", x: np.ndarray, layout: np.ndarray) -> np.ndarray:
    """The slots before step 1 for x (n, L): (rows, L), of x's dtype."""
    lanes, rule = x.shape[1], optimizer.rule
    blocks = [_like_x(optimizer, slot, x) for slot in rule.plain]
    if optimizer.fallback:
        blocks += [_like_x(optimizer.fallback, slot, x) for slot in optimizer.fallback.rule.plain]
    for part in rule.parts(layout):
        for slot in rule.declared:
            size = _size(optimizer, slot, part)
            blocks.append(np.full((size, lanes), _beginning(optimizer, slot), x.dtype))
    if optimizer.wrapped:
        blocks.append(initial_state(optimizer.wrapped, x, layout))
    return np.concatenate(blocks) if blocks else np.zeros((0, lanes), x.dtype)


def slot_rows(optimizer: "Optimizer", layout: np.ndarray) -> dict[str, np.ndarray]:
    """The rows of the state that hold each slot, tensor after tensor: the rule's own in the order
    of its signature, then those of its fallback or of what it wraps, as `adam.m`.
    """
    n, rule = int((layout[:, 1] * layout[:, 2]).sum()), optimizer.rule
    rows = {slot: np.arange(k * n, (k + 1) * n) for k, slot in enumerate(rule.plain)}
    others: dict[str, np.ndarray] = {}
    at = len(rows) * n
    if optimizer.fallback:
        for slot in optimizer.fallback.rule.plain:
            others[f"{optimizer.fallback.family}.{slot}"] = np.arange(at, at + n)
            at += n
    parts: dict[str, list[np.ndarray]] = {slot: [] for slot in rule.declared}
    for part in rule.parts(layout):
        for slot in rule.declared:
            size = _size(optimizer, slot, part)
            parts[slot].append(np.arange(at, at + size))
            at += size
    rows |= {slot: np.concatenate([np.zeros(0, int), *found]) for slot, found in parts.items()}
    if optimizer.wrapped:
        inner = slot_rows(optimizer.wrapped, layout)
        others |= {f"{optimizer.wrapped.family}.{slot}": at + own for slot, own in inner.items()}
    return {slot: rows[slot] for slot in rule.slots} | others


def reported_row(optimizer: "Optimizer", layout: np.ndarray) -> int:
    """The first row of the state that holds the reported point, -1 where it is x itself."""
    slot = optimizer.reported
    return -1 if slot is None else int(slot_rows(optimizer, layout)[slot][0])


def _size(optimizer: "Optimizer", slot: str, part: np.ndarray) -> int:
    return int(np.prod(optimizer.rule.extents(slot, part, optimizer.settings)))


def _beginning(optimizer: "Optimizer", slot: str) -> float:
    value = optimizer.rule.init.get(slot, 0.0)
    return float(optimizer.settings[value]) if isinstance(value, str) else float(value)


def _like_x(optimizer: "Optimizer", slot: str, x: np.ndarray) -> np.ndarray:
    if optimizer.rule.init.get(slot) == "x":
        return x.copy()
    return np.full_like(x, _beginning(optimizer, slot))
