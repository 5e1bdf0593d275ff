"""A learning rate by another name than lr, which no sweep would touch."""

from ...kernels.optimizer import Optimizer
from ..terminal.notices import notice

LIKE_LR = ("learning_rate", "learningrate", "eta", "step_size", "stepsize")


def warn_of_misnamed(optimizer: Optimizer) -> None:
    """Give a notice where a rule has no lr and a setting that looks like one."""
    for rule in optimizer.rules:
        for word in rule.settings if rule.lr is None else ():
            if word.lower() in LIKE_LR:
                notice(f"{rule.name} has no lr, and its {word} is not swept; did you mean lr?")
