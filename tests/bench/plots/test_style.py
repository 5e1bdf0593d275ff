"""An optimizer looks the same in every figure, and like no other one."""

import ast

import optbench as ob
import pytest
from drawn_lines import BOWL, lines
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from optbench.bench.plots import curves, paths, sensitivity
from optbench.bench.plots.style import MARKS, look, looks
from optbench.bench.plugins import discovery

DRAWN_IN_ORDER = """
import pandas as pd
from matplotlib.figure import Figure
from optbench.bench.plots.history import history_curves

found = {{}}
for name in {names}:
    index = pd.DataFrame({{name: [1.0, 2.0]}}, ["a", "b"])
    line = history_curves(index, Figure().subplots()).lines[0]
    found[name] = line.get_color(), line.get_linestyle(), line.get_marker(), line.get_fillstyle()
print(found)
"""


def appearance(line):
    """What a reader sees of a line."""
    return (
        to_hex(line.get_color()),
        line.get_linestyle(),
        line.get_marker(),
        line.get_fillstyle(),
    )


def test_an_optimizer_has_one_look(results):
    """An optimizer has the same colour and dashes in all figures, whoever stands beside it."""
    alone = ob.run(["rosenbrock"], ["adam"], lrs=[0.3], seeds=1, steps=20)
    found = []
    for given in (results, alone):
        for figure in (curves, sensitivity, paths):
            ax = figure.draw(given, ax=Figure().subplots(), problem="rosenbrock")
            line = lines(ax)["adam"]
            found.append((to_hex(line.get_color()), line.get_linestyle()))

    assert len(found) == 6
    assert len(set(found)) == 1


def test_a_look_does_not_depend_on_what_was_drawn_before(python):
    """Two processes that draw the same optimizers in another order draw them alike."""
    names = ["adam", "adam[beta1=0.5]", "adam[beta1=0.8]", "adam[beta1=0.95]"]
    one, other = (
        ast.literal_eval(python(DRAWN_IN_ORDER.format(names=order)))
        for order in (names, names[::-1])
    )

    assert one == other
    assert len(set(one.values())) == len(names)


@pytest.mark.parametrize("figure", [curves, sensitivity])
def test_optimizers_of_a_figure_differ(figure, ax):
    """The common optimizers and variants of one of them differ in a figure."""
    names = [*discovery.COMMON, *(f"adam[beta1={beta}]" for beta in (0.3, 0.5, 0.7, 0.8, 0.95))]
    figure.draw(ob.run([BOWL], names, lrs=[0.01, 0.1], seeds=1, steps=5), ax=ax)

    assert len(lines(ax)) == len(names)
    assert len(set(map(appearance, lines(ax).values()))) == len(names)


def test_no_two_of_our_optimizers_look_alike():
    """Each optimizer without settings has a colour and dashes of its own, and no marker."""
    found = [look(name) for name in ob.list_optimizers()]

    assert len(set(map(repr, found))) == len(found)
    assert not any("marker" in style for style in found)


def test_variants_of_a_figure_differ_as_long_as_there_are_marks():
    """As many variants of one optimizer as there are markers all differ in one figure, whatever
    their names and order, and share its colour and dashes.
    """
    names = [f"adam[beta1=0.{k}]" for k in range(10, 10 + len(MARKS))]
    found = looks([*names, "adam"])

    assert len({repr(look(name)) for name in names}) < len(names), "no two collide: void"
    assert len(set(map(repr, found.values()))) == len(names) + 1
    assert looks(["adam", *names[::-1]]) == found
    assert {(style["color"], style["linestyle"]) for style in found.values()} == {
        tuple(look("adam").values())
    }


def test_more_variants_than_marks_are_drawn():
    """Where variants outnumber the markers some look alike, and nothing breaks."""
    names = [f"adam[beta1=0.{k}]" for k in range(10, 20 + len(MARKS))]

    assert set(looks(names)) == set(names)


def test_a_variant_keeps_its_look_beside_others():
    """A variant looks in company as it does alone, unless another one has the same look."""
    names = ["adam[beta1=0.5]", "adam (cosine)", "sgd (cosine)", "lookahead[adam]"]

    assert looks(names) == {name: look(name) for name in names}


def test_a_plugin_changes_no_other_look():
    """What a plugin registers takes no colour from the optimizers that were there before."""
    before = {name: look(name) for name in ob.list_optimizers()}

    @ob.optimizer
    def aaa_first(x, g, lr=0.1):
        """A test's rule (2000). lr : units of x."""
        return x - lr * g

    assert {name: look(name) for name in before} == before
    assert look("aaa_first") not in before.values()
