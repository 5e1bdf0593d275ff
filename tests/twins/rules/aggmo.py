def aggmo(x, g, t, state, lr, *, beta1=0.0, beta2=0.9, beta3=0.99):
    """Lucas et al. 2019 (1804.00325), Aggregated Momentum with three velocities."""
    for beta in (beta1, beta2, beta3):
        state[beta] = beta * state.get(beta, 0.0) - g  # v_t^(i)
    return x + lr / 3 * (state[beta1] + state[beta2] + state[beta3])
