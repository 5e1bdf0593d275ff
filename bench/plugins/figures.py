"""Which figures there are: the files of bench/plots that say a NAME, read without importing them.

Importing a figure loads matplotlib, and `optbench --help` has no time for that.
"""

import ast
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from ...kernels.grammar import InputError

PACKAGE = __name__.removesuffix("plugins.figures") + "plots"
SAID = ("NAME", "PLACE")
LAST = 1000
"""Place of a figure that says none."""


@dataclass(frozen=True)
class FigureFile:
    """What a figure's file says of it: its name, what it shows (the first paragraph of the file's
    docstring), its place among the others, and the module to import.
    """

    name: str
    about: str
    place: int
    module: str


def found() -> dict[str, FigureFile]:
    """Every figure of runs by its name, in the order in which they are drawn. Raises InputError
    where two files say the same name.
    """
    spec = importlib.util.find_spec(PACKAGE)
    folders = [] if spec is None else spec.submodule_search_locations or []
    files = sorted(file for folder in folders for file in Path(folder).glob("*.py"))
    figures: dict[str, FigureFile] = {}
    for figure in sorted(filter(None, map(_read, files)), key=lambda own: (own.place, own.name)):
        if figure.name in figures:
            both = f"{figures[figure.name].module} and {figure.module}"
            raise InputError(f"two figures are called {figure.name!r}: {both}")
        figures[figure.name] = figure
    return figures


def _read(file: Path) -> FigureFile | None:
    """What a file says; None for one that says no NAME, which is no figure of runs."""
    text = file.read_text(encoding="utf-8")
    if "\nNAME = " not in text:
        return None
    tree = ast.parse(text, str(file))
    said = {
        target.id: ast.literal_eval(line.value)
        for line in tree.body
        if isinstance(line, ast.Assign)
        for target in line.targets
        if isinstance(target, ast.Name) and target.id in SAID
    }
    about = " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].split())
    return FigureFile(said["NAME"], about, said.get("PLACE", LAST), f"{PACKAGE}.{file.stem}")
