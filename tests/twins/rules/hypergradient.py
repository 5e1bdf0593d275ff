def hypergradient(x, g, t, state, lr, *, beta=1e-3):
    """Baydin et al. 2018 (1703.04782) Algorithm 4, SGD-HD; a schedule acts on alpha_0 = lr."""
    h = g @ -state.get("g", 0 * g)  # h_t = g_t . grad_alpha u_(t-1)
    state["sum"], state["g"] = state.get("sum", 0.0) + h, g
    return x - (lr - beta * state["sum"]) * g  # alpha_t, u_t
