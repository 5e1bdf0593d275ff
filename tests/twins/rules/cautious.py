from twins.tensors import by_tensor
from twins.wrapped import inside


def cautious(inner, x, g, t, state, lr, *, shapes=None, eps=1e-8):
    """Liang et al. 2024 (2411.16085) Algorithm 1, u the inner rule's whole step. The authors' code
    clamps the mean at 1e-3.
    """

    def tensor(u, g, _):
        mask = u * g > 0  # 2
        return u * mask / (mask.mean() + eps)  # 3

    return x - by_tensor(tensor, x - inside(inner, x, g, t, state), g, {}, shapes)
