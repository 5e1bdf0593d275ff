"""Twins, each in the file with its name: a rule's in rules/, a problem's in problems/."""

import inspect
from functools import partial
from importlib import import_module
from pathlib import Path

from optbench.kernels.grammar import parse
from twins.networks import loss_of

FOLDER = Path(__file__).parent


def names(room):
    """The names of the twins in a folder, sorted."""
    return sorted(file.stem for file in (FOLDER / room).glob("*.py"))


def problem_names():
    """Every problem that has a twin, and after each the further parameters that its VARIANTS
    name.
    """
    found = []
    for family in names("problems"):
        variants = getattr(module("problems", family), "VARIANTS", ())
        found += [family, *(f"{family}[{parameters}]" for parameters in variants)]
    return found


def module(room, name):
    """The file of that name as a module. Raises ModuleNotFoundError where there is none."""
    return import_module(f"twins.{room}.{name}")


def rule(name):
    """A rule's transcription, (x, g, t, state, lr, **settings) -> x; a wrapper's takes the step of
    the wrapped rule first.
    """
    return getattr(module("rules", name), name)


def problem(name):
    """The twin of a problem with its parameters: its formula, x (n,) -> loss, or its Network."""
    family, parameters = parse(name)
    found = filled(getattr(module("problems", family), family), parameters)
    return found() if is_network(family) else found


def is_network(family):
    """Whether the twin makes a Network of the problem's parameters, and takes no x."""
    return "x" not in inspect.signature(getattr(module("problems", family), family)).parameters


def objective(name):
    """The plain formula of a problem with its parameters: x (n,) -> loss."""
    twin = problem(name)
    return partial(loss_of, network=twin) if is_network(parse(name)[0]) else twin


def fed(name):
    """What a noisy problem feeds, of x and of the step's `draws`, its `rows` or the `step` itself;
    None where a problem feeds its objective.
    """
    family, parameters = parse(name)
    function = getattr(module("problems", family), "fed", None)
    return function and filled(function, parameters)


def filled(function, parameters):
    """The function with those of the parameters that it takes: a mini-batch's size, say, isn't
    the objective's.
    """
    taken = inspect.signature(function).parameters
    return partial(function, **{word: parameters[word] for word in parameters if word in taken})
