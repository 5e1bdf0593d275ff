"""The parts of .ci/run by name: `nox -s lint`. Without -s: lint, types and the fast tests."""

import shutil

import nox

nox.options.sessions = ["lint", "types", "tests"]
nox.options.reuse_existing_virtualenvs = True


@nox.session
def lint(session):
    """Style, format, imports between floors and rooms, and spelling."""
    session.install("-e", ".[lint]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports", "--no-cache")
    session.run("codespell")


@nox.session
def types(session):
    """The package in place, then the tests against a regular install."""
    session.install("-e", ".[test,lint,asv]")
    session.run("pyright")
    shutil.rmtree("build", ignore_errors=True)
    session.install("--no-deps", "--target", "build/site", ".")
    session.run("pyright", "-p", "tests")


@nox.session
def tests(session):
    """The fast tests; further words go to pytest: `nox -s tests -- tests/kernels`."""
    session.install("-e", ".[test]")
    session.run("pytest", *session.posargs)


@nox.session
def coverage(session):
    """Which lines the fast tests run, in one process; compiled kernels do not count."""
    session.install("-e", ".[test]", "coverage>=7.10")
    session.run("coverage", "run", "-m", "pytest", "-n", "0", *session.posargs)
    session.run("coverage", "report", "--skip-covered", "--sort=cover")


@nox.session
def cold(session):
    """The tests that compile from nothing."""
    session.install("-e", ".[test]")
    session.run("pytest", "-m", "cold", *session.posargs)


@nox.session
def slow(session):
    """The long tests. One of them opens the history's page in Chromium."""
    session.install("-e", ".[test]")
    session.run("pytest", "-m", "slow", *session.posargs)


@nox.session
def docs(session):
    """What the pages say: their files, counts, examples and commands."""
    session.install("-e", ".[test]")
    session.run("pytest", "tests/test_docs.py", "tests/test_readme.py", "tests/test_clean_clone.py")


@nox.session
def asv(session):
    """Compare the working tree with a commit: `nox -s asv -- main .`, by default HEAD with it."""
    session.install("-e", ".[asv]")
    session.run("optbench", "history", "check", *(session.posargs or ["HEAD", "."]))
