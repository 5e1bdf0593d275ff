from twins.schedule_free import schedule_free_mean


def schedule_free_sgd(x, g, t, state, lr, *, beta=0.9):
    """Defazio et al. 2024 (2405.15682) eq. 3-5; the rule's x is the paper's y, and what is reported
    is the paper's x.
    """
    z = state["z"] = state.get("z", x) - lr * g  # 4: z_(t+1)
    return schedule_free_mean(x, z, state, lr, beta)
