"""Throw-away Git repositories for tests."""

import os
import subprocess


def git(folder, *words):
    """What Git prints, run in `folder`; commits are by nobody in particular."""
    author = {
        f"GIT_{who}_{what}": "optbench@example.org"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    # a hook, in which tests may run, has variables that name the repository around it
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**plain, **author},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def committed(folder, subject="a commit"):
    """All that is in `folder`, committed; its hash."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", subject)
    return git(folder, "rev-parse", "HEAD")
