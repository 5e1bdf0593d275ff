"""The losses of every seed after 20 and after 100 updates. They separate a change of arithmetic
from a rounding.

Rewriting Adam's formula harmlessly moves them by less than 1e-15 of themselves, a beta wrong in the
fourth digit by 7e-7 and more. Late numbers can't separate the two, because they amplify rounding:
the same rewriting moved best gaps by 100 %.
"""

import hashlib
import math

from . import spelled

UPDATES = (20, 100)
FLOOR = 1e-12
"""Smaller losses count as this one: near a minimum at 0, a loss is rounding itself."""
CAP = 1e10
"""What a diverged run counts as; larger losses too."""
NUDGE = {"float64": 1e-14, "float32": 1e-7}
"""Relative changes of lr, up and down, whose effect is noted: a few roundings of the dtype.

Some runs amplify rounding so much within 100 updates that their losses show nothing else.
"""
OWN = "default"
"""The text of a learning rate that stands for each optimizer's own default."""


def losses(problem, optimizers, lrs, seeds, schedule="constant", dtype="float64"):
    """{(problem, optimizer, lr): {"sizes", "nudged", "bits"}, or a text that says why not}.

    lrs : texts, OWN among them.  sizes : |loss| of each seed after 20 updates, then of each after
    100.  nudged : in the same order, how far a change of lr by NUDGE moves them, relative to
    themselves; the larger of up and down.  bits : a digest of every recorded loss; equal ones mean
    that nothing was rounded differently.
    """
    found = {}
    for rules, rates in grouped(optimizers, lrs):
        found |= at_rates(problem, rules, rates, seeds, schedule, dtype)
    return found


def grouped(optimizers, lrs):
    """[(names, {text: learning rate})]: what one `ob.run` can compute together.

    All texts that are numbers make one group; OWN makes one for each default that optimizers have.
    """
    import optbench as ob

    groups = []
    if numbers := {lr: float(lr) for lr in lrs if lr != OWN}:
        groups.append((list(optimizers), numbers))
    if OWN in lrs:
        alike = {}
        for name in optimizers:
            # a rule without lr takes any
            alike.setdefault(getattr(ob.get_optimizer(name), "lr", None) or 1.0, []).append(name)
        groups += [(names, {OWN: lr}) for lr, names in alike.items()]
    return groups


def completed(*names, **given):
    """What `ob.run` returns, also where every run failed and it raises: the rows say why."""
    import optbench as ob

    try:
        return ob.run(*names, **given)
    except RuntimeError as error:
        results = getattr(error, "results", None)
        if results is None:
            raise
        return results


def options(schedule, dtype):
    """The arguments of `ob.run` that aren't its defaults: an old commit needn't know them."""
    given = {"schedule": (schedule, "constant"), "dtype": (dtype, "float64")}
    return {name: value for name, (value, default) in given.items() if value != default}


def at_rates(problem, optimizers, rates, seeds, schedule, dtype):
    """What `losses` finds at these learning rates, {text: number}."""
    small = NUDGE[dtype]
    texts = {
        lr * (1 + nudge): (text, nudge)
        for text, lr in rates.items()
        for nudge in (0.0, -small, small)
    }
    # a rule without lr has lr NaN, and nothing to nudge
    without = without_lr(rates), 0.0
    results = completed(
        [problem],
        optimizers,
        lrs=sorted(texts),
        seeds=seeds,
        steps=max(UPDATES),
        **options(schedule, dtype),
    )
    curves, failed = results.curves, results.runs[results.runs["status"] == "failed"]
    # a rule that evaluates more than once an update gets less far, and a diverged run has ended
    # before: the last there is
    last = [
        curves[curves["step"] <= updates]
        .groupby(["optimizer", "lr", "seed"], observed=True, dropna=False)["loss"]
        .last()
        for updates in UPDATES
    ]
    asked, found, digests = spelled(optimizers), {}, {}
    for (optimizer, lr), own in curves.groupby(["optimizer", "lr"], observed=True, dropna=False):
        text, nudge = texts.get(lr, without)
        key = (problem, asked.get(optimizer, optimizer), text)
        found.setdefault(key, {})[nudge] = [
            size(loss) for series in last for loss in of_rule(series, optimizer, lr)
        ]
        ordered = own.sort_values(["seed", "step"])["loss"].to_numpy(dtype=float)
        digests.setdefault(key, {})[nudge] = hashlib.sha256(ordered.tobytes()).hexdigest()
    reasons = {
        (problem, asked.get(row.optimizer, row.optimizer), texts.get(row.lr, without)[0]): row.error
        for row in failed.itertuples()
    }
    entries = {
        key: {
            "sizes": entry[0.0],
            "nudged": nudged(entry),
            "bits": "".join(digests[key][n][:16] for n in sorted(entry)),
        }
        for key, entry in found.items()
    }
    return entries | reasons


def without_lr(lrs):
    """The text at which a rule without learning rate stands."""
    return OWN if list(lrs) == [OWN] else "1.0e+00"


def of_rule(series, optimizer, lr):
    """The losses of one optimizer and learning rate, by seed."""
    rules, rates = series.index.get_level_values("optimizer"), series.index.get_level_values("lr")
    own = series[(rules == optimizer) & (rates.isna() if lr != lr else rates == lr)]
    return own.sort_index(level="seed")


def nudged(entry):
    """The relative changes of {nudge: sizes}, the larger of the two."""
    plain = entry[0.0]
    changes = [
        [abs(a - b) / max(a, b) for a, b in zip(plain, other, strict=True)]
        for other in entry.values()
    ]
    return [max(column) for column in zip(*changes, strict=True)]


def size(loss):
    """|loss| between FLOOR and CAP, a float that asv can compare."""
    loss = abs(float(loss))
    return CAP if math.isnan(loss) else min(max(loss, FLOOR), CAP)


def mean(sizes):
    """Their geometric mean: every seed's change shows in it."""
    return math.exp(math.fsum(map(math.log, sizes)) / len(sizes))
