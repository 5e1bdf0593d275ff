"""SGD with D-Adaptation: the distance to the solution is estimated from below while it goes."""

from ..linear import dot, norm, step
from ..registry import optimizer


@optimizer(
    per="run",
    slots={"d": (), "first": (), "total": ()},
    init={"z": "x", "d": "d0"},
    ranges={"growth": "(1, inf) log"},
)
def dadapt_sgd(x, g, z, s, d, first, total, lr=1.0, momentum=0.9, d0=1e-6, growth=1e300):
    """Defazio & Mishchenko (2023), Learning-Rate-Free Learning by D-Adaptation, Algorithm 4,
    arXiv:2301.07733.

    z : the point without momentum.  s : weighted sum of gradients.  d : the estimate, units of x,
    d0 at first.
    first : |g| of the first gradient that isn't zero.  total : weighted sum of <g, s>.
    lr : a factor, no unit.  growth : the most by which d grows in a step.
    """
    if first[0] == 0.0:
        first[0] = norm(g)
        if first[0] == 0.0:
            return
    rate = d[0] * lr / first[0]
    total[0] += rate * dot(g, s)
    step(s, rate, g)
    step(z, -rate, g)
    for i in range(x.size):
        x[i] = momentum * x[i] + (1 - momentum) * z[i]
    size = norm(s)
    if size > 0:
        d[0] = max(d[0], min(2 * total[0] / size, growth * d[0]))
