"""Rules, problems, results and walks in other processes: what comes back gives the same bits."""

import copy
import dataclasses
import multiprocessing
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import cloudpickle
import numpy as np
import optbench as ob
import pytest
from optbench.bench.plugins import discovery

PLUGIN = '''
import helpers
import cloudpickle
import numpy as np
import optbench as ob


@ob.optimizer
def pushed(x, g, m, lr=0.1, beta=0.5):
    """A test's rule (2000)."""
    m = beta * m + helpers.push(g)
    return x - lr * m, m


def square(x, g):
    for i in range(x.size):
        g[i] = 2.0 * x[i]
    return (x * x).sum()


@ob.problem
def bowl(dim=3, center=2.0):
    """A test's problem."""
    center = np.full(dim, center)
    return ob.Problem(
        formula=square, center=center, spread=0.1, budget=40, source="a test", minimum=0.0
    )
'''
HELPERS = """
import numba

@numba.njit
def push(g):
    return 3.0 * g
"""
NAMES = (
    "adam[beta1=0.95]",
    "lookahead[adam[beta1=0.8],every=6]",
    "optax:adamw",
    "muon",
    "decay[lion]",
)
PROBLEMS = ("rosenbrock[dim=10]", "digits[hidden=4]", "quadratic[rotated]", "noisy_quadratic")


@pytest.fixture
def plugin(tmp_path):
    """A loaded plugin file with a file beside it."""
    (tmp_path / "helpers.py").write_text(HELPERS)
    (tmp_path / "rules.py").write_text(PLUGIN)
    discovery.load_file(tmp_path / "rules.py")


RUN = {"lrs": [0.01, 0.1], "seeds": 2, "steps": 20, "workers": 1}


def ran(problem, optimizer):
    """What another process computes."""
    return ob.run([problem], [optimizer], **RUN)


def bits(results):
    """Numbers that are the same bits for the same runs."""
    return (
        results.curves["loss"].to_numpy().tobytes(),
        results.runs["optimizer"].tolist(),
        results.runs["settings"].tolist(),
    )


def ran_in_another_process(problem, optimizer):
    """What a spawned process returns; it imports optbench alone, since it may not find this
    file.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(ob.run, [problem], [optimizer], **RUN).result()


@pytest.mark.parametrize("name", NAMES)
def test_an_optimizer_comes_back(name):
    """By its name and settings, its learning rate and what it wraps."""
    optimizer = ob.get_optimizer(name, lr=0.25)
    again = pickle.loads(pickle.dumps(optimizer))

    assert (again.name, again.written, again.lr) == (optimizer.name, optimizer.written, 0.25)
    assert again.functions == optimizer.functions


@pytest.mark.parametrize("name", ["adam[lr=0.1]", "torch:adam[lr=0.1]", "lookahead[adam[lr=0.1]]"])
def test_the_one_rate_of_a_name_comes_back(name):
    """A rate in the name stays part of it, and isn't the centre of a grid; found by name and taken
    by cloudpickle.
    """
    optimizer = ob.get_optimizer(name)
    for again in (
        pickle.loads(pickle.dumps(optimizer)),
        cloudpickle.loads(cloudpickle.dumps(optimizer)),
    ):
        assert (again.name, again.lr, again.one_lr) == (name, 0.1, True)


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_problem_comes_back(name):
    """By its name and parameters, with the same start, data, minimum and targets."""
    problem = ob.get_problem(name)
    again = pickle.loads(pickle.dumps(problem))

    assert (again.name, again.digest, again.targets) == (
        problem.name,
        problem.digest,
        problem.targets,
    )


def bent(x, g):
    """Another formula: a parabola."""
    for i in range(x.size):
        g[i] = 4.0 * x[i]
    return 2.0 * (x * x).sum()


@pytest.mark.parametrize(
    "changed",
    [
        {"budget": 7},
        {"formula": bent, "minimum": 0.0},
        {"taus": (0.5,)},
        {"family": "mine"},
        {"center": np.ones(2)},
    ],
    ids=lambda changed: ",".join(changed),
)
def test_a_changed_problem_comes_back_as_it_was_changed(changed):
    """A problem by name of which `replace` has made another keeps what was changed."""
    problem = dataclasses.replace(ob.get_problem("rosenbrock"), **changed)
    again = pickle.loads(pickle.dumps(problem))
    x = problem.start(1)

    assert (again.name, again.digest, again.budget) == (
        problem.name,
        problem.digest,
        problem.budget,
    )
    assert again.value_and_grad(x)[0] == problem.value_and_grad(x)[0]


def test_a_problem_made_by_hand_comes_back():
    """One without a maker is pickled as its fields; its formula is a function that pickle finds."""
    inputs = np.linspace(0, 1, 6)[:, None]
    given = {"budget": 10, "source": "a test", "family": "by_hand", "levels": (0.1,)}
    problem = ob.dense_problem(
        [1, 2, 1], "tanh", "mean_squared_error", inputs, inputs[:, 0], **given
    )
    x = problem.start(3)
    again = pickle.loads(pickle.dumps(problem))

    assert again.digest == problem.digest
    assert again.value_and_grad(x)[0] == problem.value_and_grad(x)[0]


@pytest.mark.slow
def test_another_process_gets_the_same_bits(plugin):
    """Ours and a plugin's, which imports a file beside it, run in a spawned process as here;
    results come back whole.
    """
    for problem, optimizer in (
        (ob.get_problem("rosenbrock[dim=10]"), ob.get_optimizer("lookahead[adam]")),
        (ob.get_problem("bowl", dim=4), ob.get_optimizer("pushed", beta=0.75)),
    ):
        assert bits(ran_in_another_process(problem, optimizer)) == bits(ran(problem, optimizer))


def test_results_come_back():
    """The frames are the same, and so is the leaderboard."""
    results = ran("quadratic", "sgd")
    for again in (pickle.loads(pickle.dumps(results)), copy.deepcopy(results)):
        assert again.runs.equals(results.runs)
        assert again.curves.equals(results.curves)
        assert again.leaderboard().equals(results.leaderboard())


GO_ON = """
import pickle, sys
walk = pickle.load(sys.stdin.buffer)
for _ in range(3):
    walk.step(2.0 * walk.x)
