"""The papers' algorithms in plain NumPy, continued: rules that see the whole run, matrices, or
evaluate further.

As in transcriptions.py. `loss` is the objective at x, `minimum` its smallest value, fun(point) ->
(loss, gradient) the same objective elsewhere. Products and norms of the rules by run are over the
whole vector.
"""

import numpy as np
from naive import adam
from transcriptions import by_tensor, mean_of, quotient

# --- by run


def dog(x, g, t, state, lr, *, reps_rel=1e-6, eps=0.0):
    """Ivgi, Hinder & Carmon 2023 (2302.12022) eq. DoG; r_eps = reps_rel (1 + |x_0|). The authors'
    code has eps = 1e-8.
    """
    start = state.setdefault("start", x)
    r = state["r"] = max(
        state.get("r", reps_rel * (1 + np.linalg.norm(start))), np.linalg.norm(x - start)
    )  # r bar
    total = state["G"] = state.get("G", 0.0) + g @ g  # G_t
    return x - lr * r * quotient(g, np.sqrt(total + eps))


def dowg(x, g, t, state, lr, *, reps_rel=1e-6, eps=0.0):
    """Khaled, Mishchenko & Jin 2023 (2305.16284) Algorithm 1; r_eps as in dog, eps is not in the
    paper.
    """
    start = state.setdefault("start", x)
    r = state["r"] = max(
        state.get("r", reps_rel * (1 + np.linalg.norm(start))), np.linalg.norm(x - start)
    )  # 4
    v = state["v"] = state.get("v", 0.0) + r**2 * (g @ g)  # 5
    return x - lr * r**2 * quotient(g, np.sqrt(v) + eps)  # 6, 7


def dadapt_sgd(x, g, t, state, lr, *, momentum=0.9, d0=1e-6, growth=np.inf):
    """Defazio & Mishchenko 2023 (2301.07733) Algorithm 4, SGD with D-Adaptation: beta is momentum;
    growth is the code's.
    """
    d, s, z, total = (
        state.setdefault(k, v) for k, v in (("d", d0), ("s", 0 * x), ("z", x), ("total", 0.0))
    )
    norm = state["g0"] = state.get("g0", 0.0) or np.linalg.norm(
        g
    )  # |g_0|; guard: the first that is not 0
    if norm == 0:
        return x
    lam = d * lr / norm
    total, s, z = total + lam * (g @ s), s + lam * g, z - lam * g
    state.update(total=total, s=s, z=z, d=_grown(d, 2 * total, np.linalg.norm(s), growth))
    return momentum * x + (1 - momentum) * z


def dadapt_adam(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-8, d0=1e-6, growth=np.inf):
    """Defazio & Mishchenko 2023 (2301.07733) Algorithm 5, Adam with D-Adaptation. The authors' code
    has A_k in r, not A_k+1.
    """
    d, s, root = state.get("d", d0), state.get("s", 0 * x), np.sqrt(beta2)
    m = mean_of(state, "m", beta1, d * lr * g)
    a = np.sqrt(mean_of(state, "v", beta2, g * g)) + eps  # A_(k+1)
    r = mean_of(state, "r", root, d * lr * (g @ (s / a)))
    s = mean_of(state, "s", root, d * lr * g)
    state["d"] = _grown(d, r, (1 - root) * np.sum(np.abs(s)), growth)
    return x - m / a


def _grown(d, numerator, denominator, growth=np.inf):
    """max(d, d hat), d hat at most growth * d; d where the estimate is 0 / 0 (guard)."""
    return max(d, min(numerator / denominator, d * growth)) if denominator > 0 else d


def prodigy(
    x, g, t, state, lr, *, beta1=0.9, beta2=0.999, beta3=0.0, eps=1e-8, d0=1e-6, d_coef=1.0
):
    """Mishchenko & Defazio 2024 (2306.06101), Prodigy's Adam version; beta3 = 0 stands for the
    paper's sqrt(beta2).

    The authors' code has the new d beside eps; its factors 1/d_0 and no 1 - beta3 cancel in d hat.
    """
    start, d, beta3 = state.setdefault("start", x), state.get("d", d0), beta3 or np.sqrt(beta2)
    m = mean_of(state, "m", beta1, d * g)  # 5
    v = mean_of(state, "v", beta2, d**2 * g**2)  # 6
    r = mean_of(state, "r", beta3, lr * d**2 * (g @ (start - x)))  # 7
    s = mean_of(state, "s", beta3, lr * d**2 * g)  # 8
    state["d"] = _grown(d, d_coef * r, np.sum(np.abs(s)))  # 9, 10
    return x - lr * d * m / (np.sqrt(v) + d * eps)  # 11


