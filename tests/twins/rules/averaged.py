from twins.means import mean_of
from twins.wrapped import inside


def averaged(inner, x, g, t, state, lr, *, beta=0.999):
    """Kingma & Ba 2015 (1412.6980) section 7.2."""
    x = inside(inner, x, g, t, state)
    state["reported"] = mean_of(state, "mean", beta, x) / (1 - beta**t)
    return x
