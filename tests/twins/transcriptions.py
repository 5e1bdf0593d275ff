"""The papers' algorithms in plain NumPy, line by line: rules by coordinate and by tensor, and
wrappers.

    rule(x, g, t, state, lr, *, settings) -> the next x        float64 (n,), t = 1, 2, ...; `state`
    is a dict, empty at first

A rule that averages puts the point to be evaluated into state["reported"]. `shapes` are the tensors
((name, shape), ...) that lie one after another in x; without them x is one tensor. Comments beside
the lines give the paper's line number, or its name for the quantity where lines have no numbers;
"guard" marks what the paper leaves undefined (mostly 0 / 0). transcriptions_runs.py holds the rules
that see the whole run, matrices, or evaluate further.
"""

import math

import numpy as np


def by_tensor(rule, x, g, state, shapes):
    """rule(tensor, its gradient, its own state) on every tensor: the new x."""
    new, at = np.empty_like(x), 0
    for name, shape in shapes or (("x", x.shape),):
        part = slice(at, at + math.prod(shape))
        new[part] = np.ravel(
            rule(x[part].reshape(shape), g[part].reshape(shape), state.setdefault(name, {}))
        )
        at = part.stop
    return new


def mean_of(state, name, beta, new):
    """The running mean beta * old + (1 - beta) * new, 0 at first, kept in the state."""
    state[name] = beta * state.get(name, 0.0) + (1 - beta) * new
    return state[name]


def largest_of(state, name, new):
    state[name] = np.maximum(state.get(name, 0.0), new)
    return state[name]


def quotient(a, b):
    """a / b, and 0 where b is 0."""
    return np.divide(a, b, out=np.zeros(np.broadcast(a, b).shape), where=np.asarray(b) != 0)


# --- coordinate-wise
# -------------------------------------------------------------------------------------------------


def averaged_sgd(x, g, t, state, lr, *, rate=1.0, alpha=0.75, lambd=0.0, begin=0):
    """Polyak & Juditsky 1992: steps falling more slowly than 1/t, and the mean of the points
    x_(begin + 1), ..., x_t.

    With rate 0 and lambd > 0 the form of Bottou's asgd.
    """
    eta = lr * (1 + (rate + lambd * lr) * (t - 1)) ** -alpha  # gamma_t
    mean = state.get("reported", x)
    x = x - eta * (g + lambd * x)
    state["reported"] = mean + (x - mean) / max(1, t - begin)  # x bar
    return x


def rprop(
    x, g, t, state, lr, *, eta_minus=0.5, eta_plus=1.2, smallest=1e-6, largest=50.0, backtrack=True
):
    """Riedmiller & Braun 1993 (RPROP), the adaptation rule of section II; lr is Delta_0 and read at
    first only.

    backtrack=False, as in libraries: no step at a change of sign, where the paper undoes the last
    one.
    """
    size, before, last = (
        state.get("size", np.full_like(x, lr)),
        state.get("before", 0 * x),
        state.get("last", 0 * x),
    )
    same, turned = before * g > 0, before * g < 0
    size = np.where(same, np.minimum(size * eta_plus, largest), size)
    size = np.where(turned, np.maximum(size * eta_minus, smallest), size)
    state["size"], state["before"] = size, np.where(turned, 0.0, g)  # dE/dw(t) := 0 at a turn
    state["last"] = np.where(turned, -last if backtrack else 0.0, -np.sign(g) * size)  # Delta w(t)
    return x + state["last"]


def rmsprop_centered(x, g, t, state, lr, *, decay=0.9, eps=1e-8, eps_root=0.0):
    """Graves 2013 (1308.0850) eq. 38-40, the variance in place of the second moment, with no
    momentum.
    """
    v, mean = mean_of(state, "v", decay, g * g), mean_of(state, "mean", decay, g)
    return x - lr * g / (np.sqrt(np.maximum(v - mean**2, 0) + eps_root) + eps)  # guard: max


