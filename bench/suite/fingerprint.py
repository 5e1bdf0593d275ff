"""The losses after 20 and after 100 updates, of every seed: they tell a change of arithmetic from a rounding.

Rewriting Adam's formula harmlessly moves them by less than 1e-15 of themselves, a beta wrong in the fourth digit by 7e-7
and more. Late numbers can't tell the two apart, because they amplify rounding: the same rewriting moved best gaps by 100 %.
"""

import json
import math
import sys

from . import present, spelled

UPDATES = (20, 100)
FLOOR = 1e-12
"""Smaller losses count as this one: near a minimum at 0, a loss is rounding itself."""
CAP = 1e10
"""What a diverged run counts as; larger losses too."""
NUDGE = 1e-14
"""Relative changes of lr, up and down, whose effect is noted: some cells amplify rounding beyond any use within 100 updates."""


def losses(problem, optimizers, lrs, seeds):
    """{(problem, optimizer, lr): {"sizes", "nudged"}}, each a list, seed by seed after 20 updates, then after 100.

    A text that says why stands for a cell that fails.

    lrs : texts.  sizes : of the losses.  nudged : their relative changes, the larger of two, as lr changes by NUDGE.
    """
    import optbench as ob

    rates = {float(lr) * (1 + nudge): (lr, nudge) for lr in lrs for nudge in (0.0, -NUDGE, NUDGE)}
    results = ob.run([problem], optimizers, lrs=sorted(rates), seeds=seeds, steps=max(UPDATES))
    curves, failed = results.curves, results.runs[results.runs["status"] == "failed"]
    # a rule that evaluates more than once an update gets less far, and a diverged run has ended before: the last there is
    last = [
        curves[curves["step"] <= updates].groupby(["optimizer", "lr", "seed"], observed=True, dropna=False)["loss"].last()
        for updates in UPDATES
    ]
    asked, found = spelled(optimizers), {}
    for (optimizer, lr), _ in last[0].groupby(level=["optimizer", "lr"], observed=True, dropna=False):
        # a rule without lr has lr NaN, and stands at 1 with nothing to nudge
        text, nudge = rates.get(lr, ("1.0e+00", 0.0))
        sizes = [size(loss) for series in last for loss in of_rule(series, optimizer, lr)]
        found.setdefault((problem, asked.get(optimizer, optimizer), text), {})[nudge] = sizes
    reasons = {
        (problem, asked.get(row.optimizer, row.optimizer), rates.get(row.lr, ("1.0e+00",))[0]): row.error
        for row in failed.itertuples()
    }
    return {key: {"sizes": entry[0.0], "nudged": nudged(entry)} for key, entry in found.items()} | reasons


def of_rule(series, optimizer, lr):
    """The losses of one optimizer and learning rate, by seed."""
    rules, rates = series.index.get_level_values("optimizer"), series.index.get_level_values("lr")
    own = series[(rules == optimizer) & (rates.isna() if lr != lr else rates == lr)]
    return own.sort_index(level="seed")


def nudged(entry):
    """The relative changes of {nudge: sizes}, the larger of the two."""
    plain = entry[0.0]
    changes = [[abs(a - b) / max(a, b) for a, b in zip(plain, other, strict=True)] for other in entry.values()]
    return [max(column) for column in zip(*changes, strict=True)]


def size(loss):
    """|loss| between FLOOR and CAP, a float that asv can compare."""
    loss = abs(float(loss))
    return CAP if math.isnan(loss) else min(max(loss, FLOOR), CAP)


def mean(sizes):
    """Their geometric mean: every seed's change shows in it."""
    return math.exp(math.fsum(map(math.log, sizes)) / len(sizes))


if __name__ == "__main__":
    asked, rules, texts, count = json.loads(sys.argv[1])
    asked, rules = present(asked, rules)
    answer = []
    for name in asked:
        try:
            answer += [[*key, entry] for key, entry in losses(name, rules, texts, count).items()]
        except Exception as error:
            answer += [[name, rule, text, f"{type(error).__name__}: {error}"] for rule in rules for text in texts]
    print(json.dumps(answer))
