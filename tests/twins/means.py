"""Running means and maxima that transcriptions keep in their state."""

import numpy as np


def mean_of(state, name, beta, new):
    """The running mean beta * old + (1 - beta) * new, 0 at first, kept in the state."""
    state[name] = beta * state.get(name, 0.0) + (1 - beta) * new
    return state[name]


def largest_of(state, name, new):
    state[name] = np.maximum(state.get(name, 0.0), new)
    return state[name]
