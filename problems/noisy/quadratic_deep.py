"""DeepOBS's quadratic: a spectrum as seen in deep learning, and mini-batches of noisy
minimizers.
"""

import numpy as np

from ...kernels.grammar import InputError
from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem

DIM, ROWS = 100, 1000


def batch_bowl(x, g, loss, data, rows, step):
    """The mean over r in rows of 1/2 (x - x_r)'Q(x - x_r), as 1/2 x'Qx - x'b + c with b and c means
    over the rows.

    data : Q row by row; then of each row of the data set Q x_r and 1/2 x_r'Q x_r.
    """
    n, lanes = x.shape
    b, c = np.zeros(n), 0.0
    for row in rows:
        first = n * n + row * (n + 1)
        for i in range(n):
            b[i] += data[first + i]
        c += data[first + n]
    for lane in range(lanes):
        loss[lane] = c / rows.size
    product = np.empty_like(loss)
    for i in range(n):
        for lane in range(lanes):
            product[lane] = 0.0
        for j in range(n):
            q = data[i * n + j]
            for lane in range(lanes):
                product[lane] += q * x[j, lane]
        away = b[i] / rows.size
        for lane in range(lanes):
            g[i, lane] = product[lane] - away
            loss[lane] += x[i, lane] * (0.5 * product[lane] - away)
    if step == -1:
        for lane in range(lanes):
            g[0, lane] = loss[lane]


def haar_rotation(dim: int, random: np.random.RandomState) -> np.ndarray:
    """A rotation (dim, dim) from the Haar measure: one of the plane, then a reflection for each
    further dimension.

    Diaconis & Shahshahani (1987), The subgroup algorithm for generating uniform random variables,
    Probability in the Engineering and Informational Sciences 1(1), 15-32; drawn in the order that
    DeepOBS draws in.
    """
    angle = 2 * np.pi * random.uniform()
    turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    for size in range(3, dim + 1):
        image = random.normal(size=size)
        mirror = np.eye(1, size)[0] - image / np.linalg.norm(image)
        mirror /= np.linalg.norm(mirror)
        wider = np.eye(size)
        wider[1:, 1:] = turned
        turned = wider - 2 * np.outer(mirror, mirror @ wider)
    return -turned


def rows_of(seed: int) -> np.ndarray:
    """The data set of that seed: x_r in a row, (ROWS, DIM), in single precision as DeepOBS has
    it.
    """
    return (
        np.random.RandomState(seed)
        .normal(0.0, 0.6, (ROWS, DIM))
        .astype(np.float32)
        .astype(np.float64)
    )


def flat(hessian: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The formula's data of the rows x."""
    products = x @ hessian
    return np.concatenate(
        [hessian.ravel(), np.column_stack([products, 0.5 * np.sum(products * x, axis=1)]).ravel()]
    )


@problem(variants=[{"batch": 0}])
def quadratic_deep(batch=128):
    """The mean over 1000 rows x_r of 1/2 (x - x_r)'Q(x - x_r), x_r normal with deviation 0.6, in
    100 dimensions.

    Schneider, Balles & Hennig (2019), DeepOBS, ICLR, arXiv:1903.05499: 90 of Q's eigenvalues are
    uniform in [0, 1], ten in [30, 60], turned at random, all as DeepOBS draws them. Start: all 1.
    The last mini-batch of an epoch is a short one, which DeepOBS leaves out. batch=0 takes all rows
    at each step. Metric: the loss on DeepOBS's 1000 test rows.
    """
    if not 0 <= batch <= ROWS:
        raise InputError(f"quadratic_deep[batch={batch}]: batch goes from 0 to {ROWS}")
    random = np.random.RandomState(42)
    spectrum = np.concatenate([random.uniform(0.0, 1.0, 90), random.uniform(30.0, 60.0, 10)])
    rotation = haar_rotation(DIM, random)
    hessian = rotation.T @ (spectrum[:, None] * rotation)
    hessian = 0.5 * (hessian + hessian.T)
    rows = rows_of(42)
    minimizer = rows.mean(axis=0)
    return Problem(
        formula=batch_bowl,
        center=np.ones(DIM),
        spread=0.1,
        budget=600,
        source=(
            "Schneider, Balles & Hennig (2019), DeepOBS: A Deep Learning Optimizer Benchmark Suite,"
            " arXiv:1903.05499"
        ),
        kind="noisy" if batch else "analytic",
        data_set=DataSet(
            data=flat(hessian, rows),
            samples=ROWS,
            batch=batch,
            held_out=flat(hessian, rows_of(43)),
            held_out_samples=ROWS,
            metric="loss",
        ),
        minimum=float(
            0.5 * np.mean(np.sum((rows - minimizer) @ hessian * (rows - minimizer), axis=1))
        ),
        minimizers=minimizer[None],
        taus=(1e-1, 1e-2, 1e-3),
        start_loss="353.7064",
        least_loss="84.7697",
    )
