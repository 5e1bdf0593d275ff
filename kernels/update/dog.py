"""DoG: the step size is the distance from the start over the root of all squared gradient norms."""

from math import sqrt

from ..linear import distance, dot, norm, step
from ..registry import optimizer


@optimizer(per="run", slots={"reach": (), "total": ()}, init={"start": "x"})
def dog(x, g, t, start, reach, total, lr=1.0, reps_rel=1e-6, eps=0.0):
    """Ivgi, Hinder & Carmon (2023), DoG is SGD's Best Friend, eq. 1 and section 4.1,
    arXiv:2302.12022.

    start : x before step 1.  reach : largest distance from it, reps_rel (1 + |x|) at first.
    total : sum of |g|².
    lr : a factor, no unit.  eps : units of g², under the root; the paper has none.
    """
    reach[0] = max(reps_rel * (1 + norm(x)) if t == 1 else reach[0], distance(x, start))
    total[0] += dot(g, g)
    if total[0] > 0:
        step(x, -lr * reach[0] / sqrt(total[0] + eps), g)
