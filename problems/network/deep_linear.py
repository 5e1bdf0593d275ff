"""A deep linear network: a product of matrices fitted to one matrix, with a saddle at zero where
the start is near.
"""

import numpy as np

from ...kernels.grammar import InputError
from .. import orthonormal
from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem


def product_error(x, g, loss, data):
    """1/2 |W_1 W_2 ... W_depth - M|**2, the sum of squared entries, with square W; data : depth,
    then M in C order.
    """
    lanes, depth = x.shape[1], int(data[0])
    size = data.size - 1
    dim = int(size**0.5 + 0.5)
    # products[k] is W_1 ... W_k+1, for k = depth - 1 less M; slope is the loss's by products[k], in
    # the backward pass
    products = np.zeros((depth * size, lanes), loss.dtype)
    slope = np.zeros((size, lanes), loss.dtype)
    before = np.zeros((size, lanes), loss.dtype)
    for i in range(size):
        for lane in range(lanes):
            products[i, lane] = x[i, lane]
    for k in range(1, depth):
        for i in range(dim):
            for h in range(dim):
                for j in range(dim):
                    to, left, right = (
                        k * size + i * dim + j,
                        (k - 1) * size + i * dim + h,
                        k * size + h * dim + j,
                    )
                    for lane in range(lanes):
                        products[to, lane] += products[left, lane] * x[right, lane]
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(size):
        target = data[1 + i]
        for lane in range(lanes):
            r = products[(depth - 1) * size + i, lane] - target
            slope[i, lane] = r
            loss[lane] += 0.5 * r * r
    for k in range(depth - 1, 0, -1):
        for i in range(size):
            for lane in range(lanes):
                g[k * size + i, lane] = 0.0
                before[i, lane] = 0.0
        for i in range(dim):
            for h in range(dim):
                for j in range(dim):
                    left, right = (k - 1) * size + i * dim + h, k * size + h * dim + j
                    for lane in range(lanes):
                        g[right, lane] += products[left, lane] * slope[i * dim + j, lane]
                        before[i * dim + h, lane] += slope[i * dim + j, lane] * x[right, lane]
        for i in range(size):
            for lane in range(lanes):
                slope[i, lane] = before[i, lane]
    for i in range(size):
        for lane in range(lanes):
            g[i, lane] = slope[i, lane]


@problem(ladder=[{"depth": 2}, {"depth": 3}, {"depth": 4}])
def deep_linear(depth=3, dim=5):
    """1/2 |W_1 ... W_depth - M|**2 with square matrices W of size dim and a fixed M of singular
    values 1 ... 1/dim.

    Saxe, McClelland & Ganguli (2014), ICLR, arXiv:1312.6120, section 1: what a deep linear network
    minimises on white inputs. Every local minimum is a global one (Kawaguchi 2016, NeurIPS), but
    zero is a saddle, the flatter the deeper, and larger singular values are learnt before smaller
    ones. Starts are normal with standard deviation 0.3 dim**-1/2. f* = 0, wherever the product is
    M.
    """
    if depth < 2 or dim < 1:
        raise InputError(
            f"deep_linear[depth={depth},dim={dim}]: depth must be at least 2, dim at least 1"
        )
    left, right = (
        orthonormal.drawn("deep_linear, left", dim, dim),
        orthonormal.drawn("deep_linear, right", dim, dim),
    )
    values = np.linspace(1.0, 1 / dim, dim)
    root = values ** (1 / depth)
    factors = [left * root, *(np.diag(root) for _ in range(depth - 2)), root[:, None] * right]
    return Problem(
        formula=product_error,
        center=np.zeros(depth * dim * dim),
        spread=0.3 * dim**-0.5 if dim > 0 else 0.0,
        published=False,
        budget=1000,
        source="Saxe, McClelland & Ganguli (2014), ICLR, arXiv:1312.6120",
        data_set=DataSet(np.concatenate([[float(depth)], ((left * values) @ right).ravel()])),
        minimum=0.0,
        minimizers=np.concatenate([factor.ravel() for factor in factors])[None],
        shapes=tuple((f"W{k + 1}", (dim, dim)) for k in range(depth)),
        kind="network",
        tags=("multimodal",),
    )
