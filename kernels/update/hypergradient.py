"""Hypergradient descent: SGD whose learning rate itself descends the loss."""

from ..linear import dot, step
from ..registry import optimizer


@optimizer(per="run", slots={"gain": ()}, ranges={"beta": "[0, inf) log"})
def hypergradient(x, g, before, gain, lr=1e-2, beta=1e-3):
    """Baydin, Cornish, Martinez Rubio, Schmidt & Wood (2018), Online Learning Rate Adaptation with
    Hypergradient Descent, Algorithm 4 (SGD-HD), arXiv:1703.04782.

    before : the last gradient.  gain : sum of <g, before>.
    lr : units of x per unit of g, to which beta times gain is added.  beta : units of lr per unit
    of g². A schedule scales lr alone, the rate that the descent begins with.
    """
    gain[0] += dot(g, before)
    step(x, -(lr + beta * gain[0]), g)
    for i in range(g.size):
        before[i] = g[i]
