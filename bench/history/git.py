"""Git, run as a command."""

import os
import subprocess
from pathlib import Path

from ...kernels.grammar import InputError


def git(folder: Path, *arguments: str, **variables: str) -> str:
    """What `git` prints in `folder`. variables : of its environment.

    Raises InputError with Git's reason where it fails, or isn't installed.
    """
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env={**os.environ, "LC_ALL": "C", **variables},
            capture_output=True,
        )
    except FileNotFoundError as error:
        raise InputError("optbench history needs Git on the PATH") from error
    if done.returncode:
        raise InputError(
            f"git {arguments[0]}: {done.stderr.decode(errors='replace').strip() or 'failed'}"
        )
    # as the file system has it: names of files needn't be UTF-8
    return os.fsdecode(done.stdout)
