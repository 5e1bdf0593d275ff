import numpy as np


def selective(inner, x, g, t, state, lr):
    """Coordinates one by one, each with a state of its own, those with no gradient left out. t is
    the run's.
    """
    inners, new = state.setdefault("inner", [{} for _ in x]), x.copy()
    for i in np.flatnonzero(g):
        new[i : i + 1] = inner(x[i : i + 1], g[i : i + 1], t, inners[i])
    if any("reported" in own for own in inners):
        state["reported"] = np.array(
            [own.get("reported", [at])[0] for own, at in zip(inners, x, strict=True)]
        )
    return new
