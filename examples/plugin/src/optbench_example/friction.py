"""How much of a step a coordinate takes, by how much its gradient changed."""

from math import exp

import numba


# what a rule calls must be compiled too; error_model: without it a branch for x / 0 stands in the
# loop
@numba.njit(error_model="numpy")
def friction(change):
    """Dubey et al. (2020), arXiv:1909.11015, the friction coefficient: 1/2 where g stays as it was,
    up to 1 where it jumps.

    change : g now less g before, in units of g.
    """
    return 1 / (1 + exp(-abs(change)))
