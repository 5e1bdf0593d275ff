import numpy as np
from twins.strong_wolfe import strong_wolfe


def lbfgs(x, g, t, state, lr, *, fun, loss=None, memory=10, c1=1e-4, c2=0.9, trials=25):
    """Nocedal & Wright 2006 Algorithms 7.4 and 7.5 with steps by 3.5 and 3.6."""
    loss = fun(x)[0] if loss is None else loss
    pairs = state.setdefault("pairs", [])
    if "before" in state:
        s, y = x - state["before"][0], g - state["before"][1]
        if s @ y > 1e-12 * np.linalg.norm(s) * np.linalg.norm(y):  # guard
            pairs.append((s, y))
            del pairs[:-memory]
    state["before"] = x, g
    if not g.any():
        return x
    p = -two_loops(g, pairs)
    if not g @ p < 0:  # guard
        pairs.clear()
        p = -g
    first = lr if pairs else lr * min(1, 1 / np.sum(np.abs(g)))

    def phi(alpha):
        value, gradient = fun(x + alpha * p)
        return value, gradient @ p

    alpha = strong_wolfe(phi, loss, g @ p, first, c1, c2, trials)
    if alpha == 0:  # guard
        pairs.clear()
        del state["before"]
    return x + alpha * p


def two_loops(g, pairs):
    """Algorithm 7.4 with H_k^0 of eq. 7.20."""
    q, alphas = g, []
    for s, y in reversed(pairs):
        alphas.append((s @ q) / (y @ s))
        q = q - alphas[-1] * y
    r = q * (pairs[-1][0] @ pairs[-1][1]) / (pairs[-1][1] @ pairs[-1][1]) if pairs else q
    for (s, y), alpha in zip(pairs, reversed(alphas), strict=True):
        r = r + s * (alpha - (y @ r) / (y @ s))
    return r
