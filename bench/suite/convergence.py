"""How far and how fast every optimizer gets on every problem at three learning rates: medians over seeds.

Runs have the same bits on one machine, so a value moves only when code does. All values are positive, finite and
lower-is-better, as asv's comparison wants them; one infinity would hang `asv publish`.
"""

import json
import sys
from statistics import median

from . import OPTIMIZERS, cell, fingerprint, present, spelled

STEPS = {
    "beale": 2000,
    "griewank": 200,
    "helical_valley": 2000,
    "linear_regression": 1000,
    "logistic_regression": 600,
    "matrix_factorisation": 1000,
    "mlp": 600,
    "nesterov_worst": 1000,
    "noisy_quadratic": 1000,
    "noisy_rosenbrock": 2000,
    "nonsmooth_valley": 3000,
    "plateau": 1000,
    "quadratic": 1000,
    "quadratic[rotated]": 1000,
    "rosenbrock": 5000,
    "rosenbrock[dim=10]": 5000,
    "softmax_regression": 1000,
    "xor": 10_000,
}
"""Steps a run: the problem's budget. Written down, so that all commits are measured alike."""
PROBLEMS = tuple(STEPS)
LRS = ("1.0e-03", "1.0e-02", "1.0e+00")
"""For all optimizers: at one of them, 105 of the 144 pairs reach their target. Text: a stable key for asv."""
SEEDS = 5

MISS = 10
"""A run that misses its target counts as this many times its steps (PAR10 of algorithm selection)."""
FLOOR = 1e-12
"""The least gap told: below it, a sum in another order would look like a regression (f* is up to about 1)."""
CAP = 1e10
"""The gap of a run that diverged."""


def sweep(problems, optimizers, lrs=LRS):
    """The cells of these problems and optimizers, as far as the installed commit has them. A failure is its cells' own.

    {(problem, optimizer, lr): {"steps_to_target", "best_gap", ...}, or a text that says why not}; lrs as texts.
    """
    import optbench as ob

    problems, optimizers = present(problems, optimizers)
    cells = {}
    for problem in problems:
        rates = [float(lr) for lr in lrs]
        try:
            own = ob.get_problem(problem)
            steps = STEPS.get(problem, own.budget)
            runs = ob.run([problem], optimizers, lrs=rates, seeds=SEEDS, steps=steps).runs
            runs["problem"], runs["optimizer"] = problem, runs["optimizer"].astype(str).replace(spelled(optimizers))
            found = summary(runs, steps, own.minimum or 0.0, lrs)
            for key, entry in fingerprint.losses(problem, optimizers, lrs, SEEDS).items():
                if isinstance(found[key], dict) and isinstance(entry, dict):
                    found[key]["fingerprint"] = fingerprint.mean(entry["sizes"])
            cells |= found
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            cells |= {(problem, optimizer, lr): reason for optimizer in optimizers for lr in lrs}
    return cells


def summary(runs, steps, minimum, lrs=LRS):
    """The cells of one problem's `runs` (a data frame) of `steps` steps each; minimum is f*, 0 where it isn't known."""
    texts = {float(lr): lr for lr in lrs}
    cells = {}
    for (problem, optimizer, lr), own in runs.groupby(["problem", "optimizer", "lr"], observed=True, dropna=False):
        # a rule without lr has lr NaN and stands at 1
        key = (str(problem), str(optimizer), texts.get(lr, "1.0e+00"))
        failed = own["status"] == "failed"
        if failed.any():
            cells[key] = str(own["error"][failed].iloc[0])
            continue
        spent = own["steps_to_target"].fillna(MISS * steps)
        diverged = own["status"] == "diverged"
        gaps = (own["best_loss"] - minimum).clip(FLOOR, CAP).where(~diverged, CAP)
        cells[key] = {
            "steps_to_target": float(max(1, median(spent))),
            "best_gap": float(median(gaps)),
            "diverged": 1.0 + int(diverged.sum()),
        }
    return cells


class Convergence:
    """Every problem, optimizer and learning rate."""

    params = (PROBLEMS, OPTIMIZERS, LRS)
    param_names = ("problem", "optimizer", "lr")
    version = "1"  # to be raised when the meaning of a number changes

    def setup_cache(self):
        """One sweep a commit."""
        return sweep(*self.params)

    setup_cache.timeout = 600

    def track_steps_to_target(self, cells, problem, optimizer, lr):
        """Updates until the loss met the problem's last target."""
        return cell(cells, (problem, optimizer, lr))["steps_to_target"]

    track_steps_to_target.unit = "steps"

    def track_best_gap(self, cells, problem, optimizer, lr):
        """The best recorded loss less f*."""
        return cell(cells, (problem, optimizer, lr))["best_gap"]

    track_best_gap.unit = "loss - f*"

    def track_fingerprint(self, cells, problem, optimizer, lr):
        """The geometric mean of all seeds' losses after 20 and after 100 updates: what `optbench history check` judges."""
        return cell(cells, (problem, optimizer, lr))["fingerprint"]

    track_fingerprint.unit = "loss"

    def track_diverged(self, cells, problem, optimizer, lr):
        """One more than the number of seeds that diverged, since asv can't compare zeros."""
        return cell(cells, (problem, optimizer, lr))["diverged"]

    track_diverged.unit = "1 + seeds"


if __name__ == "__main__":
    print(json.dumps([[*key, entry] for key, entry in sweep(*json.loads(sys.argv[1])).items()]))
