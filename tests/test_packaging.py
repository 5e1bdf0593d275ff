"""The layout: packages are the folders, and the public face is light."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(
    f
    for floor in ("kernels", "problems", "bench")
    for f in (ROOT / floor).rglob("*.py")
    if "templates" not in f.parts
)


def test_packages_match_the_folders():
    """pyproject.toml lists exactly the folders that hold modules. The root holds no file but
    __init__, __main__ and nox's.
    """
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    folders = {f.parent.relative_to(ROOT).parts for f in SOURCES if f.name == "__init__.py"}
    expected = {"optbench", *(".".join(("optbench", *parts)) for parts in folders)}

    assert set(settings["tool"]["setuptools"]["packages"]) == expected
    assert all((f.parent / "__init__.py").exists() for f in SOURCES)
    assert {f.name for f in ROOT.glob("*.py")} == {"__init__.py", "__main__.py", "noxfile.py"}


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
