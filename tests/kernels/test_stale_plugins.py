"""An edit to a plugin, or to a library that it uses, is neither answered by old kernels nor by
old runs.
"""

import package_copy
import pytest

PLUGIN = """
import optbench as ob

FACTOR = {factor}

def half(g):
    return {inside} * g

@ob.optimizer
def plugged(x, g, lr=0.1):
    '''A test's rule (2000). lr : units of x.'''
    return x - FACTOR * lr * {call}
"""


@pytest.mark.cold
@pytest.mark.parametrize(
    "change", [{"factor": 2.0}, {"inside": 0.25}], ids=["a global's value", "a helper"]
)
def test_an_edited_plugin_is_compiled_anew_and_a_same_one_is_not(tmp_path, change):
    """A plugin file is kept under its own digest: a second run compiles nothing, an edit is picked
    up.
    """
    plugin = tmp_path / "plugged.py"
    body = PLUGIN.replace("def half", "import numba\n\n@numba.njit\ndef half")
    words = {"factor": 1.0, "inside": 0.5, "call": "half(g)"}
    code = f"from optbench.bench.plugins.discovery import load_file\nload_file({str(plugin)!r})\n"
    code += package_copy.step(problem="quadratic", optimizer="plugged")
    plugin.write_text(body.format(**words))
    _, before = package_copy.run(None, code, tmp_path / "cache")
    warm, again = package_copy.run(None, code, tmp_path / "cache")
    plugin.write_text(body.format(**{**words, **change}))
    compiled, after = package_copy.run(None, code, tmp_path / "cache")

    assert warm == 0
    assert again == before
    assert compiled > 0
    assert after != before


LIBRARY = """
import optbench as ob
import numba_library as lib

@ob.optimizer
def librarian(x, g, lr=0.1):
    '''A test's rule (2000). lr : units of x.'''
    return x - lr * lib.GAIN * lib.push(g)
"""


@pytest.mark.cold
@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("numba_library", "GAIN = 1.0", "GAIN = 0.5"),
        ("numba_depth", "return 1.0 * g", "return 0.5 * g"),
    ],
    ids=["an attribute of a module", "a helper behind a helper that Numba itself caches"],
)
def test_a_library_edit_is_neither_answered_by_old_kernels_nor_by_old_runs(
    python, tmp_path, module, old, new
):
    """x - lr GAIN g, GAIN edited from 1 to 1/2: the store's runs are superseded, and a fresh store
    gets the new kernel.

    On 1/2 x² from x0 with lr 0.1, one step leads to (1 - 0.1 GAIN) x0.
    """
    texts = {
        "numba_library": (
            "import numba\nimport numba_depth\nGAIN = 1.0\n"
            "@numba.njit(cache=True)\ndef push(g):\n    return numba_depth.deepest(g)\n"
        ),
        "numba_depth": "import numba\n@numba.njit\ndef deepest(g):\n    return 1.0 * g\n",
        "librarian": LIBRARY,
        "bowl": (
            "import numpy as np\nimport optbench as ob\n\n@ob.problem\ndef plain_bowl():\n"
            "    def loss(x, g):\n        g[:] = x\n        return 0.5 * (x * x).sum()\n\n"
            "    return ob.Problem(loss, np.ones(1), 0.0, 1, 'a test', minimum=0.0)\n"
        ),
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)

    def outcome(store):
        code = (
            f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
            "import librarian, bowl\n"
            "from optbench.bench.runs.run import execute\n"
            "from optbench.bench.sweep.request import Request\n"
            "from optbench.bench.sweep.sweep import plan\n"
            "names = {'problems': ['plain_bowl'], 'optimizers': ['librarian']}\n"
            "asked = Request(**names, lrs=[0.1], seeds=1)\n"
            f"done = execute(plan(asked), store={store!r})\n"
            "print(done.computed, done.superseded, done.results.runs['final_loss'][0])"
        )
        environment = {
            "OPTBENCH_CACHE_DIR": str(tmp_path / "cache"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        computed, superseded, loss = python(code, cwd=tmp_path, **environment).split()
        return int(computed), int(superseded), float(loss)

    first, again = outcome("store"), outcome("store")
    package_copy.edit(tmp_path / f"{module}.py", old, new)
    edited, fresh = outcome("store"), outcome("fresh")

    assert (first[:2], again[:2], edited[:2], fresh[:2]) == ((1, 0), (0, 0), (1, 1), (1, 0))
    assert [first[2], again[2]] == pytest.approx([0.5 * 0.9**2] * 2, rel=1e-14)
    assert [edited[2], fresh[2]] == pytest.approx([0.5 * 0.95**2] * 2, rel=1e-14)


def test_a_rule_in_a_notebook_runs(python):
    """A rule decorated where there is no file (a notebook, a prompt) works, and edits to its
    globals count.
    """
    printed = python(
        "import optbench as ob\n"
        "source = '''\n"
        "@ob.optimizer\n"
        "def typed(x, g, lr=0.1):\n"
        '    "A test\'s rule (2000). lr : units of x."\n'
        "    return x - FACTOR * lr * g\n"
        "'''\n"
        "for factor in (1.0, 3.0):\n"
        "    space = {'ob': ob, 'FACTOR': factor, '__name__': '__main__'}\n"
        "    exec(source, space)\n"
        "    print(space['typed'].start([1.0]).step([1.0])[0])\n"
    )

    assert [round(float(word), 12) for word in printed.split()] == [0.9, 0.7]
