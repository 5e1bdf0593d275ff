"""Selective: a coordinate whose gradient is exactly zero is left untouched, with its slots (lazy
updates).
"""

from ..registry import optimizer


@optimizer(wraps="mask", partner="adam")
def selective(g):
    """Abadi et al. (2016), TensorFlow, section 4.2, arXiv:1605.08695: sparse updates touch only the
    rows that were used.

    Of the wrapped rule's slots those shaped like x are left as they were.
    """
    return g != 0
