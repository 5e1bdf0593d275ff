"""What a name means, an optimizer or a problem, and what a file registers."""

from pathlib import Path

from ...kernels import grammar
from ...kernels import registry as optimizers
from ...kernels.optimizer import Optimizer
from ...kernels.presets import PRESETS
from ...problems import registry as problems
from ...problems.problem import Problem
from ..terminal.typed import as_typed
from . import discovery


def named(word: str) -> Optimizer | Problem:
    """The optimizer or problem of that name in the grammar. Raises InputError (a ValueError) for
    unknown names.
    """
    discovery.discover()
    word = as_typed(word)
    family, _ = grammar.parse(word)
    if family in problems.registered() and family not in optimizers.registered():
        return discovery.get_problem(word)
    if family in optimizers.registered() or family in PRESETS:
        return discovery.get_optimizer(word)
    known = {*optimizers.registered(), *problems.registered(), *(PRESETS if ":" in family else ())}
    with discovery.hints():
        raise grammar.unknown("optimizer or problem", family, known, "optbench list")


def brought_by(file: str | Path) -> list[Optimizer | Problem]:
    """What a plugin file registers, the variants of its problems too. Raises InputError where it
    can't be loaded.
    """
    discovery.discover()
    rules, families = optimizers.registered(), problems.registered()
    discovery.load_file(file)
    new_rules = [
        optimizers.find(name)
        for name, made in optimizers.registered().items()
        if made is not rules.get(name)
    ]
    new_families = [
        family for name, family in problems.registered().items() if family is not families.get(name)
    ]
    return [
        *new_rules,
        *(family.problem(**given) for family in new_families for given in ({}, *family.variants)),
    ]
