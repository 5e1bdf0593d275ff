import numpy as np
from twins.fixed_numbers import orthonormal


def deep_linear(x, depth=3, dim=5):
    """Saxe, McClelland & Ganguli (2014), arXiv:1312.6120: half the square of a product's error."""
    left = orthonormal("deep_linear, left", dim, dim)
    right = orthonormal("deep_linear, right", dim, dim)
    target = left @ np.diag([1 - k / dim for k in range(dim)]) @ right
    return np.linalg.norm(np.linalg.multi_dot(x.reshape(depth, dim, dim)) - target, "fro") ** 2 / 2


VARIANTS = ("depth=4,dim=3",)
