"""Learning rates: the default grid, those that are given, and rates in a name."""

import numpy as np
import optbench as ob
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optbench.bench.sweep.learning_rates import default_lrs
from optbench.bench.terminal.notices import Notice
from planned_sweep import lanes, planned


@given(st.floats(1e-8, 1e4))
def test_default_grid_is_nine_half_decades_around_the_centre(center):
    """The default learning rates are center times 10**(k/2) for k from -4 to 4, to three digits."""
    expected = center * 10.0 ** np.linspace(-2, 2, 9)

    np.testing.assert_allclose(default_lrs(center), expected, rtol=5.1e-3)


def test_each_optimizer_gets_its_own_grid():
    """Without learning rates each optimizer's grid is centred on its own default: 1e-2 for sgd,
    1e-3 for adam.
    """
    runs = ob.run(["quadratic"], ["sgd", "adam"], seeds=1, steps=2).runs
    found = {name: own["lr"].tolist() for name, own in runs.groupby(runs["optimizer"].astype(str))}

    assert found == {
        "sgd": [1e-4, 3.16e-4, 1e-3, 3.16e-3, 1e-2, 3.16e-2, 1e-1, 3.16e-1, 1.0],
        "adam": [1e-5, 3.16e-5, 1e-4, 3.16e-4, 1e-3, 3.16e-3, 1e-2, 3.16e-2, 1e-1],
    }


def test_lr_as_a_setting_centres_the_grid():
    """An lr among an object's settings moves the centre of the default grid, and is no part of the
    name.
    """
    runs = ob.run(["quadratic"], [ob.get_optimizer("sgd", lr=0.5)], seeds=1, steps=2).runs

    assert runs["optimizer"].unique().tolist() == ["sgd"]
    assert runs["lr"].tolist() == [5e-3, 1.58e-2, 5e-2, 1.58e-1, 5e-1, 1.58, 5.0, 15.8, 50.0]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("adam[lr=0.1]", "adam[lr=0.1]"),
        ("adam[lr=1e-3]", "adam[lr=0.001]"),
        ("adam[lr=1,beta1=0.5]", "adam[beta1=0.5,lr=1.0]"),
        ("lookahead[adam,lr=0.1]", "lookahead[adam[lr=0.1]]"),
        ("lookahead[adam[lr=0.1],every=7]", "lookahead[adam[lr=0.1],every=7.0]"),
        ("torch:adam[lr=0.3]", "torch:adam[lr=0.3]"),
        ("muon[lr=0.3]", "muon[lr=0.3]"),
    ],
)
def test_lr_in_a_name_is_that_rate(asked, name):
    """A name with lr in brackets means that one rate, whatever rates the others get, and says so in
    its canonical form.
    """
    found = ob.get_optimizer(asked)
    sweep = planned(optimizers=[asked, "sgd"], lrs=[0.7, 0.8])

    assert (found.name, ob.get_optimizer(name).name) == (name, name)
    assert sweep.lrs == {name: (found.lr,), "sgd": (0.7, 0.8)}
    assert f"lr={found.lr}" in name


def test_a_rate_in_a_name_stands_in_a_row_of_its_own(tmp_path):
    """Runs at the rate of a name are its own row, stored too, and move nothing of the swept rule's,
    whose rates stay nine.
    """
    words = {"problems": ["sphere"], "seeds": 2, "steps": 50, "store": tmp_path}
    swept = ob.run(optimizers=["adam"], **words).leaderboard()
    ob.run(optimizers=["adam[lr=0.2]"], **words)
    loaded = ob.load(tmp_path)
    tried = loaded.board.table.set_index("optimizer")["tried"].to_dict()

    assert tried == {"adam": "9 × 2", "adam[lr=0.2]": "1 × 2"}
    assert swept["tried"].tolist() == ["9 × 2"]
    assert any("learning rates tried differ" in note for note in loaded.board.notes)


def test_two_centres_give_both_grids():
    """One optimizer asked for with two centres gets the union of both grids, each learning rate
    once.
    """
    sweep = planned(optimizers=[ob.get_optimizer("sgd", lr=lr) for lr in (0.01, 0.1)])
    expected = sorted({*default_lrs(0.01), *default_lrs(0.1)})

    assert sorted(lr for _, _, lr, _ in lanes(sweep).elements()) == expected


def test_given_lrs_overrule_the_grid():
    """Given learning rates are used as they are, for every optimizer, whatever its centre."""
    found = lanes(planned(optimizers=[ob.get_optimizer("sgd", lr=0.5), "adam"], lrs=[0.3, 0.07]))

    assert set(found) == {
        ("quadratic", name, lr, 0) for name in ("sgd", "adam") for lr in (0.3, 0.07)
    }


@pytest.mark.parametrize("word", ["learning_rate", "eta", "step_size"])
def test_a_learning_rate_by_another_name_is_warned_of(word):
    """A rule without lr that has a setting called like one runs, with a notice that it isn't
    swept.
    """
    space: dict = {}
    exec(f"def misnamed(x, g, {word}=0.1):\n    return x - {word} * g", space)
    ob.optimizer(space["misnamed"])
    with pytest.warns(
        Notice, match=f"misnamed has no lr, and its {word} is not swept; did you mean lr?"
    ):
        sweep = planned(optimizers=["misnamed"])

    assert len(lanes(sweep)) == 1
