"""One figure = one file: a function of the results and an Axes that returns the Axes."""

import contextlib
import os
import sys


def _load_matplotlib() -> None:
    """Import matplotlib, also where MPLBACKEND names a backend that this environment hasn't got, as
    Jupyter's is elsewhere.
    """
    if "matplotlib" in sys.modules:
        return
    backend = os.environ.pop(
        "MPLBACKEND", None
    )  # matplotlib's import fails for a name that it doesn't know
    try:
        import matplotlib
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend
    if backend:
        with contextlib.suppress(ValueError):
            matplotlib.rcParams["backend"] = backend


_load_matplotlib()
