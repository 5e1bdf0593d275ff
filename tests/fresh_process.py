"""Python code in a process of its own."""

import os
import subprocess
import sys


def run(code, *, cwd=None, **environment):
    """Run Python code in a fresh process, in which warnings are errors -> its standard output.

    environment : variables beside those of this process. A non-zero exit fails the test.
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
