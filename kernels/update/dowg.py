"""DoWG: DoG with gradients weighted by the squared distance reached so far."""

from math import sqrt

from ..linear import distance, dot, norm, step
from ..registry import optimizer


@optimizer(
    per="run",
    slots={"reach": (), "total": ()},
    init={"start": "x"},
    ranges={"reps": "[0, inf) log"},
)
def dowg(x, g, t, start, reach, total, lr=1.0, reps_rel=1e-6, reps=0.0, eps=0.0):
    """Khaled, Mishchenko & Jin (2023), DoWG Unleashed, Algorithm 1, arXiv:2305.16284.

    start : x before step 1.  reach : largest distance from it, at first reps, or else reps_rel (1 +
    |x|).
    total : sum of reach² |g|².  lr : a factor, no unit.  eps : added to the root, units of x g; the
    paper has none.
    """
    first = reps if reps > 0 else reps_rel * (1 + norm(x))
    reach[0] = max(first if t == 1 else reach[0], distance(x, start))
    square = reach[0] * reach[0]
    total[0] += square * dot(g, g)
    if total[0] > 0:
        step(x, -lr * square / (sqrt(total[0]) + eps), g)
