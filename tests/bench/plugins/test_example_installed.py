"""The example package installed by pip into an environment of its own, beside optbench."""

import shutil
import sysconfig
import venv
from pathlib import Path

import pytest
from example_package import (
    EXAMPLE,
    NO_CODE,
    ROOT,
    STEEPER,
    call,
    edit,
    final_losses,
    stored,
)


class Site:
    """A virtual environment of its own with optbench and the example installed, and a kernel cache
    of its own.
    """

    def __init__(self, folder):
        self.folder, self.cache = folder, folder / "cache"
        venv.create(folder / "venv")
        self.bin = folder / "venv" / "bin"
        command = [
            self.bin / "python",
            "-c",
            "import sysconfig; print(sysconfig.get_path('purelib'))",
        ]
        self.packages = Path(call(command, folder).stdout.strip())
        # the running environment's packages, read where they are: no download; its own .pth files
        # don't count there
        shared = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        (self.packages / "shared.pth").write_text("\n".join(shared))
        for source, name in ((ROOT, "optbench"), (EXAMPLE, "example")):
            shutil.copytree(source, folder / name, ignore=NO_CODE)
        self.pip("install", "setuptools>=77")
        self.install("optbench")
        self.install("example")

    def pip(self, *arguments):
        done = call(
            [self.bin / "python", "-m", "pip", *arguments], self.folder, PYTHONWARNINGS="default"
        )
        assert done.returncode == 0, done.stderr

    def install(self, name):
        self.pip("install", "--no-index", "--no-build-isolation", f"./{name}")

    def optbench(self, *arguments, cwd):
        done = call([self.bin / "optbench", *arguments], cwd, OPTBENCH_CACHE_DIR=str(self.cache))
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def run(self, seeds, cwd, *more):
        arguments = [
            "-p",
            "leon,rosenbrock",
            "-o",
            "diffgrad,adam",
            "--seeds",
            seeds,
            "--steps",
            "50",
            "--quiet",
            *more,
        ]
        return self.optbench("run", *arguments, cwd=cwd)

    def kept(self):
        """The files of the kernel cache, with when they were written."""
        return {file: file.stat().st_mtime_ns for file in self.cache.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The virtual environment, made once: a test that changes it puts it back."""
    return Site(tmp_path_factory.mktemp("fresh"))


@pytest.mark.slow
def test_the_installed_packages_are_the_ones_used(site, tmp_path):
    """The environment imports what was installed in it, not the checkout."""
    code = "import optbench, optbench_example; print(optbench.__file__, optbench_example.__file__)"
    places = call([site.bin / "python", "-c", code], tmp_path).stdout.split()

    assert places == [
        str(site.packages / name / "__init__.py") for name in ("optbench", "optbench_example")
    ]


@pytest.mark.slow
def test_the_examples_own_tests_pass(site, tmp_path):
    """The package's tests pass where it is installed."""
    shutil.copytree(EXAMPLE / "tests", tmp_path / "tests")
    shutil.copy(EXAMPLE / "pyproject.toml", tmp_path)
    command = [site.bin / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = call(command, tmp_path, OPTBENCH_CACHE_DIR=str(site.cache), PYTHONWARNINGS="default")

    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


@pytest.mark.slow
def test_the_names_come_and_go_with_the_package(site, tmp_path):
    """`optbench list` shows the rule and the problem while the package is installed, and not
    afterwards.
    """
    names = {"diffgrad", "leon"}
    before = set(site.optbench("list", cwd=tmp_path).split())
    site.pip("uninstall", "--yes", "optbench-example")
    try:
        after = set(site.optbench("list", cwd=tmp_path).split())
    finally:
        site.install("example")

    assert names <= before
    assert not names & after
    assert before - after >= names


@pytest.mark.slow
def test_the_rule_and_the_problem_run_beside_ours(site, tmp_path):
    """`optbench run` on both problems with both rules stores a row for each lr and seed, none
    failed.
    """
    site.run("2", tmp_path)
    runs = stored(tmp_path)
    pairs = runs.groupby(["problem", "optimizer"], observed=True).size()

    assert dict(pairs) == {(p, o): 18 for p in ("leon", "rosenbrock") for o in ("adam", "diffgrad")}
    assert "failed" not in set(runs["status"])
    assert (tmp_path / "results" / "figures" / "curves.png").is_file()


@pytest.mark.slow
def test_a_second_run_compiles_nothing(site, tmp_path):
    """With further seeds the kernels of the package are found where the first run kept them."""
    site.run("2", tmp_path, "--no-figures")
    before = site.kept()
    said = site.run("3", tmp_path, "--no-figures")

    assert before
    assert site.kept() == before
    assert "36 runs computed, 72 found" in said


@pytest.mark.slow
def test_an_edited_helper_is_picked_up(site, tmp_path):
    """After an edit to the helper's module the rule gives other losses, and the runs it supersedes
    are counted.

    The problem of the same package is none of the helper's: Adam's runs on it are found.
    """
    site.run("2", tmp_path, "--no-figures")
    before = final_losses(tmp_path)
    helper = site.packages / "optbench_example" / "friction.py"
    edit(helper, *STEEPER)
    try:
        said = site.run("2", tmp_path, "--no-figures")
    finally:
        edit(helper, *reversed(STEEPER))
    same = final_losses(tmp_path) == before

    assert (
        "36 runs computed, 36 found in results/runs, 36 stored ones superseded by edited code"
        in said
    )
    assert not same["diffgrad"].any()
    assert same["adam"].all()


@pytest.mark.slow
def test_the_templates_are_installed(site, tmp_path):
    """`optbench new` of an installed optbench writes a plugin and its test."""
    for kind in ("optimizer", "problem"):
        site.optbench("new", kind, f"fresh_{kind}", cwd=tmp_path)

    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "fresh_optimizer.py",
        "fresh_problem.py",
        "test_fresh_optimizer.py",
        "test_fresh_problem.py",
    ]
