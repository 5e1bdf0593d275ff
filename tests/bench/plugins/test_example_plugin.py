"""The example package beside the other ways to bring a rule: a file, and a session."""

import shutil
import sys
import tomllib
from pathlib import Path

import pytest
from example_package import EXAMPLE, NO_CODE, PACKAGE, call, final_losses


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
    options = dict(lrs=[1e-3, 1e-2], seeds=3, steps=200, store="results/runs")
    ob.run(["rosenbrock", "quadratic"], ["diffgrad"], **options)
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
