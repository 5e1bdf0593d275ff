"""Quantiles and medians over few runs, of which some may be infinite."""

from collections.abc import Sequence

import numpy as np

EPS = float(np.finfo(float).eps)


def quantiles(values, levels: Sequence[float], axis: int = 0) -> np.ndarray:
    """The linear quantiles of values along an axis, as np.quantile has them, one a level in front
    of the other axes.

    Hyndman & Fan (1996), Am. Stat. 50(4), definition 7. A quantile that lies between a finite value
    and inf is inf, and NaN counts as inf: what a lost run would have reached is not known, but is
    worse than anything that was. Raises ValueError where there are no values.
    """
    ordered = np.moveaxis(np.asarray(values, float), axis, 0)
    if not len(ordered):
        raise ValueError("no values have no quantile")
    ordered = np.sort(np.where(np.isnan(ordered), np.inf, ordered), axis=0)
    found = []
    for level in levels:
        place = level * (len(ordered) - 1)
        if (
            abs(place - round(place)) <= 4 * EPS * place
        ):  # 0.7 of 10 is 7, not a little more, where inf may stand
            place = round(place)
        low, high = ordered[int(np.floor(place))], ordered[int(np.ceil(place))]
        share = place - np.floor(place)
        if not share:
            found.append(low)
            continue
        with np.errstate(invalid="ignore"):  # inf - inf is NaN, and not looked at
            between = low + (high - low) * share
        found.append(np.where(high == np.inf, np.inf, np.where(low == -np.inf, -np.inf, between)))
    return np.array(found)


def median(values) -> float:
    """The median of a sequence: of two middle values the mean, inf where one of them is. Raises
    ValueError without any.
    """
    return float(quantiles(values, [0.5])[0])
