from twins.rules.adam import direction


def adamw(x, g, t, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-4, scale=1.0):
    """Loshchilov & Hutter 2019 (1711.05101) Algorithm 2; `scale` is the schedule's eta_t."""
    return x - scale * (lr * direction(g, t, state, beta1, beta2, eps) + weight_decay * x)
