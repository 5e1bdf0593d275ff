"""A sine fitted by a small network: the faster it swings, the later it is learnt."""

import numpy as np

from ...kernels.grammar import InputError
from ..dense import dense_problem
from ..registry import problem


@problem(ladder=[{"frequency": 1}, {"frequency": 2}, {"frequency": 3}])
def sine_regression(activation="tanh", frequency=2, hidden=16):
    """Mean squared error of a 1-hidden-1 network on sin(frequency x) at 32 points evenly spaced
    from -pi to pi, full batch.

    Rahaman et al. (2019), On the spectral bias of neural networks, ICML, arXiv:1806.08734: networks
    learn low frequencies first. Weights are drawn with variance 1/fan_in. 0 is only a bound for f*,
    which is not known in closed form: targets are absolute losses, of which 0.5 is that of the
    mean.
    """
    if not 1 <= frequency <= 8 or hidden < 1:
        raise InputError(
            f"sine_regression[frequency={frequency},hidden={hidden}]: frequency goes from 1 to 8,"
            " hidden must be at least 1"
        )
    inputs = np.linspace(-np.pi, np.pi, 32)[:, None]
    return dense_problem(
        [1, hidden, 1],
        activation,
        "mean_squared_error",
        inputs,
        np.sin(frequency * inputs),
        budget=2000,
        kind="network",
        tags=("multimodal",),
        source="Rahaman et al. (2019), ICML, arXiv:1806.08734",
        levels=(1e-1, 1e-2, 1e-3),
    )
