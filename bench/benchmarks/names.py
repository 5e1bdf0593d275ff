"""Which optimizers, problems and schedules a commit brings: its own, not another package's."""

import json
import sys
from pathlib import Path

from . import answers, load_plugins, present


def own(folder):
    """{"optimizers": names, "problems": {name: coordinates}, "schedules": names} that the package
    installed in `folder` brings.

    Other libraries' values are among the optimizers; a problem whose data need a package that isn't
    here is left out.
    """
    import optbench as ob

    load_plugins(str(folder))
    rules = made(ob.get_optimizer, [*ob.list_optimizers(), *presets()])
    problems = made(ob.get_problem, ob.list_problems())
    return {
        "optimizers": [
            name for name, rule in rules.items() if inside(folder, getattr(rule, "owner", None))
        ],
        "problems": {
            name: int(own.dim) for name, own in problems.items() if inside(folder, home_of(own))
        },
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


def made(find, names):
    """{name: what `find` makes of it} of those that can be made here: one may need data that aren't
    there.
    """
    found = {}
    for name in names:
        try:
            found[name] = find(name)
        except Exception:
            continue
    return found


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
