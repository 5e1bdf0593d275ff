"""The benchmarks, loaded as asv loads them."""

import importlib
import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "bench" / "benchmarks"
MODULES = sorted(FOLDER.glob("*.py"))


@pytest.fixture(scope="module")
def suite():
    """The suite under the name that asv gives it, with its modules as attributes."""
    spec = importlib.util.spec_from_file_location(
        "benchmarks", FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
    )
    package = sys.modules["benchmarks"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
    for file in MODULES:
        if file.stem != "__init__":
            importlib.import_module(f"benchmarks.{file.stem}")
    yield package
    for name in [name for name in sys.modules if name.split(".")[0] == "benchmarks"]:
        del sys.modules[name]
