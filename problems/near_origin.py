"""Whether a problem has a minimizer near the origin, where whatever shrinks x solves it."""

import numpy as np

from .problem import Problem


def near_origin(problem: Problem) -> bool:
    """Whether a known minimizer is the origin, or ten times nearer to it than to the starts."""
    if problem.minimizers is None:
        return False
    view, center = problem.transform, problem.center
    center = view.back(center[:, None])[:, 0] if view else center
    scale = view.scale if view else 1.0
    spread = np.broadcast_to(problem.spread, center.shape) / scale
    away = np.sqrt(((center - problem.minimizers) ** 2).sum(axis=1) + (spread**2).sum())
    return bool((np.linalg.norm(problem.minimizers, axis=1) < 0.1 * away).any())
