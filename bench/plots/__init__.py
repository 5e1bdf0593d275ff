"""One figure = one file. A file of this folder that says a NAME is a figure of runs.

`optbench plot NAME` draws it, `optbench run` draws all. There is no list to add it to. The file has

- a docstring, whose first paragraph says what is seen: the help of `optbench plot` shows it;
- `NAME = "curves"`, and `PLACE = 10` if it isn't the last to be drawn (sensitivity has 20);
- `fits(problem: str) -> bool`: whether the figure can show the problem of that name;
- `draw(results, ax=None, problem=None) -> Axes`: draws one problem on `ax` and returns it. Rows are
  those of `results.labelled`, whose `label` is an optimizer with what tells its runs apart. Colours
  are `style.looks(labels)`. Each artist has a `label=`, of which the legend is made.

The other files are what figures share (style, contours, panels), and figures of other things than
runs (landscape, history).
"""

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