def rmsprop_momentum(
    x, g, t, state, lr, *, decay=0.95, momentum=0.9, eps=0.0, eps_root=1e-4, centered=True
):
    """Graves 2013 (1308.0850) eq. 38-41."""
    n = mean_of(state, "n", decay, g * g)  # 38
    mean = mean_of(state, "g", decay, g) if centered else 0.0  # 39
    root = np.sqrt(np.maximum(n - mean**2, 0) + eps_root) + eps  # guard: max
    state["delta"] = momentum * state.get("delta", 0.0) - lr * quotient(g, root)  # 40
    return x + state["delta"]  # 41


def adagrad(x, g, t, state, lr, *, eps=1e-10, eps_root=0.0, initial=0.0):
    """Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices: the sum of all squares anew at
    each step.
    """
    history = state.setdefault("history", [])
    history.append(g)
    return x - lr * g / (np.sqrt(initial + np.sum(np.square(history), axis=0) + eps_root) + eps)


def adadelta(x, g, t, state, lr, *, rho=0.95, eps=1e-6):
    """Zeiler 2012 (1212.5701) Algorithm 1; lr is not in the paper."""
    v = mean_of(state, "E[g2]", rho, g**2)  # 4
    move = -np.sqrt(state.get("E[dx2]", 0.0) + eps) / np.sqrt(v + eps) * g  # 5
    mean_of(state, "E[dx2]", rho, move**2)  # 6
    return x + lr * move  # 7


def adamax(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-8):
    """Kingma & Ba 2015 (1412.6980) Algorithm 2; eps is not in the paper."""
    m = mean_of(state, "m", beta1, g)
    u = state["u"] = np.maximum(beta2 * state.get("u", 0.0), np.abs(g) + eps)
    return x - lr / (1 - beta1**t) * m / u


def nadam(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-8, psi=4e-3):
    """Dozat 2016, Algorithm 2, with its schedule mu_t = beta1 (1 - 0.96^(t psi) / 2)."""
    mus = [beta1 * (1 - 0.5 * 0.96 ** (i * psi)) for i in range(1, t + 2)]
    m, v = mean_of(state, "m", beta1, g), mean_of(state, "n", beta2, g**2)
    g_hat = g / (1 - math.prod(mus[:-1]))
    m_hat = m / (1 - math.prod(mus))
    return x - lr * (mus[-1] * m_hat + (1 - mus[-2]) * g_hat) / (np.sqrt(v / (1 - beta2**t)) + eps)


def amsgrad(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-8, correction=0):
    """Reddi, Kale & Kumar 2018 (1904.09237) Algorithm 2. correction: 0 none (the paper), 1 after
    the maximum, 2 before it.
    """
    m, v = mean_of(state, "m", beta1, g), mean_of(state, "v", beta2, g * g)
    m_hat = m / (1 - beta1**t) if correction else m
    v_hat = largest_of(state, "v_hat", v / (1 - beta2**t) if correction == 2 else v)
    v_hat = v_hat / (1 - beta2**t) if correction == 1 else v_hat
    return x - lr * m_hat / (np.sqrt(v_hat) + eps)  # guard: eps


def radam(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-8, threshold=4.0, eps_hat=False):
    """Liu et al. 2020 (1908.03265) Algorithm 2. eps is not in the paper; eps_hat puts it beside the
    uncorrected root.
    """
    rho_inf = 2 / (1 - beta2) - 1  # 2
    v, m = mean_of(state, "v", beta2, g * g), mean_of(state, "m", beta1, g)  # 5, 6
    m_hat = m / (1 - beta1**t)  # 7
    rho = rho_inf - 2 * t * beta2**t / (1 - beta2**t)  # 8
    if not rho > threshold:  # 9
        return x - lr * m_hat  # 13
    c = np.sqrt(1 - beta2**t)
    adaptive = c / (np.sqrt(v) + eps) if eps_hat else 1 / (np.sqrt(v) / c + eps)  # 10
    r = np.sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))  # 11
    return x - lr * r * m_hat * adaptive  # 12


