"""The estimate of the distance that D-Adaptation and Prodigy share."""

import numpy as np


def grown(d, numerator, denominator, growth=np.inf):
    """max(d, d hat), d hat at most growth * d; d where the estimate is 0 / 0 (guard)."""
    return max(d, min(numerator / denominator, d * growth)) if denominator > 0 else d
