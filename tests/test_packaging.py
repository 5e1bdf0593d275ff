"""The house: packages are the folders, imports run downwards, the public face is light."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {"kernels": 0, "problems": 1, "bench": 2}
SOURCES = sorted(
    f for floor in FLOORS for f in (ROOT / floor).rglob("*.py") if "benchmarks" not in f.parts
)


def test_packages_match_the_folders():
    """pyproject.toml lists exactly the folders that hold modules, and no module at the root but
    __init__ and __main__.
    """
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    folders = {f.parent.relative_to(ROOT).parts for f in SOURCES if f.name == "__init__.py"} | {
        ("bench", "benchmarks")
    }
    expected = {"optbench", *(".".join(("optbench", *parts)) for parts in folders)}

    assert set(settings["tool"]["setuptools"]["packages"]) == expected
    assert all((f.parent / "__init__.py").exists() for f in SOURCES)
    assert {f.name for f in ROOT.glob("*.py")} == {"__init__.py", "__main__.py"}


def test_the_package_is_a_command():
    """`python -m optbench` is the command `optbench`, from any folder."""
    done = subprocess.run(
        [sys.executable, "-m", "optbench", "--help"],
        cwd=ROOT.anchor,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith("Usage: optbench [OPTIONS] COMMAND")


def imported(file):
    """(line, first folder below optbench) of every import of optbench in a file."""
    depth = len(file.relative_to(ROOT).parts) - 1
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            inside = file.relative_to(ROOT).parts[: depth - node.level + 1]
            names = (
                [node.module.split(".")[0]] if node.module else [alias.name for alias in node.names]
            )
            yield node.lineno, inside[0] if inside else names[0], node.level
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = (
                [node.module]
                if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names]
            )
            yield from (
                (node.lineno, "absolute", 0) for name in names if name.split(".")[0] == "optbench"
            )


@pytest.mark.parametrize("file", SOURCES, ids=lambda f: str(f.relative_to(ROOT)))
def test_imports_run_downwards(file):
    """A module imports only from its own floor or below, and by relative import."""
    own = FLOORS[file.relative_to(ROOT).parts[0]]
    upwards = [(line, name) for line, name, _ in imported(file) if FLOORS.get(name, 99) > own]

    assert upwards == []


def test_the_import_checker_sees_an_upward_import(tmp_path):
    """The check above can fail: a kernel that imports from problems is found."""
    module = tmp_path / "kernels" / "bad.py"
    module.parent.mkdir()
    module.write_text("from ..problems import problem\n")
    global ROOT
    before, ROOT = ROOT, tmp_path
    try:
        found = list(imported(module))
    finally:
        ROOT = before

    assert found == [(1, "problems", 2)]


def test_importing_optbench_is_light(python):
    """`import optbench` and the command line's module import neither numba nor pandas nor
    matplotlib.
    """
    heavy = python(
        "import sys, optbench, optbench.bench.cli.main\nprint(sorted({'numba', 'pandas', 'numpy',"
        " 'matplotlib', 'sklearn', 'scipy'} & set(sys.modules)))"
    )

    assert heavy.strip() == "[]"


def test_every_name_of_the_public_face_resolves():
    """Each name in optbench.__all__ loads, and an unknown one says what there is."""
    import optbench as ob

    assert all(getattr(ob, name) is not None for name in ob.__all__)
    with pytest.raises(AttributeError, match="get_optimizer"):
        ob.no_such_name  # noqa: B018
