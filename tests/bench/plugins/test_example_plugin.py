"""The example package: installed for real, beside the other ways to bring a rule."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import warnings
from pathlib import Path

import optbench as ob
import pytest
from optbench.bench.terminal.notices import Notice

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "plugin"
PACKAGE = EXAMPLE / "src" / "optbench_example"
STEEPER = ("-abs(change)", "-2 * abs(change)")
"""An edit to the helper's module that changes what the rule computes."""
NO_CODE = shutil.ignore_patterns(
    *["__pycache__", "*.egg-info", "build", ".*", "tests", "docs", "results", "examples"]
)


def call(command, cwd, **environment):
    """Run a command, warnings as errors -> the finished process."""
    environment = {**os.environ, "PYTHONWARNINGS": "error", "COLUMNS": "200", **environment}
    return subprocess.run(
        [*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True, timeout=600
    )


def edit(file, old, new):
    assert file.read_text().count(old) == 1, f"{old!r} is not unique in {file}"
    file.write_text(file.read_text().replace(old, new))


# ----------------------------------------------------------------------------------------------
# without an installation


@pytest.fixture
def offered(tmp_path):
    """A copy of the package with the metadata an installation writes -> the folder that makes it
    importable.
    """
    folder = tmp_path / "site"
    shutil.copytree(PACKAGE, folder / PACKAGE.name, ignore=NO_CODE)
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    metadata = folder / f"{PACKAGE.name}-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    lines = [
        [f"[{group}]", *(f"{k} = {v}" for k, v in names.items())]
        for group, names in project["entry-points"].items()
    ]
    (metadata / "entry_points.txt").write_text("\n".join(line for group in lines for line in group))
    return folder


@pytest.fixture
def one_file(tmp_path):
    """The package's rule and its helper in one plugin file."""
    file = tmp_path / "diffgrad_file.py"
    rule = (PACKAGE / "diffgrad.py").read_text().replace("from .friction import friction\n", "")
    file.write_text((PACKAGE / "friction.py").read_text() + rule)
    return file


def stored(folder):
    """The runs that a command stored in this folder; its rule isn't known to the process of the
    tests.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Notice)
        return ob.load(folder / "results" / "runs").runs


def final_losses(folder):
    """The stored runs' final losses, by optimizer, problem, lr and seed."""
    runs = stored(folder)
    return runs.set_index(["optimizer", "problem", "lr", "seed"])["final_loss"].sort_index()


def optbench():
    return Path(sys.executable).with_name("optbench")


def test_two_owners_of_a_rule_are_an_error_that_names_both(offered, one_file, tmp_path):
    """A plugin file whose rule an installed package has too: one line on stderr with both owners,
    exit status 2.
    """
    done = call([optbench(), "list", "--plugin", one_file], tmp_path, PYTHONPATH=str(offered))

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert all(
        word in done.stderr
        for word in ("'diffgrad'", "twice", "optbench_example.diffgrad", str(one_file))
    )


KEYS = """
import pathlib
import optbench as ob
from optbench.kernels import sources

rules = [ob.get_optimizer(name).rule.function for name in {names}]
{meanwhile}
print(*[key(rule) for rule in rules for key in (sources.jit_key, sources.identity)])
"""


@pytest.fixture
def keys(offered, tmp_path):
    """The keys of some rules' kernels and stored runs in a fresh process that has the package."""

    def _keys(names=("diffgrad",), meanwhile="", package=offered):
        code = KEYS.format(names=names, meanwhile=meanwhile)
        done = call([sys.executable, "-c", code], tmp_path, PYTHONPATH=str(package))
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    return _keys


def test_an_edit_to_the_helper_s_module_is_another_key(offered, keys):
    """Kernels and runs of the rule are kept under a digest of its helper's code; a remark, or a
    neighbour's, is none of it.
    """
    helper, before = offered / PACKAGE.name / "friction.py", keys()
    for file in (helper, offered / PACKAGE.name / "leon.py"):
        file.write_text(f"{file.read_text()}# a remark\n")
    remarked = keys()
    helper.write_text(helper.read_text().replace("return ", "return 2.0 * "))
    edited = keys()

    assert remarked == before
    assert not set(edited) & set(before)


