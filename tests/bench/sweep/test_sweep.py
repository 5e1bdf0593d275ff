"""A sweep as data: the default grid, the recorded steps, the blocks, and what is refused."""

from collections import Counter
from dataclasses import replace

import numpy as np
import optbench as ob
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optbench.bench.sweep import block as blocks
from optbench.bench.sweep.learning_rates import default_lrs
from optbench.bench.sweep.request import Request
from optbench.bench.sweep.sweep import plan, recording_grid
from optbench.bench.terminal.notices import Notice

STEPS = st.integers(1, 10_000_000)


BOWL = ob.get_problem("quadratic")


def planned(problems=("quadratic",), optimizers=("sgd",), lrs=None, seeds=1, steps=50):
    return plan(
        Request(problems=problems, optimizers=optimizers, lrs=lrs, seeds=seeds, steps=steps)
    )


def lanes(sweep):
    """Every run of a sweep as (problem, optimizer, lr, seed), with how often it occurs."""
    return Counter(
        (block.problem.name, block.optimizer.name, lr, seed)
        for block in sweep.blocks()
        for lr, seed in zip(block.lrs.tolist(), block.seeds.tolist(), strict=True)
    )


# ----------------------------------------------------------------------------------------------
# learning rates


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


# ----------------------------------------------------------------------------------------------
# recorded steps


@given(STEPS)
def test_grid_has_the_start_and_the_end(steps):
    """The recorded steps begin with 0 and end with the last."""
    grid = recording_grid(steps)

    assert (grid[0], grid[-1]) == (0, steps)


@given(STEPS)
def test_grid_ascends_without_repeats(steps):
    """The recorded steps are whole numbers, each greater than the one before."""
    grid = recording_grid(steps)

    assert grid.dtype == np.int64
    assert (np.diff(grid) > 0).all()


@given(st.integers(300, 10_000_000))
def test_grid_has_about_a_hundred_steps(steps):
    """Long runs are recorded at about a hundred steps."""
    assert 80 <= recording_grid(steps).size <= 120


@given(st.integers(1, 20))
def test_short_runs_are_recorded_at_every_step(steps):
    """A run of few steps is recorded at each of them."""
    assert recording_grid(steps).tolist() == list(range(steps + 1))


@given(STEPS)
def test_grid_is_dense_early_and_even_late(steps):
    """No two recorded steps are further apart than a fiftieth of the run, nor, early on, than a
    third of the step.
    """
    grid = recording_grid(steps)
    gaps, begins = np.diff(grid), grid[:-1]
    evenly, logarithmically = np.ceil(steps / 50) + 1, np.maximum(1.0, begins / 3 + 1)

    assert (gaps <= np.minimum(evenly, logarithmically)).all()


def test_grid_depends_on_steps_alone():
    """Curves of any problem, optimizer, schedule, stop, dtype and seed are recorded at the same
    steps.
    """
    results = [
        ob.run(["quadratic", "rosenbrock"], ["sgd", "adam"], lrs=[1e-4], seeds=2, steps=90),
        ob.run(
            ["quadratic"],
            ["lion"],
            lrs=[1e-4],
            seeds=[7],
            steps=90,
            schedule="cosine",
            stop="target",
            dtype="float32",
        ),
        ob.run(["logistic_regression"], ["sgd"], lrs=[1e-4], seeds=1, steps=90),
    ]
    keys = ["problem", "optimizer", "seed"]
    steps = [
        own["step"].tolist() for r in results for _, own in r.curves.groupby(keys, observed=True)
    ]

    assert len(steps) == 10
    assert all(own == steps[0] for own in steps)


# ----------------------------------------------------------------------------------------------
# blocks


@pytest.mark.parametrize("problem", ["logistic_regression", "digits[hidden=0]", "digits"])
def test_blocks_of_mini_batches_hold_one_seed(problem):
    """The lanes of a block of a mini-batch problem share the seed, which fixes the mini-batch
    order.
    """
    blocks = planned([problem], seeds=[0, 3, 7]).blocks()

    assert sorted(np.unique(block.seeds).tolist() for block in blocks) == [[0], [3], [7]]


