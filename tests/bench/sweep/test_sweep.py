"""A sweep as data: which runs it means, the blocks that they form, and what is refused."""

from dataclasses import replace

import numpy as np
import optbench as ob
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optbench.bench.sweep import block as blocks
from planned_sweep import lanes, planned

BOWL = ob.get_problem("quadratic")


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
