"""Low-rank matrix factorisation: the simplest problem whose variables are two matrices."""

import numpy as np

from ...kernels.grammar import InputError
from .. import orthonormal
from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem


def low_rank_error(x, g, loss, data):
    """1/2 |U V' - M|**2, the sum of squared entries; x : U (m, rank), then V (n, rank).  data : m,
    n, then M in C order.
    """
    lanes, rows, columns = x.shape[1], int(data[0]), int(data[1])
    rank = x.shape[0] // (rows + columns)
    r = np.zeros(lanes, loss.dtype)
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(x.shape[0]):
        for lane in range(lanes):
            g[i, lane] = 0.0
    for i in range(rows):
        for j in range(columns):
            u, v, target = i * rank, (rows + j) * rank, data[2 + i * columns + j]
            for lane in range(lanes):
                r[lane] = -target
            for k in range(rank):
                for lane in range(lanes):
                    r[lane] += x[u + k, lane] * x[v + k, lane]
            for lane in range(lanes):
                loss[lane] += 0.5 * r[lane] * r[lane]
            for k in range(rank):
                for lane in range(lanes):
                    g[u + k, lane] += r[lane] * x[v + k, lane]
                    g[v + k, lane] += r[lane] * x[u + k, lane]


@problem(ladder=[{"condition": 2.0}, {"condition": 10.0}, {"condition": 50.0}])
def matrix_factorisation(columns=8, condition=10.0, rank=3, rows=10):
    """1/2 |U V' - M|**2 over U (rows, rank) and V (columns, rank), for a fixed M (rows, columns) of
    full rank.

    M's first `rank` singular values go from 1 to 1/condition evenly on a log scale, the others are
    a tenth of the last of these. Eckart & Young (1936), Psychometrika 1(3), 211-218: f* is half the
    sum of the others' squares, by the truncated singular value decomposition. Every local minimum
    is a global one, zero is a saddle (Ge, Jin & Zheng 2017, ICML); Tong, Ma & Chi (2021), JMLR
    22(150), for the condition number as what gradient descent depends on. Starts are normal with
    standard deviation 0.1. Minimizers are U Q and V Q**-T for any invertible Q; one is given.
    """
    if not 1 <= rank <= min(rows, columns) or condition < 1:
        raise InputError(
            f"matrix_factorisation[columns={columns},condition={condition},rank={rank},rows={rows}]:"
            " rank goes from 1 to the smaller of rows and columns, condition is at least 1"
        )
    width = min(rows, columns)
    left = orthonormal.drawn("matrix_factorisation, left", rows, width)
    right = orthonormal.drawn("matrix_factorisation, right", columns, width)
    kept = condition ** -np.linspace(0.0, 1.0, rank) if rank > 1 else np.ones(1)
    values = np.append(kept, np.full(width - rank, 0.1 * kept[-1]))
    factors = [left[:, :rank] * np.sqrt(kept), right[:, :rank] * np.sqrt(kept)]
    return Problem(
        formula=low_rank_error,
        center=np.zeros((rows + columns) * rank),
        spread=0.1,
        published=False,
        budget=1000,
        source=(
            "Eckart & Young (1936), Psychometrika 1(3), 211-218; Tong, Ma & Chi (2021), JMLR"
            " 22(150)"
        ),
        data_set=DataSet(
            np.concatenate([[float(rows), float(columns)], ((left * values) @ right.T).ravel()])
        ),
        minimum=float(0.5 * np.sum(values[rank:] ** 2)),
        minimizers=np.concatenate([factor.ravel() for factor in factors])[None],
        shapes=(("U", (rows, rank)), ("V", (columns, rank))),
        kind="network",
        tags=("multimodal",),
    )
