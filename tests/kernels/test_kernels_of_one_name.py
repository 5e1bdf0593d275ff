"""Kernels of one name stay apart, and a name may have any letters."""

import optbench as ob
import package_copy
import pytest


@pytest.mark.cold
@pytest.mark.parametrize("name", ["maß", "правило"])
def test_a_rule_may_have_any_letters_whatever_the_locale(python, tmp_path, name):
    """Names that aren't ASCII are compiled and kept under LC_ALL=C, without UTF-8 mode, too."""
    plugin = tmp_path / "letters.py"
    plugin.write_text(
        f"import optbench as ob\n\n@ob.optimizer\ndef {name}(x, g, lr=0.1):\n    return x - lr"
        " * g\n",
        encoding="utf-8",
    )
    code = (
        "from optbench.bench.plugins.discovery import"
        f" load_file\nload_file({str(plugin)!r})\nimport optbench as ob\nwalk ="
        f" ob.get_optimizer({name!a}).start([1.0])\nprint(walk.step([1.0])[0])"
    )
    environment = {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "OPTBENCH_CACHE_DIR": str(tmp_path / "cache"),
    }

    assert [
        python(package_copy.COUNT + code + "\nprint(len(compiled) > 0)", **environment).split()
        for _ in range(2)
    ] == [
        ["0.9", "True"],
        ["0.9", "False"],
    ]


TWO_FILES = """
import numpy as np
import optbench as ob

for module, size in (("optbench.problems.one_file", 1.0), ("optbench.problems.another_file", 2.0)):
    space = {"__name__": module}
    exec(
        f"def hill(x, g, loss):\\n"
        f"    for lane in range(loss.size):\\n        loss[lane] = {size}\\n"
        f"        g[0, lane] = 0.0\\n"
        f"def into(x):\\n    x[0] = {size}\\n",
        space,
    )
    words = {"project": space["into"], "family": "hill"}
    problem = ob.Problem(space["hill"], np.zeros(1), 0.1, 10, "a test", **words)
    x = np.zeros((1, 16))
    problem.projection()(x, x, np.zeros(16), np.zeros(0), np.zeros(0, int), np.zeros(16, int), 1)
    print(problem.values(np.zeros((1, 1)))[0], x[0, 0])
"""


@pytest.mark.cold
def test_formulas_of_one_name_in_two_files_stay_apart(python, tmp_path):
    """Two built-in formulas, or projections, that are called alike are two kernels, also where
    kernels are cached.
    """
    # a cache of its own: modules that aren't there any more can't be loaded in the next run of the
    # tests
    assert python(TWO_FILES, OPTBENCH_CACHE_DIR=str(tmp_path)).split() == [
        "1.0",
        "1.0",
        "2.0",
        "2.0",
    ]


NESTED = """
import numpy as np
import optbench as ob


def made(formula):
    return ob.Problem(formula, np.full(2, 3.0), 0.1, 10, "a test", minimum=0.0)


@ob.problem
def nested_one():
    def loss(x, g):
        g[:] = 2.0 * x
        return (x * x).sum()

    return made(loss)


@ob.problem
def nested_ten():
    def loss(x, g):
        g[:] = 20.0 * x
        return 10.0 * (x * x).sum()

    return made(loss)
"""


@pytest.mark.cold
@pytest.mark.parametrize("word", ["", "[shift=1.0]"])
def test_nested_formulas_of_one_name_stay_apart(tmp_path, word):
    """Two problems of one plugin file, each with a `loss` of its own inside: each is evaluated by
    its own, transformed too.
    """
    from optbench.bench.plugins import discovery

    file = tmp_path / "nested.py"
    file.write_text(NESTED)
    discovery.load_file(file)
    losses = [
        problem.value_and_grad(problem.start(0))[0]
        for problem in map(ob.get_problem, (f"nested_one{word}", f"nested_ten{word}"))
    ]

    assert losses == pytest.approx([18.0, 180.0])