pickle.dump((walk.t, walk.x.tobytes()), sys.stdout.buffer)
"""


@pytest.mark.parametrize("name", ["adam", "adam[lr=0.1]", "sam[adam]"])
def test_a_walk_goes_on(name):
    """A walk that is pickled half way takes the same steps here and in another process as the one
    that it was.
    """
    problem = ob.get_problem("rosenbrock")
    walk = ob.get_optimizer(name).start(problem.start(0), problem=problem)
    for _ in range(3):
        walk.step(2.0 * walk.x)
    kept = pickle.dumps(walk)
    elsewhere = subprocess.run(
        [sys.executable, "-c", GO_ON], input=kept, capture_output=True, check=False
    )
    again = pickle.loads(kept)
    for _ in range(3):
        ahead, followed = (one.step(2.0 * one.x) for one in (walk, again))

    assert elsewhere.returncode == 0, elsewhere.stderr.decode()
    assert pickle.loads(elsewhere.stdout) == (6, ahead.tobytes())
    assert followed.tobytes() == ahead.tobytes()
    assert again.t == walk.t == 6


@pytest.mark.parametrize(
    "subject", [ob.get_optimizer("adam"), ob.get_problem("beale")], ids=["optimizer", "problem"]
)
def test_a_copy_of_what_cannot_change_is_itself(subject):
    """copy and deepcopy of optimizers and problems return them."""
    assert copy.copy(subject) is subject
    assert copy.deepcopy({"one": subject})["one"] is subject


def test_what_no_import_brings_back_is_refused_or_taken_by_cloudpickle():
    """A rule or problem made inside a function: pickle says what to do, and cloudpickle takes it as
    it is.
    """
    share = 0.5

    @ob.optimizer
    def local_rule(x, g, lr=0.1):
        return x - lr * share * g

    @ob.problem
    def local_problem(dim=2):
        return ob.get_problem("quadratic", dim=dim)

    for subject in (local_rule, local_problem):
        with pytest.raises(
            pickle.PicklingError, match=r"local_.*top of a module.*pickle it with cloudpickle"
        ):
            pickle.dumps(subject)
    again = pickle.loads(cloudpickle.dumps(local_rule))

    assert again is not local_rule
    assert bits(ran("quadratic", again)) == bits(ran("quadratic", local_rule))
    assert pickle.loads(cloudpickle.dumps(local_problem)).name == "local_problem"


def test_a_name_that_is_gone_says_so(plugin):
    """What the other process can't find is an error that names it."""
    kept = pickle.dumps(ob.get_optimizer("pushed"))
    file = sys.modules[ob.get_optimizer("pushed").owner].__file__
    Path(file).unlink()
    code = (
        f"import pickle\ntry:\n    pickle.loads({kept!r})\nexcept pickle.UnpicklingError as"
        " error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.startswith("'pushed' can't be found in this process: plugin file")


def test_rules_of_a_script_run_in_its_processes(tmp_path):
    """A script that spawns processes, whose main module runs again there, sends them its own
    rule.
    """
    (tmp_path / "script.py").write_text(
        "from concurrent.futures import ProcessPoolExecutor\nimport multiprocessing, numpy as"
        " np\nimport optbench as ob\n@ob.optimizer\ndef own(x, g, lr=0.5):\n    return x - lr *"
        " g\ndef stepped(rule):\n    return rule.start(np.zeros(2)).step(np.ones(2)).tolist()\nif"
        " __name__ == '__main__':\n    with ProcessPoolExecutor(1,"
        " mp_context=multiprocessing.get_context('spawn')) as pool:\n       "
        " print(pool.submit(stepped, own).result())\n"
    )
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True
    )

    assert done.stdout == "[-0.5, -0.5]\n", done.stderr