def sps(x, g, t, state, lr, *, loss, minimum, c=0.5):
    """Loizou et al. 2021 (2002.10542) eq. SPS_max; gamma_b is lr."""
    gap, square = max(loss - minimum, 0.0), g @ g  # guard: 0
    return x - min(gap / (c * square), lr) * g if square > 0 else x


def adaptive_gd(x, g, t, state, lr):
    """Malitsky & Mishchenko 2020 (1910.09529) Algorithm 1; lambda_0 is lr."""
    lam, theta = state.get("lam", 0.0), state.get("theta", np.inf)
    if lam == 0:
        new, theta = lr, np.inf  # 1, 2; guard: again where a step was 0
    else:
        dx, dg = np.linalg.norm(x - state["x"]), np.linalg.norm(g - state["g"])
        new = min(
            np.sqrt(1 + theta) * lam, dx / (2 * dg) if dx > 0 and dg > 0 else np.inf
        )  # 4; guard: inf
        new = lam if new == np.inf else new  # guard
        theta = new / lam  # 6
    state.update(x=x, g=g, lam=new, theta=theta)
    return x - new * g  # 5


def barzilai_borwein(x, g, t, state, lr, *, long=True):
    """Barzilai & Borwein 1988, the step of eq. 5 (short) or 6 (long); lr at first and where
    curvature is not positive.
    """
    s, y = x - state.get("x", x), g - state.get("g", g)
    state.update(x=x, g=g)
    if not s @ y > 0:
        return x - lr * g
    return x - ((s @ s) / (s @ y) if long else (s @ y) / (y @ y)) * g


def hypergradient(x, g, t, state, lr, *, beta=1e-3):
    """Baydin et al. 2018 (1703.04782) Algorithm 4, SGD-HD; a schedule acts on alpha_0 = lr."""
    h = g @ -state.get("g", 0 * g)  # h_t = g_t . grad_alpha u_(t-1)
    state["sum"], state["g"] = state.get("sum", 0.0) + h, g
    return x - (lr - beta * state["sum"]) * g  # alpha_t, u_t


# --- by matrix; every other tensor as the paper has it, or by a simpler rule
# ------------------------------------------


def muon(
    x,
    g,
    t,
    state,
    lr,
    *,
    other,
    shapes=None,
    momentum=0.95,
    nesterov=True,
    steps=5,
    weight_decay=0.0,
    eps=1e-7,
    otherwise_ratio=0.05,
):
    """Jordan et al. 2024, Muon: An optimizer for hidden layers, Algorithm 2 and its code; other
    tensors Adam.

    Tensors are (inputs, outputs), the transposes of the author's.
    """

    def tensor(w, g, state):
        if w.ndim != 2:
            return adam(w, g, t, state, lr * otherwise_ratio, **other)
        b = state["b"] = (
            momentum * state.get("b", 0.0) + g
        )  # 4 (the code: a mean, the same after normalisation)
        o = g + momentum * b if nesterov else b
        o = o / (np.linalg.norm(o) + eps)  # 5: NewtonSchulz5
        o = o.T if w.shape[0] > w.shape[1] else o
        for _ in range(steps):
            a = o @ o.T
            o = 3.4445 * o + (-4.7750 * a + 2.0315 * a @ a) @ o
        o = o.T if w.shape[0] > w.shape[1] else o
        return w - lr * weight_decay * w - lr * np.sqrt(max(1, w.shape[1] / w.shape[0])) * o  # 6

    return by_tensor(tensor, x, g, state, shapes)


