"""`optbench new`: the smallest working plugin and its test, to begin from."""

import importlib.util
import keyword
import sys
from pathlib import Path

from ...kernels import registry as optimizers
from ...kernels.grammar import InputError
from ...kernels.optimizer import Optimizer
from ...problems import registry as problems
from ..terminal.console import open_console
from . import discovery

TEMPLATES = Path(__file__).with_name("templates")
"""A folder a kind, with NAME in place of the name."""
FORMS = ("NAME.py", "test_NAME.py")
TRY = {"optimizer": "-o {name},adam -p quadratic,rosenbrock", "problem": "-p {name} -o sgd,adam"}


def new(kind: str, name: str, out: str) -> None:
    """Write NAME.py and test_NAME.py into the folder `out` and say what to do next.

    Raises InputError for a name that can't be one, files that exist, and a folder that can't be
    written.
    """
    _check_name(name)
    folder = Path(out)
    texts = {form: (TEMPLATES / kind / form).read_text("utf-8") for form in FORMS}
    files = {folder / form.replace("NAME", name): text for form, text in texts.items()}
    for file in files:
        if file.exists():
            raise InputError(f"{str(file)!r} exists already; choose another name or folder (--out)")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            file.write_text(text.replace("NAME", name), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{str(folder)!r} can't be written: {error.strerror}") from error
    _tell(kind, name, *files)


def _tell(kind: str, name: str, plugin: Path, test: Path) -> None:
    lines = [
        f"{plugin}: the {kind}; its docstring says what to replace",
        f"{test}: its test",
        "",
        "next:",
        f"  pytest {test}",
        f"  optbench check {plugin}",
        f"  optbench run --plugin {plugin} {TRY[kind].format(name=name)}",
    ]
    open_console().print("\n".join(lines), highlight=False, markup=False, soft_wrap=True)


def _check_name(name: str) -> None:
    if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name) or name == "NAME":
        raise InputError(f"{name!r} can't be a name; write letters, digits and _, as in my_rule")
    discovery.discover()
    for kind, registry in (
        ("an optimizer", optimizers.registered()),
        ("a problem", problems.registered()),
    ):
        if name in registry:
            known = registry[name]
            owner = known.owner if isinstance(known, Optimizer) else known.make.__module__
            raise InputError(f"{name!r} is {kind} already, from {owner}; choose another name")
    if name in sys.stdlib_module_names or importlib.util.find_spec(name) is not None:
        raise InputError(f"a file {name}.py would hide the module {name!r}; choose another name")