def test_an_edit_while_a_process_runs_belongs_to_the_next(offered, keys):
    """What a process computes with the helper it imported is kept under the old key, also if the
    file changed since.
    """
    helper = offered / PACKAGE.name / "friction.py"
    before = keys()
    edit = "file.write_text(file.read_text().replace('return ', 'return 2.0 * '))"
    during = keys(meanwhile=f"file = pathlib.Path({str(helper)!r}); {edit}")

    assert during == before


def test_a_plugin_leaves_our_kernels_where_they_were(keys, tmp_path):
    """Our rules' keys are the same with the package and without it: nothing of ours is compiled
    again for a plugin.
    """
    assert keys(["adam"]) == keys(["adam"], package=tmp_path)


SESSION = """
import linecache, pathlib
import optbench as ob

text = pathlib.Path({file!r}).read_text()
if {readable}:  # as IPython does for a cell
    linecache.cache["<cell 1>"] = (len(text), None, text.splitlines(True), "<cell 1>")
exec(compile(text, "<cell 1>", "exec"))
if __name__ == "__main__":
    words = {"lrs": [1e-3, 1e-2], "seeds": 3, "steps": 200, "store": "results/runs"}
    ob.run(["rosenbrock", "quadratic"], ["diffgrad"], **words)
"""
WORDS = [
    "-p",
    "rosenbrock,quadratic",
    "-o",
    "diffgrad",
    "--lr",
    "1e-3,1e-2",
    "--seeds",
    "3",
    "--steps",
    "200",
]


@pytest.mark.slow
def test_a_rule_is_the_same_from_a_file_a_package_or_a_session(offered, one_file, tmp_path):
    """By --plugin, by entry point, and typed into a session with or without readable source: the
    same bits, nothing said.
    """
    run = [optbench(), "run", *WORDS, "--no-figures", "--quiet"]
    ways = {
        "file": ([*run, "--plugin", one_file], {}),
        "package": (run, {"PYTHONPATH": str(offered)}),
        "cell": ([sys.executable, "-c", SESSION.format(file=str(one_file), readable=True)], {}),
        "unreadable": (
            [sys.executable, "-c", SESSION.format(file=str(one_file), readable=False)],
            {},
        ),
    }
    losses, said = {}, {}
    for way, (command, environment) in ways.items():
        folder = tmp_path / way
        folder.mkdir()
        done = call(command, folder, **environment)
        assert done.returncode == 0, done.stderr
        losses[way], said[way] = final_losses(folder).tolist(), done.stderr

    assert len(set(losses["file"])) == 12
    assert losses["file"] == losses["package"] == losses["cell"] == losses["unreadable"]
    assert set(said.values()) == {""}


# ----------------------------------------------------------------------------------------------
# installed


class Site:
    """A virtual environment of its own with optbench and the example installed, and a kernel cache
    of its own.
    """

    def __init__(self, folder):
        self.folder, self.cache = folder, folder / "cache"
        venv.create(folder / "venv")
        self.bin = folder / "venv" / "bin"
        words = [
            self.bin / "python",
            "-c",
            "import sysconfig; print(sysconfig.get_path('purelib'))",
        ]
        self.packages = Path(call(words, folder).stdout.strip())
        # the running environment's packages, read where they are: no download; its own .pth files
        # don't count there
        shared = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        (self.packages / "shared.pth").write_text("\n".join(shared))
        for source, name in ((ROOT, "optbench"), (EXAMPLE, "example")):
            shutil.copytree(source, folder / name, ignore=NO_CODE)
        self.pip("install", "setuptools>=77")
        self.install("optbench")
        self.install("example")

    def pip(self, *words):
        done = call(
            [self.bin / "python", "-m", "pip", *words], self.folder, PYTHONWARNINGS="default"
        )
        assert done.returncode == 0, done.stderr

    def install(self, name):
        self.pip("install", "--no-index", "--no-build-isolation", f"./{name}")

    def optbench(self, *words, cwd):
        done = call([self.bin / "optbench", *words], cwd, OPTBENCH_CACHE_DIR=str(self.cache))
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def run(self, seeds, cwd, *more):
        words = [
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
        return self.optbench("run", *words, cwd=cwd)

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
    words = [site.bin / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = call(words, tmp_path, OPTBENCH_CACHE_DIR=str(site.cache), PYTHONWARNINGS="default")

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
