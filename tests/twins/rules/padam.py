from twins.means import largest_of, mean_of


def padam(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, partial=0.125, eps=1e-8):
    """Chen et al. 2018 (1806.06763) Algorithm 1; eps is not in the paper. The authors' code
    corrects the bias.
    """
    m, v = mean_of(state, "m", beta1, g), mean_of(state, "v", beta2, g * g)
    return x - lr * m / (largest_of(state, "v_hat", v) ** partial + eps)