def yogi(
    x,
    g,
    t,
    state,
    lr,
    *,
    beta1=0.9,
    beta2=0.999,
    eps=1e-3,
    initial=1e-6,
    initial_m=0.0,
    debias=False,
):
    """Zaheer et al. 2018 (Adaptive Methods for Nonconvex Optimization) Algorithm 2."""
    v = state.get("v", initial)
    state.setdefault("m", initial_m)
    m = mean_of(state, "m", beta1, g)
    v = state["v"] = v - (1 - beta2) * np.sign(v - g**2) * g**2
    if debias:
        m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    return x - lr * m / (np.sqrt(v) + eps)


def adabelief(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-16, eps_root=1e-16):
    """Zhuang et al. 2020 (2010.07468) Algorithm 2; its one epsilon is eps_root inside s_t and eps
    beside the root.
    """
    m = mean_of(state, "m", beta1, g)
    s = state["s"] = beta2 * state.get("s", 0.0) + (1 - beta2) * (g - m) ** 2 + eps_root
    return x - lr * (m / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + eps)


def adabound(
    x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-8, final=0.1, gamma=1e-3, scale=1.0
):
    """Luo et al. 2019 (1902.09843) Algorithm 2 with the bounds of section 4; `scale`, a schedule's,
    is its 1/sqrt(t).

    eps is not in the paper. The authors' code corrects the bias of m and v besides, and applies no
    1/sqrt(t).
    """
    low, high = final * (1 - 1 / (gamma * t + 1)), final * (1 + 1 / (gamma * t))
    m, v = mean_of(state, "m", beta1, g), mean_of(state, "v", beta2, g * g)  # 4, 5
    eta = scale * np.clip((lr / scale if scale else 0.0) / (np.sqrt(v) + eps), low, high)  # 6
    return x - eta * m  # 7


def padam(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, partial=0.125, eps=1e-8):
    """Chen et al. 2018 (1806.06763) Algorithm 1; eps is not in the paper. The authors' code
    corrects the bias.
    """
    m, v = mean_of(state, "m", beta1, g), mean_of(state, "v", beta2, g * g)
    return x - lr * m / (largest_of(state, "v_hat", v) ** partial + eps)


def adan(
    x,
    g,
    t,
    state,
    lr,
    *,
    beta1=0.98,
    beta2=0.92,
    beta3=0.99,
    eps=1e-8,
    weight_decay=0.0,
    debias=False,
):
    """Xie et al. 2022 (2208.06677) Algorithm 1; its beta is 1 - beta here. The authors' code starts
    at 0 and corrects.
    """
    diff = g - state.get("g", 0 * g) if t > 1 else 0 * g
    state["g"] = g
    if t == 1 and not debias:
        state.update(m=g, v=0 * g, n=g**2)  # m_0 = g_0, n_0 = g_0^2
    else:
        mean_of(state, "m", beta1, g)  # 3
        mean_of(state, "v", beta2, diff)  # 4
        mean_of(state, "n", beta3, (g + beta2 * diff) ** 2)  # 5
    if t == 2 and not debias:
        state["v"] = diff  # v_1 = g_1 - g_0
    m, v, n = (
        state[k] / (1 - b**t if debias else 1)
        for k, b in (("m", beta1), ("v", beta2), ("n", beta3))
    )
    eta = lr / (np.sqrt(n) + eps)  # 6
    return (x - eta * (m + beta2 * v)) / (1 + lr * weight_decay)  # 7


def laprop(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-15):
    """Ziyin, Wang & Ueda 2020 (2002.04839) Algorithm 1: nu is beta2, mu is beta1."""
    n = mean_of(state, "n", beta2, g * g)
    m = mean_of(state, "m", beta1, g / (np.sqrt(n / (1 - beta2**t)) + eps))
    return x - lr * m / (1 - beta1**t)