def test_blocks_of_other_problems_mix_seeds():
    """A problem without mini-batches fills its blocks with lanes of any seed."""
    (block,) = planned(lrs=[0.1, 0.2], seeds=5).blocks()

    assert np.unique(block.seeds).tolist() == [0, 1, 2, 3, 4]


@given(
    st.lists(
        st.sampled_from(
            [
                "quadratic",
                "rosenbrock",
                "rosenbrock[dim=10]",
                "logistic_regression",
                "linear_regression",
            ]
        ),
        min_size=1,
        unique=True,
    ),
    st.lists(st.sampled_from(["sgd", "adam", "adam[beta1=0.5]", "lion"]), min_size=1, unique=True),
    st.lists(st.floats(1e-6, 10.0), min_size=1, max_size=40, unique=True),
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=12, unique=True),
)
def test_every_run_is_in_one_block(problems, optimizers, lrs, seeds):
    """The blocks hold every asked run exactly once, however many lanes a block takes."""
    found = lanes(planned(problems, optimizers, lrs, seeds))
    expected = {
        (p, o, lr, seed) for p in problems for o in optimizers for lr in lrs for seed in seeds
    }

    assert found == dict.fromkeys(expected, 1)


def test_many_runs_become_several_blocks():
    """More runs than a block holds are cut into blocks, and every one is computed once."""
    results = ob.run(["quadratic"], ["sgd"], lrs=np.geomspace(1e-6, 1e-1, 90), seeds=7, steps=2)

    assert len(planned(lrs=np.geomspace(1e-6, 1e-1, 90), seeds=7).blocks()) > 1
    assert not results.runs.duplicated(["lr", "seed"]).any()
    assert len(results) == 630


@pytest.mark.parametrize(
    ("asked", "runs"),
    [
        ({"optimizers": ["sgd", "sgd", ob.get_optimizer("sgd", lr=0.1)]}, 2),
        ({"optimizers": ["sgd[lr=0.1]", "sgd[lr=1e-1]"]}, 1),
        ({"optimizers": ["adam", "adam[beta1=0.9]", ob.get_optimizer("adam")]}, 2),
        ({"problems": ["quadratic", "quadratic[dim=10]", ob.get_problem("quadratic")]}, 2),
        ({"lrs": [0.1, 1e-1, 0.2, 0.1]}, 2),
        ({"seeds": [1, 1]}, 2),
    ],
)
def test_what_is_asked_twice_is_run_once(asked, runs):
    """Repeated problems, optimizers, learning rates and seeds, however written, mean one run
    each.
    """
    words = {
        "problems": ["quadratic"],
        "optimizers": ["sgd"],
        "lrs": [0.1, 0.2],
        "seeds": 1,
        "steps": 2,
        **asked,
    }

    assert len(ob.run(**words)) == runs


def test_names_and_objects_mean_the_same():
    """A problem or optimizer may be given as its name or as the object."""
    words = {"lrs": [0.1], "seeds": 2, "steps": 20}
    named = ob.run(["rosenbrock[dim=3]"], ["adam[beta1=0.8]"], **words)
    made = ob.run(
        [ob.get_problem("rosenbrock", dim=3)], [ob.get_optimizer("adam", beta1=0.8)], **words
    )
    same = named.runs.columns.drop("ns_per_step")

    assert named.runs[same].equals(made.runs[same])


def test_a_lone_name_needs_no_list():
    """One problem, optimizer and learning rate may be given without a list."""
    assert len(ob.run("quadratic", "sgd", lrs=0.1, seeds=1, steps=2)) == 1


def test_seeds_may_be_a_list():
    """Seeds given as a list are those seeds, and each begins where the same seed of a count
    does.
    """
    some = ob.run(["rosenbrock"], ["sgd"], lrs=[1e-4], seeds=[4, 2], steps=2).runs.set_index("seed")
    counted = ob.run(["rosenbrock"], ["sgd"], lrs=[1e-4], seeds=5, steps=2).runs.set_index("seed")

    assert some["initial_loss"].to_dict() == counted.loc[[2, 4], "initial_loss"].to_dict()


