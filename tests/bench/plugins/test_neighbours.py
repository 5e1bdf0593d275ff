"""A plugin file imports files beside it, as a script does."""

import json
import os
import subprocess
import sys

import numpy as np
import optbench as ob
import pytest
from optbench.bench.plugins import by_name, discovery

RULE = '''
import optbench as ob
{imports}


@ob.optimizer
def {name}(x, g, lr=0.5):
    """A test's rule (2000)."""
    return x - lr * {call}
'''
HELPER = """
import numba

@numba.njit
def push(g):
    return {} * g
"""


@pytest.fixture
def plugin(tmp_path):
    """Write files into a folder -> the path of the last."""

    def _plugin(**files):
        for name, text in files.items():
            path = tmp_path / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return path

    return _plugin


def one_step(name):
    """How far one update goes, in units of lr, where the gradient is 1."""
    walk = ob.get_optimizer(name).start(np.zeros(2))
    return float(-walk.step(np.ones(2))[0] / ob.get_optimizer(name).lr)


@pytest.mark.parametrize(
    ("helper", "imports", "call"),
    [
        ("helpers", "from helpers import push", "push(g)"),
        ("helpers", "import helpers\npush = helpers.push", "push(g)"),
        ("inner/helpers", "from inner.helpers import push", "push(g)"),
        ("inner/helpers", "from inner import helpers\npush = helpers.push", "push(g)"),
        ("inner/__init__", "from inner import push", "push(g)"),
        ("helpers", "import importlib\npush = importlib.import_module('helpers').push", "push(g)"),
    ],
)
def test_a_file_beside_is_imported(helper, imports, call, plugin):
    """A module, or a package's, in the plugin file's folder is found; sys.path and sys.modules are
    as they were.
    """
    before = [*sys.path]
    text = RULE.format(imports=imports, name="pushed", call=call)
    discovery.load_file(plugin(**{helper: HELPER.format(3.0), "pushed": text}))

    assert one_step("pushed") == 3.0
    assert sys.path == before
    assert not {"helpers", "inner", "inner.helpers"} & {*sys.modules}


def test_files_of_one_name_in_two_folders_do_not_mix(plugin):
    """Each plugin has the `helpers` of its own folder, also when its kernel is compiled after the
    other was loaded.
    """
    for name, factor in (("first", 2.0), ("second", 5.0)):
        text = RULE.format(imports="from helpers import push", name=name, call="push(g)")
        discovery.load_file(
            plugin(
                **{f"{name}_folder/helpers": HELPER.format(factor), f"{name}_folder/{name}": text}
            )
        )

    assert (one_step("first"), one_step("second")) == (2.0, 5.0)


def test_files_beside_import_each_other(plugin):
    """A file beside the plugin imports another, in a circle too, and is run once."""
    file = plugin(
        one="RUNS = []\nimport two\nfactor = 2.0\n",
        two="import one\none.RUNS.append(1)\n",
        circled=RULE.format(
            imports="import one, two\nF = float(len(one.RUNS) * one.factor)",
            name="circled",
            call="F * g",
        ),
    )
    discovery.load_file(file)

    assert one_step("circled") == 2.0


def test_a_file_beside_is_read_anew_with_its_plugin(plugin):
    """An edit of a file beside the plugin counts when the plugin is loaded again, within the same
    second too.
    """
    text = RULE.format(imports="from helpers import push", name="pushed", call="push(g)")
    for factor in (2.0, 3.0):
        discovery.load_file(plugin(helpers=HELPER.format(factor), pushed=text))
        assert one_step("pushed") == factor


def test_nothing_of_others_is_hidden(plugin):
    """A file beside the plugin that is called as a module of Python, or as one that another package
    imports, hides neither.
    """
    file = plugin(
        colorsys="raise RuntimeError('the wrong colorsys')\n",
        their_inner="raise RuntimeError('the wrong their_inner')\n",
        **{"installed/site-packages/their_package": "import their_inner\n"},
        **{"installed/site-packages/their_inner": "VALUE = 4.0\n"},
        careful=RULE.format(
            imports="import colorsys\nimport their_package\nF = their_package.their_inner.VALUE",
            name="careful",
            call="F * g",
        ),
    )
    installed = {**os.environ, "PYTHONPATH": str(file.parent / "installed" / "site-packages")}
    command = [sys.executable, "-m", "optbench", "list", "suites", "--plugin", file]
    done = subprocess.run(command, capture_output=True, text=True, env=installed)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "files",
    [
        {
            "helpers": HELPER.format(3.0),
            "main": RULE.format(imports="import helpers", name="pushed", call="helpers.push(g)"),
        },
        {"further": RULE.format(imports="", name="pushed", call="g"), "main": "import further\n"},
    ],
    ids=["with a file beside it", "of a file beside"],
)
def test_another_process_finds_the_rule(files, plugin, python):
    """A rule whose plugin imports a file beside it, or which such a file registers, is found by
    processes of `check`.
    """
    discovery.load_file(plugin(**files))
    request = json.dumps(by_name.request_for(ob.get_optimizer("pushed")))
    code = (
        "import json; from optbench.bench.plugins.by_name import subject_of;"
        f" print(subject_of(json.loads({request!r})).name)"
    )

    assert python(code) == "pushed\n"
