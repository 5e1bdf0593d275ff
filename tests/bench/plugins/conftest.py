"""What tests of plugins share: a plugin file is written."""

import pytest


@pytest.fixture
def write(tmp_path):
    """Write a plugin file -> its path."""

    def _write(text, name="plugin_file.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return _write
