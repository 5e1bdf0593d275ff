"""What kinds of problems there are, and the tags that a problem may carry."""

from collections.abc import Iterable

from ..kernels import grammar

KINDS = ("analytic", "noisy", "regression", "network")
"""What a problem is: a formula; one whose gradient is not the objective's; a linear model on data;
a network.
"""
TAGS = ("multimodal", "nonsmooth", "open")
"""multimodal : local minima or saddles may hold a run up.  nonsmooth : the gradient jumps
somewhere.  open : no optimizer of the catalogue reaches the last target from seed 0, at any of its
nine learning rates.
"""


def check(family: str, kind: str, tags: Iterable[str]) -> None:
    """Raise InputError unless the kind and the tags of that problem are known ones."""
    if kind not in KINDS:
        raise grammar.unknown(f"kind of problem {family!r}", kind, KINDS)
    for tag in tags:
        if tag not in TAGS:
            raise grammar.unknown(f"tag of problem {family!r}", tag, TAGS)
