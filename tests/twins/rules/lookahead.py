from twins.wrapped import inside


def lookahead(inner, x, g, t, state, lr, *, every=5, alpha=0.5):
    """Zhang et al. 2019 (1907.08610) Algorithm 1: x is theta (fast), `slow` is phi."""
    slow = state.setdefault("slow", x)
    fast = inside(inner, x, g, t, state)
    if t % every:
        return fast
    state["slow"] = slow + alpha * (fast - slow)
    return state["slow"]
