"""Which optimizers, problems and schedules a commit brings: its own, not another package's."""

import json
import sys
from pathlib import Path

from . import answers, present


def own(folder):
    """{"optimizers": names, "problems": {name: coordinates}, "schedules": names} that the package installed in `folder` brings.

    Other libraries' values are among the optimizers; a problem whose data need a package that isn't here is left out.
    """
    import optbench as ob

    rules = {name: ob.get_optimizer(name) for name in (*ob.list_optimizers(), *presets())}
    problems = {name: made for name in ob.list_problems() if (made := problem_of(name)) is not None}
    return {
        "optimizers": [name for name, rule in rules.items() if inside(folder, getattr(rule, "owner", None))],
        "problems": {name: int(made.dim) for name, made in problems.items() if inside(folder, home_of(made))},
        "schedules": schedules() if inside(folder, "optbench") else [],
    }


def presets():
    """The names of other libraries' values."""
    try:
        from optbench.kernels.presets import PRESETS
    except ImportError:  # an old commit has none
        return []
    return list(PRESETS)


def schedules():
    """The names of the learning-rate schedules."""
    try:
        from optbench.kernels.schedule import SCHEDULES
    except ImportError:
        return []
    return list(SCHEDULES)


def problem_of(name):
    """The problem; None where it can't be made here."""
    import optbench as ob

    try:
        return ob.get_problem(name)
    except Exception:
        return None


def home_of(problem):
    """The module that makes the problem."""
    maker = getattr(problem, "maker", None)
    return getattr(maker, "__module__", None)


def inside(folder, module):
    """Whether the module's file lies in `folder`; a module that can't be found counts as inside."""
    file = getattr(sys.modules.get(module), "__file__", None)
    return file is None or Path(folder).resolve() in Path(file).resolve().parents


if __name__ == "__main__":
    file = answers()
    place, asked, rules = json.loads(sys.argv[1])
    answer = own(place)
    answer["known"] = dict(zip(("problems", "optimizers"), present(asked, rules), strict=True))
    print(json.dumps(answer), file=file)
