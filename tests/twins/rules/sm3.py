import numpy as np
from twins.means import mean_of
from twins.quotients import quotient
from twins.tensors import by_tensor


def sm3(x, g, t, state, lr, *, shapes=None, momentum=0.0):
    """Anil et al. 2019 (1901.11150) Algorithm SM3-II; a tensor is covered by its slices along every
    axis.
    """

    def tensor(w, g, state):
        g = np.atleast_1d(g)
        nu = np.full(g.shape, np.inf)
        for axis, size in enumerate(g.shape):
            mu = state.get(axis, np.zeros(size))
            nu = np.minimum(nu, mu.reshape([-1 if a == axis else 1 for a in range(g.ndim)]))
        nu = nu + g**2  # 7
        step = quotient(g, np.sqrt(nu))  # 8
        for axis in range(g.ndim):
            state[axis] = nu.max(tuple(a for a in range(g.ndim) if a != axis))  # 9, 10
        return w - lr * (mean_of(state, "m", momentum, step) if momentum else step).reshape(w.shape)

    return by_tensor(tensor, x, g, state, shapes)
