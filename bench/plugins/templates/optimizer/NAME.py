"""NAME: what is new about it, in one sentence."""

import optbench as ob


@ob.optimizer
def NAME(x, g, t, m, lr=1e-2, beta=0.9):
    """Polyak (1964), USSR Computational Mathematics 4(5), 1-17, as a running mean.

    Put your paper and its equation here.

    m : running mean of g, zero before step t = 1.
    lr : units of x per unit of g.  beta : the share of m that is kept, no unit.
    """
    m = beta * m + (1 - beta) * g
    m_hat = m / (1 - beta**t)
    return x - lr * m_hat, m
