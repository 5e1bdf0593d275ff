"""Convergence under schedules and in float32, of some problems and optimizers.

The runs of a schedule last the whole budget, and so does the schedule. The runs of a fingerprint
last 100 updates, with a schedule of that length.
"""

from . import OPTIMIZERS
from .convergence import _Tracked, sweep

PROBLEMS = ("quadratic", "rosenbrock")
LRS = ("1.0e-02",)
SCHEDULES = ("cosine[warmup=10]", "step[every=30]")
SINGLE_PROBLEMS = ("quadratic", "rosenbrock")
"""Problems in float32. No network is among them: its kernel takes 15 s to compile."""
DTYPES = ("float32",)


class Schedules(_Tracked):
    """Problems and optimizers under schedules of the learning rate."""

    params = (PROBLEMS, OPTIMIZERS, LRS, SCHEDULES)
    param_names = ("problem", "optimizer", "lr", "schedule")
    version = "1"  # to be raised when the meaning of a number changes

    def setup_cache(self):
        """One sweep a schedule."""
        problems, optimizers, lrs, schedules = self.params
        return {
            (*key, schedule): entry
            for schedule in schedules
            for key, entry in sweep(problems, optimizers, lrs, schedule=schedule).items()
        }

    setup_cache.timeout = 600


class Dtypes(_Tracked):
    """Problems and optimizers in float32."""

    params = (SINGLE_PROBLEMS, OPTIMIZERS, LRS, DTYPES)
    param_names = ("problem", "optimizer", "lr", "dtype")
    version = "1"

    def setup_cache(self):
        """One sweep a dtype."""
        problems, optimizers, lrs, dtypes = self.params
        return {
            (*key, dtype): entry
            for dtype in dtypes
            for key, entry in sweep(problems, optimizers, lrs, dtype=dtype).items()
        }

    setup_cache.timeout = 600