def test_steps_default_to_each_budget():
    """Without steps every problem is followed for its own budget."""
    runs = ob.run(["quadratic", "rosenbrock"], ["sgd"], lrs=[1e-5], seeds=1).runs

    assert runs["steps"].tolist() == [
        ob.get_problem(name).budget for name in ("quadratic", "rosenbrock")
    ]


# ----------------------------------------------------------------------------------------------
# what is refused


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"problems": ["rosenbrok"]}, "did you mean 'rosenbrock'"),
        ({"problems": ["rosenbrock[dims=3]"]}, "did you mean 'dim'"),
        ({"problems": ["rosenbrock[dim=1]"]}, "at least 2"),
        ({"problems": ["rosenbrock[dim=two]"]}, "dim=two"),
        ({"problems": ["rosenbrock[dim=3"]}, "rosenbrock[dim=3"),
        ({"problems": []}, "at least one problem"),
        ({"optimizers": ["adm"]}, "did you mean 'adam'"),
        ({"optimizers": ["adam[beta=0.9]"]}, "did you mean 'beta"),
        ({"optimizers": ["adam[beta1=nan]"]}, "finite"),
        ({"optimizers": ["sgd[lr=0]"]}, "positive"),
        ({"optimizers": ["sgd[lr=-1]"]}, "positive"),
        ({"optimizers": []}, "at least one"),
        ({"optimizers": [3]}, "3"),
        ({"problems": [3]}, "3"),
        ({"problems": [replace(BOWL, family="")]}, "name"),
        ({"problems": [BOWL, replace(BOWL, spread=1.0)]}, "two different problems"),
        ({"lrs": [0.0]}, "0.0"),
        ({"lrs": [0.1, -0.1]}, "-0.1"),
        ({"lrs": [float("nan")]}, "nan"),
        ({"lrs": [float("inf")]}, "inf"),
        ({"lrs": []}, "learning rate"),
        ({"seeds": 0}, "at least 1"),
        ({"seeds": -1}, "-1"),
        ({"seeds": []}, "seeds"),
        ({"seeds": [-1]}, "-1"),
        ({"seeds": [2**32]}, "4294967296"),
        ({"seeds": [0.5]}, "0.5"),
        ({"seeds": 1.5}, "1.5"),
        ({"seeds": ["one"]}, "one"),
        ({"steps": 0}, "0"),
        ({"steps": -5}, "-5"),
        ({"steps": 1.5}, "1.5"),
        ({"schedule": "cosin"}, "did you mean 'cosine'"),
        ({"schedule": "cosine[warm=1]"}, "warm"),
        ({"schedule": "step[gamma=2]"}, "gamma"),
        ({"stop": "never"}, "budget"),
        ({"dtype": "float16"}, "float32"),
        ({"workers": 0}, "workers"),
        ({"workers": -1}, "-1"),
    ],
)
def test_wrong_words_raise_a_line_that_names_them(asked, named):
    """A wrong word or value raises a ValueError of one line that names it, or the way out."""
    words = {
        "problems": ["quadratic"],
        "optimizers": ["sgd"],
        "lrs": [0.1],
        "seeds": 1,
        "steps": 2,
        **asked,
    }

    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the message is looked at below)
        ob.run(**words)

    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_wrong_words_leave_no_folder(tmp_path):
    """A sweep that is refused makes no results folder."""
    with pytest.raises(ValueError, match="adm"):
        ob.run(["quadratic"], ["adm"], store=tmp_path / "runs")

    assert not (tmp_path / "runs").exists()


def test_a_blocks_source_is_computed_once(monkeypatch):
    """Part of a block has the source that the block has computed, and looks at no code again."""
    block = planned(seeds=2, steps=10).blocks()[0]
    source = block.source
    monkeypatch.setattr(blocks, "rule_source", None)

    assert block.only(np.arange(3)).source == source