def adopt(x, g, t, state, lr, *, beta1=0.9, beta2=0.9999, eps=1e-6, clip=0.25):
    """Taniguchi et al. 2024 (2411.02853), ADOPT with clipping: c_t = t^clip; its t = 1 is the
    second gradient here.
    """
    if t == 1:
        state["v"] = g**2  # v_0 = g_0^2
        return x
    v = state.get("v", 0 * g)
    normed = g / np.maximum(np.sqrt(v), eps)
    if clip > 0:
        normed = np.clip(normed, -((t - 1) ** clip), (t - 1) ** clip)
    state["v"] = beta2 * v + (1 - beta2) * g**2
    return x - lr * mean_of(state, "m", beta1, normed)


def ademamix(
    x,
    g,
    t,
    state,
    lr,
    *,
    beta1=0.9,
    beta2=0.999,
    beta3=0.9999,
    alpha=5.0,
    eps=1e-8,
    weight_decay=0.0,
    warmup=0,
):
    """Pagliardini, Ablin & Grangier 2024 (2409.03137) Algorithm 1, with its schedulers of alpha and
    beta3 over `warmup`.
    """
    if warmup > 0:
        alpha = min(t * alpha / warmup, alpha)  # f_alpha
        share, log1, log3 = min(t / warmup, 1.0), np.log(beta1), np.log(beta3)
        beta3 = min(
            np.exp(log1 * log3 / ((1 - share) * log3 + share * log1)), beta3
        )  # f_beta3 from beta_start = beta1
    m1 = mean_of(state, "m1", beta1, g) / (1 - beta1**t)
    m2 = mean_of(state, "m2", beta3, g)
    nu = mean_of(state, "nu", beta2, g * g) / (1 - beta2**t)
    return x - lr * ((m1 + alpha * m2) / (np.sqrt(nu) + eps) + weight_decay * x)


def madgrad(x, g, t, state, lr, *, momentum=0.9, eps=1e-6):
    """Defazio & Jelassi 2021 (2101.11075) Algorithm 1: c is 1 - momentum."""
    start = state.setdefault("start", x)
    lam = lr * np.sqrt(t)  # 4
    s = state["s"] = state.get("s", 0.0) + lam * g  # 5
    nu = state["nu"] = state.get("nu", 0.0) + lam * g**2  # 6
    z = start - s / (np.cbrt(nu) + eps)  # 7
    return momentum * x + (1 - momentum) * z  # 8


def qhm(x, g, t, state, lr, *, nu=0.7, beta=0.999):
    """Ma & Yarats 2019 (1810.06801) eq. 3 and 4."""
    return x - lr * ((1 - nu) * g + nu * mean_of(state, "g", beta, g))


def qhadam(x, g, t, state, lr, *, nu1=0.7, nu2=1.0, beta1=0.995, beta2=0.999, eps=1e-8):
    """Ma & Yarats 2019 (1810.06801), QHAdam."""
    m = mean_of(state, "g", beta1, g) / (1 - beta1**t)
    s = mean_of(state, "s", beta2, g**2) / (1 - beta2**t)
    return x - lr * ((1 - nu1) * g + nu1 * m) / (np.sqrt((1 - nu2) * g**2 + nu2 * s) + eps)


def aggmo(x, g, t, state, lr, *, beta1=0.0, beta2=0.9, beta3=0.99):
    """Lucas et al. 2019 (1804.00325), Aggregated Momentum with three velocities."""
    for beta in (beta1, beta2, beta3):
        state[beta] = beta * state.get(beta, 0.0) - g  # v_t^(i)
    return x + lr / 3 * (state[beta1] + state[beta2] + state[beta3])


def signsgd(x, g, t, state, lr):
    """Bernstein et al. 2018 (1802.04434) Algorithm 1."""
    return x - lr * np.sign(g)


def signum(x, g, t, state, lr, *, momentum=0.9):
    """Bernstein et al. 2018 (1802.04434) Algorithm 2."""
    return x - lr * np.sign(mean_of(state, "m", momentum, g))


