"""`optbench history` in a process of its own, as the tests of the history run it."""

import os
import subprocess
import sys
from pathlib import Path

MAIN = "from optbench.bench.cli.main import main; main()"
SHARING = f"import sys; sys.path.append({str(Path(__file__).parent)!r}); import shared_builds; "


def start(kept=None, before=""):
    """Python code that is the command.

    kept : a folder for what checks install and compile; None means as for users, a check has its
    own.  before : code that is run first.
    """
    shared = SHARING + f"shared_builds.share({str(kept)!r}); " if kept else ""
    return f"{shared}{before}{MAIN}"


def history(folder, *arguments, kept=None, before="", **variables):
    """`optbench history` with these arguments, in `folder`; variables : of its environment."""
    # errors="replace": an output in ASCII is read as any other
    return subprocess.run(
        [sys.executable, "-c", start(kept, before), "history", *arguments],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        errors="replace",
    )
