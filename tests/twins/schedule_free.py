"""The averaging that both schedule-free rules share: Defazio et al. 2024 (2405.15682)."""


def schedule_free_mean(y, z, state, gamma, beta):
    """Line 10, 11 and 5 of Algorithm 1: puts the paper's x into the state -> the next y."""
    state["weight"] = state.get("weight", 0.0) + gamma**2
    c = gamma**2 / state["weight"] if state["weight"] > 0 else 0.0  # 10
    x = state["reported"] = (1 - c) * state.get("reported", y) + c * z  # 11; eq. 5
    return (1 - beta) * z + beta * x  # 5; eq. 3
