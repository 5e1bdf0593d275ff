"""How far and how fast every optimizer gets on every problem at three learning rates: medians over
seeds.

Runs have the same bits on one machine, so a value moves only when code does. All values are
positive, finite and lower-is-better, as asv's comparison wants them; one infinity would hang `asv
publish`.
"""

from statistics import median

from . import OPTIMIZERS, axes, fingerprint, present, spelled, value_of

STEPS = {name: own.steps for name, own in axes.PROBLEMS.items() if own.steps}
"""Steps a run: the problem's budget. Written down, so that all commits are measured alike."""
PROBLEMS = tuple(STEPS)
LRS = ("1.0e-03", "1.0e-02", "1.0e+00")
"""For all optimizers: at one of them, 105 of the 144 pairs reach their target. Text: a stable key
for asv.
"""
SEEDS = 5

MISS = 10
"""A run that misses its target counts as this many times its steps (PAR10 of algorithm
selection).
"""
FLOOR = 1e-12
"""The least gap: below it, a sum in another order would look like a regression (f* is up to about
1).
"""
CAP = 1e10
"""The gap of a run that diverged."""


def sweep(problems, optimizers, lrs=LRS, schedule="constant", dtype="float64"):
    """{(problem, optimizer, lr): {"steps_to_target", ...}, or a text that says why not}.

    Names that the installed commit lacks are left out. One that fails has a text; the others have
    their numbers.  lrs : texts.
    """
    problems, optimizers = present(problems, optimizers)
    entries = {}
    for problem in problems:
        found = attempted(late, problem, optimizers, lrs, schedule, dtype)
        for key, entry in attempted(early, problem, optimizers, lrs, schedule, dtype).items():
            # a failure of the longer run has said why
            if isinstance(entry, str):
                found[key] = found[key] if isinstance(found.get(key), str) else entry
            elif isinstance(found.get(key), dict):
                found[key]["fingerprint"] = fingerprint.mean(entry["sizes"])
        entries |= found
    return entries


def attempted(measure, problem, optimizers, lrs, *options):
    """What `measure` finds of a problem.

    Optimizers of one learning rate run together. Where `measure` raises, all of these get the
    reason.
    """
    found = {}
    for rules, rates in fingerprint.grouped(optimizers, lrs):
        try:
            found |= measure(problem, rules, list(rates), *options)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            found |= {(problem, optimizer, lr): reason for optimizer in rules for lr in rates}
    return found


def early(problem, optimizers, lrs, schedule="constant", dtype="float64"):
    """The fingerprints of one problem."""
    return fingerprint.losses(problem, optimizers, lrs, SEEDS, schedule, dtype)


def late(problem, optimizers, lrs, schedule="constant", dtype="float64", runs_too=False, nudge=0.0):
    """What `sweep` finds of one problem over its whole budget, the fingerprints left out.

    nudge : a relative change of all learning rates.  runs_too : also give "runs", seed by seed
    [steps to target, best loss, final loss], and "miss", the steps of a miss.
    """
    import optbench as ob

    own, entries = ob.get_problem(problem), {}
    steps, options = STEPS.get(problem, own.budget), fingerprint.options(schedule, dtype)
    for rules, plain in fingerprint.grouped(optimizers, lrs):
        rates = {text: lr * (1 + nudge) for text, lr in plain.items()}
        runs = fingerprint.completed(
            [problem], rules, lrs=list(rates.values()), seeds=SEEDS, steps=steps, **options
        ).runs
        runs["problem"], runs["optimizer"] = (
            problem,
            runs["optimizer"].astype(str).replace(spelled(rules)),
        )
        entries |= summary(runs, steps, own.minimum or 0.0, rates, runs_too)
    return entries


def summary(runs, steps, minimum, lrs=LRS, runs_too=False):
    """What `late` finds in one problem's `runs`, a data frame.

    steps : of each run.  minimum : f*, 0 where it isn't known.  lrs : texts, or {text: number}.
    """
    texts = {
        rate: text
        for text, rate in (
            lrs.items() if isinstance(lrs, dict) else ((lr, float(lr)) for lr in lrs)
        )
    }
    entries = {}
    for (problem, optimizer, lr), own in runs.groupby(
        ["problem", "optimizer", "lr"], observed=True, dropna=False
    ):
        # a rule without lr has lr NaN
        key = (str(problem), str(optimizer), texts.get(lr, fingerprint.without_lr(texts.values())))
        failed = own["status"] == "failed"
        if failed.any():
            entries[key] = str(own["error"][failed].iloc[0])
            continue
        spent = own["steps_to_target"].fillna(MISS * steps)
        diverged = own["status"] == "diverged"
        gaps = (own["best_loss"] - minimum).clip(FLOOR, CAP).where(~diverged, CAP)
        entries[key] = {
            "steps_to_target": float(max(1, median(spent))),
            "best_gap": float(median(gaps)),
            "diverged": 1.0 + int(diverged.sum()),
        }
        if runs_too:
            ordered = own.assign(spent=spent).sort_values("seed")
            entries[key]["miss"] = float(MISS * steps)
            entries[key]["runs"] = (
                ordered[["spent", "best_loss", "final_loss"]].to_numpy(dtype=float).tolist()
            )
    return entries


class _Tracked:
    """What is tracked of each case; a name with an underscore is no benchmark of its own.

    found : what setup_cache returned.  case : the values of the class's parameters.
    """

    def track_steps_to_target(self, found, *case):
        """Updates until the loss met the problem's last target."""
        return value_of(found, case)["steps_to_target"]

    track_steps_to_target.unit = "steps"

    def track_best_gap(self, found, *case):
        """The best recorded loss less f*."""
        return value_of(found, case)["best_gap"]

    track_best_gap.unit = "loss - f*"

    def track_fingerprint(self, found, *case):
        """The geometric mean of all seeds' losses after 20 and after 100 updates: what `optbench
        history check` judges.
        """
        return value_of(found, case)["fingerprint"]

    track_fingerprint.unit = "loss"


class Convergence(_Tracked):
    """Every problem, optimizer and learning rate."""

    params = (PROBLEMS, OPTIMIZERS, LRS)
    param_names = ("problem", "optimizer", "lr")
    version = "1"  # to be raised when the meaning of a number changes

    def setup_cache(self):
        """One sweep a commit."""
        return sweep(*self.params)

    setup_cache.timeout = 600

    def track_diverged(self, found, problem, optimizer, lr):
        """One more than the number of seeds that diverged, since asv can't compare zeros."""
        return value_of(found, (problem, optimizer, lr))["diverged"]

    track_diverged.unit = "1 + seeds"
