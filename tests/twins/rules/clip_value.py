import numpy as np
from twins.wrapped import inside


def clip_value(inner, x, g, t, state, lr, *, limit=1.0):
    """Mikolov 2012, thesis, section 3.3: every coordinate of g is clipped."""
    return inside(inner, x, np.clip(g, -limit, limit), t, state)
