"""A package of modules that a test writes and edits."""

import importlib
import sys
import textwrap

import pytest


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Write modules into a folder of Python's path and import the one called `rule` -> its function
    `rule`.
    """
    monkeypatch.syspath_prepend(str(tmp_path))

    def _package(**modules):
        for name in modules:
            (tmp_path / f"{name}.py").write_text(textwrap.dedent(modules[name]), encoding="utf-8")
        for name in modules:
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
        # Python takes a file of the same size and second for the same one
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        return importlib.import_module("rule").rule

    yield _package
    for name in ("rule", "lib", "deeper"):
        sys.modules.pop(name, None)
