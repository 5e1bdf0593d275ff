"""What tests of the conformance kit share: the planted faults, registered."""

import faulty
import pytest
from optbench.bench.plugins import discovery


@pytest.fixture
def rules(tmp_path):
    """The faulty rules, registered -> the file."""
    file = tmp_path / "faulty_rules.py"
    file.write_text(faulty.RULES)
    discovery.load_file(file)
    return file


@pytest.fixture
def problems(tmp_path):
    """The faulty problems, registered -> the file."""
    file = tmp_path / "faulty_problems.py"
    file.write_text(faulty.PROBLEMS)
    discovery.load_file(file)
    return file