def shampoo(x, g, t, state, lr, *, other, shapes=None, eps=1e-4, otherwise_ratio=0.1):
    """Gupta, Koren & Singer 2018 (1802.09568) Algorithm 1; other tensors by its diagonal: Adagrad
    from a small number.
    """

    def fourth_root(p):
        values, vectors = np.linalg.eigh(p)
        values = np.maximum(values, eps)  # guard, as is the next
        return (
            vectors * quotient(np.ones_like(values), np.maximum(values, 0) ** 0.25) @ vectors.T
        )  # p^(-1/4)

    def tensor(w, g, state):
        if w.ndim != 2:
            h = state["h"] = state.get("h", other["initial"]) + g**2
            return w - lr * otherwise_ratio * quotient(g, np.sqrt(h))
        left = state["L"] = state.get("L", eps * np.eye(w.shape[0])) + g @ g.T  # L_t
        right = state["R"] = state.get("R", eps * np.eye(w.shape[1])) + g.T @ g  # R_t
        return w - lr * fourth_root(left) @ g @ fourth_root(right)  # W_(t+1)

    return by_tensor(tensor, x, g, state, shapes)


def soap(
    x,
    g,
    t,
    state,
    lr,
    *,
    other,
    shapes=None,
    otherwise_ratio=1 / 3,
    beta1=0.95,
    beta2=0.95,
    every=10,
    eps=1e-8,
):
    """Vyas et al. 2024 (2409.11321) Algorithms 3 and 4, with Adam's correction; other tensors Adam.

    The first gradient makes the basis and moves nothing (the authors' code). It sorts the basis
    besides; the paper does not.
    """

    def matrix(w, g, state):
        if t == 1:
            left, right = state["L"], state["R"] = (1 - beta2) * g @ g.T, (1 - beta2) * g.T @ g
            state["QL"], state["QR"] = (
                np.linalg.eigh(p)[1][:, ::-1] for p in (left, right)
            )  # largest eigenvalue first
            return w
        ql, qr, k = state["QL"], state["QR"], t - 1
        rotated = ql.T @ g @ qr  # 3
        m = ql.T @ mean_of(state, "M", beta1, g) @ qr  # 4, 5
        v = mean_of(state, "V", beta2, rotated**2)  # 7
        n = (m / (1 - beta1**k)) / (np.sqrt(v / (1 - beta2**k)) + eps)  # 8
        left, right = (
            mean_of(state, "L", beta2, g @ g.T),
            mean_of(state, "R", beta2, g.T @ g),
        )  # 13, 14
        if k % every == 0:  # 15
            state["QL"], state["QR"] = (
                np.linalg.qr(left @ ql)[0],
                np.linalg.qr(right @ qr)[0],
            )  # 16, 17
        return w - lr * ql @ n @ qr.T  # 10, 11

    def tensor(w, g, state):
        return (
            matrix(w, g, state)
            if w.ndim == 2
            else adam(w, g, t, state, lr * otherwise_ratio, **other)
        )

    return by_tensor(tensor, x, g, state, shapes)


def adafactor(
    x, g, t, state, lr, *, shapes=None, decay=0.8, eps1=1e-30, eps2=1e-3, clip=1.0, relative=True
):
    """Shazeer & Stern 2018 (1804.04235) Algorithm 4 (matrices) and 5 (other tensors), values of 6:
    rho_t <= lr.
    """

    def rms(a):
        return np.sqrt(np.mean(a**2))

    def tensor(w, g, state):
        alpha = max(eps2, rms(w)) * min(lr, 1 / np.sqrt(t)) if relative else lr  # 3
        beta, square = 1 - t**-decay, g**2 + eps1
        if w.ndim == 2:
            r = mean_of(state, "R", beta, square.sum(1))  # 5
            c = mean_of(state, "C", beta, square.sum(0))  # 6
            v = np.outer(r, c) / r.sum()  # 7
        else:
            v = mean_of(state, "V", beta, square)
        u = g / np.sqrt(v)  # 8
        return w - alpha * u / max(1, rms(u) / clip)  # 9, 10

    return by_tensor(tensor, x, g, state, shapes)


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


# --- with further evaluations


