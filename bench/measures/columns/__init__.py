"""One column of the leaderboard = one file: a function of the same name, decorated with `@column`.

A file that lies here is a column; there is no list to add it to. The data frame, leaderboard.csv
and the printed table loop over `in_order()`.
"""

import importlib
import pkgutil

from ..column import Column


def in_order() -> list[Column]:
    """All columns but the optimizer's name, as they stand from left to right.

    Raises AttributeError where a file has nothing of its own name.
    """
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    found = [getattr(importlib.import_module(f"{__name__}.{name}"), name) for name in names]
    return sorted(found, key=lambda column: (column.place, column.name))