def schedule_free_sgd(x, g, t, state, lr, *, beta=0.9):
    """Defazio et al. 2024 (2405.15682) eq. 3-5; the rule's x is the paper's y, and what is reported
    is the paper's x.
    """
    z = state["z"] = state.get("z", x) - lr * g  # 4: z_(t+1)
    return _schedule_free_mean(x, z, state, lr, beta)


def schedule_free_adamw(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    """Defazio et al. 2024 (2405.15682) Algorithm 1, x and y as above.

    The authors' code corrects v before eps is added and weights by the largest lr so far, not by
    gamma_t.
    """
    v = mean_of(state, "v", beta2, g * g)  # 7
    gamma = lr * np.sqrt(1 - beta2**t)  # 8
    z = state["z"] = (
        state.get("z", x) - gamma * g / (np.sqrt(v) + eps) - gamma * weight_decay * x
    )  # 9
    return _schedule_free_mean(x, z, state, gamma, beta1)


def _schedule_free_mean(y, z, state, gamma, beta):
    state["weight"] = state.get("weight", 0.0) + gamma**2
    c = gamma**2 / state["weight"] if state["weight"] > 0 else 0.0  # 10
    x = state["reported"] = (1 - c) * state.get("reported", y) + c * z  # 11; eq. 5
    return (1 - beta) * z + beta * x  # 5; eq. 3


# --- by tensor


def lars(x, g, t, state, lr, *, shapes=None, momentum=0.9, trust=1e-3, weight_decay=0.0):
    """You, Gitman & Ginsburg 2017 (1708.03888) Algorithm 1."""

    def layer(w, g, state):
        norm, total = np.linalg.norm(w), np.linalg.norm(g) + weight_decay * np.linalg.norm(w)
        local = trust * norm / total if norm > 0 and total > 0 else 1.0  # lambda; guard: 1
        state["v"] = momentum * state.get("v", 0.0) + lr * local * (g + weight_decay * w)
        return w - state["v"]

    return by_tensor(layer, x, g, state, shapes)


def lamb(
    x,
    g,
    t,
    state,
    lr,
    *,
    shapes=None,
    beta1=0.9,
    beta2=0.999,
    eps=1e-6,
    weight_decay=0.0,
    debias=True,
):
    """You et al. 2020 (1904.00962) Algorithm 2, phi(z) = z."""

    def layer(w, g, state):
        m, v = mean_of(state, "m", beta1, g), mean_of(state, "v", beta2, g * g)
        if debias:
            m, v = m / (1 - beta1**t), v / (1 - beta2**t)
        r = m / (np.sqrt(v) + eps) + weight_decay * w
        norm, length = np.linalg.norm(w), np.linalg.norm(r)
        return w - lr * (norm / length if norm > 0 and length > 0 else 1.0) * r  # guard: 1

    return by_tensor(layer, x, g, state, shapes)


def novograd(
    x, g, t, state, lr, *, shapes=None, beta1=0.95, beta2=0.98, eps=1e-8, weight_decay=0.0
):
    """Ginsburg et al. 2019 (1905.11286) Algorithm 1: v_1 = |g_1|^2, m_1 = g_1/|g_1| + d w (here
    with eps at t = 1 too).
    """

    def layer(w, g, state):
        square = np.sum(g**2)
        state["v"] = beta2 * state["v"] + (1 - beta2) * square if t > 1 else square
        state["m"] = (
            beta1 * state.get("m", 0.0) + quotient(g, np.sqrt(state["v"]) + eps) + weight_decay * w
        )
        return w - lr * state["m"]

    return by_tensor(layer, x, g, state, shapes)


def normalized_sgd(x, g, t, state, lr, *, shapes=None):
    """Hazan, Levy & Shalev-Shwartz 2015 (1507.02030) Algorithm 1, tensor by tensor."""
    return by_tensor(lambda w, g, _: w - lr * quotient(g, np.linalg.norm(g)), x, g, state, shapes)


# --- wrappers: inner(x, g, t, its state) -> the next x
# ---------------------------------------------------------------


def inside(inner, x, g, t, state):
    """The inner rule's next x; what it reports is reported."""
    own = state.setdefault("inner", {})
    x = inner(x, g, t, own)
    if "reported" in own:
        state["reported"] = own["reported"]
    return x


def lookahead(inner, x, g, t, state, lr, *, every=5, alpha=0.5):
    """Zhang et al. 2019 (1907.08610) Algorithm 1: x is theta (fast), `slow` is phi."""
    slow = state.setdefault("slow", x)
    fast = inside(inner, x, g, t, state)
    if t % every:
        return fast
    state["slow"] = slow + alpha * (fast - slow)
    return state["slow"]


def cautious(inner, x, g, t, state, lr, *, shapes=None, eps=1e-8):
    """Liang et al. 2024 (2411.16085) Algorithm 1, u the inner rule's whole step. The authors' code
    clamps the mean at 1e-3.
    """

    def tensor(u, g, _):
        mask = u * g > 0  # 2
        return u * mask / (mask.mean() + eps)  # 3

    return x - by_tensor(tensor, x - inside(inner, x, g, t, state), g, {}, shapes)


def clip_value(inner, x, g, t, state, lr, *, limit=1.0):
    return inside(inner, x, np.clip(g, -limit, limit), t, state)


def clip_norm(inner, x, g, t, state, lr, *, limit=1.0):
    """Pascanu, Mikolov & Bengio 2013 (1211.5063) Algorithm 1, the whole vector's norm."""
    norm = np.linalg.norm(g)
    return inside(inner, x, limit / norm * g if norm > limit else g, t, state)


def decay(inner, x, g, t, state, lr, *, weight_decay=1e-2):
    """Loshchilov & Hutter 2019 (1711.05101) Algorithm 2, but times lr (libraries), not times the
    schedule alone.
    """
    return inside(inner, x, g, t, state) - lr * weight_decay * x


def l2(inner, x, g, t, state, lr, *, weight_decay=1e-2):
    return inside(inner, x, g + weight_decay * x, t, state)


def selective(inner, x, g, t, state, lr):
    """Coordinates one by one, each with a state of its own, those with no gradient left out. t is
    the run's.
    """
    inners, new = state.setdefault("inner", [{} for _ in x]), x.copy()
    for i in np.flatnonzero(g):
        new[i : i + 1] = inner(x[i : i + 1], g[i : i + 1], t, inners[i])
    if any("reported" in own for own in inners):
        state["reported"] = np.array(
            [own.get("reported", [at])[0] for own, at in zip(inners, x, strict=True)]
        )
    return new


def sam(inner, x, g, t, state, lr, *, fun, rho=0.05):
    """Foret et al. 2021 (2010.01412) Algorithm 1 with p = 2, the whole vector's norm."""
    norm = np.linalg.norm(g)
    if norm > 0:
        g = fun(x + rho * g / norm)[1]  # epsilon hat, then the gradient there
    return inside(inner, x, g, t, state)


def averaged(inner, x, g, t, state, lr, *, beta=0.999):
    """Kingma & Ba 2015 (1412.6980) section 7.2."""
    x = inside(inner, x, g, t, state)
    state["reported"] = mean_of(state, "mean", beta, x) / (1 - beta**t)
    return x


UPDATES = {
    rule.__name__: rule
    for rule in (
        averaged_sgd,
        rprop,
        adagrad,
        adadelta,
        adamax,
        nadam,
        rmsprop_centered,
        rmsprop_momentum,
        amsgrad,
        radam,
        yogi,
        adabelief,
        adabound,
        padam,
        adan,
        laprop,
        adopt,
        ademamix,
        madgrad,
        qhm,
        qhadam,
        aggmo,
        signsgd,
        signum,
        schedule_free_sgd,
        schedule_free_adamw,
        lars,
        lamb,
        novograd,
        normalized_sgd,
    )
}
WRAPPERS = {
    rule.__name__: rule
    for rule in (
        lookahead,
        cautious,
        clip_value,
        clip_norm,
        decay,
        l2,
        selective,
        sam,
        averaged,
    )
}
