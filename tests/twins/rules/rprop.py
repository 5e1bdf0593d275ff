import numpy as np


def rprop(
    x, g, t, state, lr, *, eta_minus=0.5, eta_plus=1.2, smallest=1e-6, largest=50.0, backtrack=True
):
    """Riedmiller & Braun 1993 (RPROP), the adaptation rule of section II; lr is Delta_0 and read at
    first only.

    backtrack=False, as in libraries: no step at a change of sign, where the paper undoes the last
    one.
    """
    size, before, last = (
        state.get("size", np.full_like(x, lr)),
        state.get("before", 0 * x),
        state.get("last", 0 * x),
    )
    same, turned = before * g > 0, before * g < 0
    size = np.where(same, np.minimum(size * eta_plus, largest), size)
    size = np.where(turned, np.maximum(size * eta_minus, smallest), size)
    state["size"], state["before"] = size, np.where(turned, 0.0, g)  # dE/dw(t) := 0 at a turn
    state["last"] = np.where(turned, -last if backtrack else 0.0, -np.sign(g) * size)  # Delta w(t)
    return x + state["last"]
