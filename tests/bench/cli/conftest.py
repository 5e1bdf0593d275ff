"""What tests of commands share: an empty folder, and a plugin of which some fails."""

from pathlib import Path

import pytest
from command_line import PLUGIN


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """Commands run in an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def plugin(elsewhere):
    Path("cli_plugin.py").write_text(PLUGIN)
    return ["--plugin", "cli_plugin.py"]
