"""asv's list of the benchmarks, benchmarks.json: their parameters' names and the versions that
count at present.

It is made of the suite, and asv writes it anew whenever it runs. So it needn't be in Git: where it
lacks, or the suite has changed, it is made here.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...kernels.grammar import InputError
from .asv_config import asv_config
from .measuring import last_line
from .repository import is_kept

FILE = "benchmarks.json"
DISCOVER = """
import sys
from asv.benchmarks import Benchmarks
from asv.config import Config
from asv.environment import get_environments
config = Config.load("asv.conf.json")
config.branches, config.matrix, config.include, config.exclude = [], {}, [], []
config.environment_type, config.pythons = "existing", [sys.executable]
Benchmarks.discover(config, None, list(get_environments(config, None)), ["HEAD"]).save()
"""
"""What `asv run --bench just-discover` does in the running Python, without the folder that it makes
for a machine.
"""


def benchmarks(root: Path, warn: Callable[[str], Any]) -> dict[str, dict[str, Any]]:
    """{name: its entry in benchmarks.json}, those that have a version and parameters' names.

    The file is written where it isn't there, can't be read, or is older than the suite and not in
    Git. `warn` is called with a line where that fails and the old one serves.  Raises InputError
    where there is no list and none can be made.
    """
    config = asv_config(root)
    file = root / str(config.get("results_dir", "results")) / FILE
    suite = root / str(config.get("benchmark_dir", "benchmarks"))
    found = _read(file)
    if not found or (_older(file, suite) and not is_kept(root, file)):
        reason = _discover(root, file)
        if reason and not found:
            raise InputError(
                f"the suite {suite.name}/ can't be listed, and there is no {FILE}: {reason}"
            )
        if reason:
            warn(f"the suite {suite.name}/ can't be listed, the old {FILE} serves: {reason}")
        found = _read(file) or found
    return found


def _read(file: Path) -> dict[str, dict[str, Any]]:
    """The entries of the file; none where it can't be read."""
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(entries, dict):
        return {}
    # beside the benchmarks stands the format's number
    return {
        name: entry
        for name, entry in entries.items()
        if isinstance(entry, dict)
        and "version" in entry
        and isinstance(entry.get("param_names"), list)
    }


def _older(file: Path, suite: Path) -> bool:
    changed = [module.stat().st_mtime for module in suite.rglob("*.py")]
    return bool(changed) and max(changed) > file.stat().st_mtime


def _discover(root: Path, file: Path) -> str:
    """Have asv write the list; why it can't, empty where it could."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"{file.parent.name}/ can't be made: {error.strerror}"
    done = subprocess.run(
        [sys.executable, "-c", DISCOVER], cwd=root, capture_output=True, text=True
    )
    return last_line(done.stderr or done.stdout, done.returncode) if done.returncode else ""