def armijo(x, g, t, state, lr, *, fun, loss=None, c=1e-4, shrink=0.5, trials=50):
    """Nocedal & Wright 2006 Algorithm 3.1 (Armijo 1966) along -g; after `trials` of them x
    stays.
    """
    loss = fun(x)[0] if loss is None else loss
    alpha = lr
    for _ in range(trials if g.any() else 0):
        if fun(x - alpha * g)[0] <= loss - c * alpha * (g @ g):
            return x - alpha * g
        alpha *= shrink
    return x


def lbfgs(x, g, t, state, lr, *, fun, loss=None, memory=10, c1=1e-4, c2=0.9, trials=25):
    """Nocedal & Wright 2006 Algorithms 7.4 and 7.5 with steps by 3.5 and 3.6."""
    loss = fun(x)[0] if loss is None else loss
    pairs = state.setdefault("pairs", [])
    if "before" in state:
        s, y = x - state["before"][0], g - state["before"][1]
        if s @ y > 1e-12 * np.linalg.norm(s) * np.linalg.norm(y):  # guard
            pairs.append((s, y))
            del pairs[:-memory]
    state["before"] = x, g
    if not g.any():
        return x
    p = -_two_loops(g, pairs)
    if not g @ p < 0:  # guard
        pairs.clear()
        p = -g
    first = lr if pairs else lr * min(1, 1 / np.sum(np.abs(g)))

    def phi(alpha):
        value, gradient = fun(x + alpha * p)
        return value, gradient @ p

    alpha = strong_wolfe(phi, loss, g @ p, first, c1, c2, trials)
    if alpha == 0:  # guard
        pairs.clear()
        del state["before"]
    return x + alpha * p


def _two_loops(g, pairs):
    """Algorithm 7.4 with H_k^0 of eq. 7.20."""
    q, alphas = g, []
    for s, y in reversed(pairs):
        alphas.append((s @ q) / (y @ s))
        q = q - alphas[-1] * y
    r = q * (pairs[-1][0] @ pairs[-1][1]) / (pairs[-1][1] @ pairs[-1][1]) if pairs else q
    for (s, y), alpha in zip(pairs, reversed(alphas), strict=True):
        r = r + s * (alpha - (y @ r) / (y @ s))
    return r


def strong_wolfe(phi, value0, slope0, first, c1, c2, trials):
    """Algorithm 3.5, then zoom, 3.6: a step by the strong Wolfe conditions, or after `trials` the
    best that descends, or 0.
    """
    low, alpha, zooming = (0.0, value0, slope0), first, False
    high = low
    for trial in range(trials):
        if zooming:
            alpha = _between(low, high)
        value, slope = phi(alpha)
        new = (alpha, value, slope)
        if not value <= value0 + c1 * alpha * slope0 or (
            value >= low[1] and (zooming or trial > 0)
        ):
            zooming, high = True, new
        elif abs(slope) <= -c2 * slope0:
            return alpha
        elif zooming:
            high = low if slope * (high[0] - low[0]) >= 0 else high
            low = new
        elif slope >= 0:
            zooming, low, high = True, new, low
        else:
            low, alpha = new, 2 * alpha
    return low[0]


def _between(low, high):
    """Eq. 3.59, the cubic's minimiser; the midpoint where that is none or within a tenth of an end
    (guard).
    """
    (a, value_a, slope_a), (b, value_b, slope_b) = low, high
    with np.errstate(all="ignore"):
        d1 = slope_a + slope_b - 3 * (value_a - value_b) / (a - b)
        d2 = np.sign(b - a) * np.sqrt(d1**2 - slope_a * slope_b)
        alpha = b - (b - a) * np.divide(slope_b + d2 - d1, slope_b - slope_a + 2 * d2)
    margin = 0.1 * abs(b - a)
    return alpha if min(a, b) + margin <= alpha <= max(a, b) - margin else (a + b) / 2


UPDATES = {
    rule.__name__: rule
    for rule in (
        dog,
        dowg,
        dadapt_sgd,
        dadapt_adam,
        prodigy,
        sps,
        adaptive_gd,
        barzilai_borwein,
        hypergradient,
        muon,
        shampoo,
        soap,
        adafactor,
        sm3,
        armijo,
        lbfgs,
    )
}
