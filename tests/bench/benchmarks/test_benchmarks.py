"""The asv suite: its literals are the registry's, what it tracks is what asv can compare, a
commit's gaps stay its cells'.
"""

import ast
import importlib
import importlib.util
import inspect
import json
import math
import os
import re
import sys
import tomllib
from pathlib import Path
from statistics import median

import numpy as np
import optbench as ob
import pandas as pd
import pytest
from optbench.bench.history import suite_values
from optbench.bench.plugins import discovery
from optbench.bench.sweep import suites
from optbench.kernels.schedule import SCHEDULES

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "bench" / "benchmarks"
MODULES = sorted(FOLDER.glob("*.py"))
FURTHER = {"digits", "digits[hidden=0]"}
"""Problems that the suite times though the default sweep has them not."""
SMALL = ("quadratic", "rosenbrock"), ("adam", "sgd")
PAIRS = [(problem, optimizer) for problem in SMALL[0] for optimizer in SMALL[1]]
WORDS = ("version", "unit", "params", "param_names")
BENCHMARKS = {
    "compilation.track_cold_start",
    "compilation.track_optimizer",
    "compilation.track_problem",
    "Dtypes.track_best_gap",
    "Dtypes.track_fingerprint",
    "Dtypes.track_steps_to_target",
    "Schedules.track_best_gap",
    "Schedules.track_fingerprint",
    "Schedules.track_steps_to_target",
    "Convergence.track_best_gap",
    "Convergence.track_diverged",
    "Convergence.track_fingerprint",
    "Convergence.track_steps_to_target",
    "footprint.track_import_time",
    "footprint.track_run_memory",
    "footprint.track_run_time",
    "footprint.track_state",
    "OptimizerDimensions.track_step_time",
    "ProblemDimensions.track_step_time",
    "Speed.track_relative_step_time",
    "Speed.track_step_time",
}


@pytest.fixture(scope="module")
def suite():
    """The suite under the name that asv gives it, with its modules as attributes."""
    spec = importlib.util.spec_from_file_location(
        "benchmarks", FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
    )
    package = sys.modules["benchmarks"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
    for file in MODULES:
        if file.stem != "__init__":
            importlib.import_module(f"benchmarks.{file.stem}")
    yield package
    for name in [name for name in sys.modules if name.split(".")[0] == "benchmarks"]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def cells(suite):
    return suite.convergence.sweep(*SMALL)


def test_the_history_reads_what_the_suite_writes(suite):
    """The history's words and bounds for the suite's answers are the suite's own, which can't
    import them.
    """
    names = ("OWN", "NUDGE", "FLOOR", "CAP")

    assert [getattr(suite_values, name) for name in names] == [
        getattr(suite.fingerprint, name) for name in names
    ]
    assert (suite_values.FLOOR, suite_values.CAP) == (
        suite.convergence.FLOOR,
        suite.convergence.CAP,
    )
    losses = [0.0, -2.0, 1e-13, 1e11, math.inf, -math.inf, math.nan]
    assert [suite_values.size(loss) for loss in losses] == [
        suite.fingerprint.size(loss) for loss in losses
    ]
    for times in ([1.0, 2.0], [1.0, "not there", "neither"], []):
        assert suite_values.first_reason(times) == suite.speed.first_reason(times)


def test_optimizers_are_the_default_sweep(suite):
    """The suite's optimizers are those of the default sweep, sorted."""
    assert list(suite.OPTIMIZERS) == list(discovery.COMMON)
    assert list(suite.OPTIMIZERS) == sorted(set(ob.list_optimizers()) & set(suite.OPTIMIZERS))


def test_problems_are_the_default_sweep(suite):
    """The suite's problems are those of the default sweep with their variants, sorted, where they
    were published: it compares a rule with itself, which a minimizer at the origin doesn't favour,
    and its history is kept by these names.
    """
    default = [
        problem for problem in suites.default_problems() if problem.owner.startswith("optbench.")
    ]
    parameters = [
        {word: value for word, value in problem.parameters.items() if word != "shift"}
        for problem in default
    ]
    ours = sorted(
        ob.get_problem(one.family, **given).name
        for one, given in zip(default, parameters, strict=True)
    )

    assert list(suite.convergence.PROBLEMS) == ours


def test_steps_are_the_budgets(suite):
    """A run of the suite has its problem's budget; a loss whose minimum isn't known is above 0,
    which then counts as it.
    """
    steps = suite.convergence.STEPS

    assert steps == {name: ob.get_problem(name).budget for name in steps}
    for name in steps:
        problem = ob.get_problem(name)
        assert problem.minimum is not None or problem.targets[-1] > 0


def test_timed_pairs_are_those_of_the_convergence(suite):
    """Every problem is timed, with a learning rate for every optimizer."""
    timed = suite.speed

    assert set(timed.PROBLEMS) == {*suite.convergence.PROBLEMS, *FURTHER}
    assert tuple(timed.LRS) == suite.OPTIMIZERS


@pytest.mark.parametrize("lrs", ["convergence", "speed", "variants"])
def test_learning_rates_are_canonical_texts(suite, lrs):
    """A learning rate is a text with one way to write it, positive and finite."""
    texts = getattr(suite, lrs).LRS
    texts = list(texts.values() if isinstance(texts, dict) else texts)

    assert [f"{float(text):.1e}" for text in texts] == texts
    assert all(0 < float(text) < math.inf for text in texts)


def test_the_axis_of_learning_rates_ascends(suite):
    """The learning rates of the convergence are sorted as numbers and distinct."""
    rates = [float(text) for text in suite.convergence.LRS]

    assert rates == sorted(set(rates))


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_parameters_are_literals(file):
    """Parameters are written out, so that no commit's registry can relabel another commit's
    numbers.
    """
    assigned = [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.Assign)]
    values = {
        node.targets[0].id: node.value for node in assigned if isinstance(node.targets[0], ast.Name)
    }
    names = {
        "OPTIMIZERS",
        "PROBLEMS",
        "STEPS",
        "SIZES",
        "LRS",
        "DIMS",
        "SCALABLE",
        "SCHEDULES",
        "SINGLE_PROBLEMS",
        "DTYPES",
    }
    axes = {name: values[name] for name in names & values.keys()}
    derived = {
        name for name, axis in axes.items() if ast.unparse(axis) in ("tuple(STEPS)", "tuple(SIZES)")
    }

    assert all(ast.literal_eval(axis) for name, axis in axes.items() if name not in derived)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_top_level_imports_are_the_standard_library(file):
    """Importing a module of the suite loads nothing but the standard library and the suite."""
    found = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.split(".")[0])

    assert found <= sys.stdlib_module_names


def test_nothing_but_the_benchmarks_is_taken_for_one(suite):
    """By asv's rule for names, the suite has these benchmarks, each with a version and a unit, its
    axes named.
    """
    found = {}
    for module in [
        suite,
        *(getattr(suite, file.stem) for file in MODULES if file.stem != "__init__"),
    ]:
        for owner in [
            module,
            *(
                c
                for c in vars(module).values()
                if inspect.isclass(c) and c.__module__ == module.__name__
            ),
        ]:
            for name, function in vars(owner).items():
                if re.match("(track|time|mem|peakmem|timeraw)_|(Track|Time|Mem|Peak)", name):
                    words = {
                        word: getattr(function, word, getattr(owner, word, None)) for word in WORDS
                    }
                    found[f"{owner.__name__.split('.')[-1]}.{name}"] = words

    assert set(found) == BENCHMARKS
    for words in found.values():
        assert isinstance(words["version"], str)
        assert isinstance(words["unit"], str)
        assert len(words["params"] or ()) == len(words["param_names"] or ())
        assert all(list(axis) == list(dict.fromkeys(axis)) for axis in words["params"] or ())


def test_compiled_kernels_are_kept_by_commit(python):
    """Each commit of an asv environment gets a cache of its own; outside asv the setting is left
    alone.
    """
    code = "import os, benchmarks as suite; print(os.environ.get('OPTBENCH_CACHE_DIR'))"
    kept = [
        python(
            code, cwd=FOLDER.parent, OPTBENCH_CACHE_DIR="mine", ASV_ENV_DIR="env", ASV_COMMIT=commit
        ).strip()
        for commit in ("1234", "5678")
    ]

    assert [Path(folder).parts[0] for folder in kept] == ["env", "env"]
    assert len(set(kept)) == 2
    assert python(code, cwd=FOLDER.parent, OPTBENCH_CACHE_DIR="mine").strip() == "mine"


def test_every_cell_is_a_number_that_asv_compares(suite, cells):
    """A sweep fills all its cells, with finite and strictly positive Python floats."""
    problems, optimizers = SMALL
    values = [value for entry in cells.values() for value in entry.values()]

    assert set(cells) == {
        (p, o, lr) for p in problems for o in optimizers for lr in suite.convergence.LRS
    }
    assert {type(value) for value in values} == {float}
    assert all(0 < value < math.inf for value in values)


def test_a_miss_is_ten_budgets(suite, cells):
    """Adam at lr 1e-3 cannot solve Rosenbrock's function from all starts: exactly 10 x its
    budget.
    """
    assert (
        cells["rosenbrock", "adam", "1.0e-03"]["steps_to_target"]
        == 10 * ob.get_problem("rosenbrock").budget
    )


def test_a_divergence_is_a_miss_with_a_capped_gap(suite, cells):
    """Gradient descent at lr 1 leaves Rosenbrock's valley for good."""
    expected = {
        "steps_to_target": 10.0 * ob.get_problem("rosenbrock").budget,
        "best_gap": suite.convergence.CAP,
    }
    found = cells["rosenbrock", "sgd", "1.0e+00"]

    assert found.items() > expected.items()
    assert found["diverged"] == 1 + suite.convergence.SEEDS
    assert found["fingerprint"] == pytest.approx(suite.fingerprint.CAP)


def test_cells_are_medians_of_the_runs(suite, cells):
    """A solved cell is the median over seeds of steps to target, and of the best loss less f*."""
    runs = ob.run(["rosenbrock"], ["adam"], lrs=[0.01], seeds=suite.convergence.SEEDS).runs
    assert runs["steps_to_target"].notna().all()

    entry = cells["rosenbrock", "adam", "1.0e-02"]
    assert entry["steps_to_target"] == median(runs["steps_to_target"])
    assert entry["best_gap"] == max(median(runs["best_loss"]), suite.convergence.FLOOR)
    assert entry["diverged"] == 1


def test_a_fingerprint_is_the_losses_of_walks(suite):
    """The losses of each seed after 20 and 100 updates are those that a loop by hand meets; the
    cell is their mean.
    """
    (entry,) = suite.fingerprint.losses("quadratic", ["momentum"], ["1.0e-02"], 2).values()
    problem, met = ob.get_problem("quadratic"), []
    for updates in (20, 100):
        for seed in (0, 1):
            walk = ob.get_optimizer("momentum", lr=0.01).start(problem.start(seed))
            for step in range(1, updates + 1):
                walk.step(problem.gradient(walk.x, seed=seed, step=step)[1])
            met.append(problem.value_and_grad(walk.x)[0])

    assert entry["sizes"] == pytest.approx(met, rel=1e-13)
    assert suite.fingerprint.mean(entry["sizes"]) == pytest.approx(
        math.prod(met) ** 0.25, rel=1e-12
    )


def test_a_fingerprint_has_its_schedule(suite):
    """The losses under a cosine with ten updates of warm-up are those of a loop by hand with the
    paper's formula.

    Loshchilov & Hutter (2017), arXiv:1608.03983, eq. 5, over the 90 updates after the linear rise.
    """
    (entry,) = suite.fingerprint.losses(
        "quadratic", ["sgd"], ["1.0e-02"], 1, schedule="cosine[warmup=10]"
    ).values()
    problem, x, met = ob.get_problem("quadratic"), ob.get_problem("quadratic").start(0), []
    for step in range(100):
        factor = (step + 1) / 10 if step < 10 else (1 + math.cos(math.pi * (step - 10) / 90)) / 2
        x = x - 0.01 * factor * problem.value_and_grad(x)[1]
        if step + 1 in (20, 100):
            met.append(problem.value_and_grad(x)[0])

    assert entry["sizes"] == pytest.approx(met, rel=1e-12)


def test_a_fingerprint_has_its_dtype(suite):
    """In float32 the losses are those of a loop by hand in that dtype, to seven digits, and not
    those of float64.
    """
    single, double = (
        next(
            iter(
                suite.fingerprint.losses(
                    "rosenbrock", ["sgd"], ["1.0e-03"], 1, dtype=dtype
                ).values()
            )
        )
        for dtype in ("float32", "float64")
    )
    x = ob.get_problem("rosenbrock").start(0).astype("float32")
    for _ in range(100):
        # f = 100 (y - x²)² + (1 - x)²
        slope = [-400 * x[0] * (x[1] - x[0] ** 2) - 2 * (1 - x[0]), 200 * (x[1] - x[0] ** 2)]
        x = (x - 1e-3 * np.array(slope)).astype("float32")
    loss = 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2

    assert single["sizes"][1] == pytest.approx(float(loss), rel=1e-4)
    assert single["sizes"] != double["sizes"]
    assert single["sizes"] == pytest.approx(double["sizes"], rel=1e-4)


def test_a_learning_rate_may_be_each_optimizers_own(suite):
    """Under "default" stand the losses at the rule's default; a rule without learning rate stands
    there, too.
    """
    own = suite.fingerprint.losses("quadratic", ["sgd", "adam", "momentum"], ["default"], 2)

    for name in ("sgd", "adam", "momentum"):
        lr = f"{ob.get_optimizer(name).lr:.1e}"
        (written,) = suite.fingerprint.losses("quadratic", [name], [lr], 2).values()
        assert own["quadratic", name, "default"] == written


def test_equal_bits_mean_equal_losses(suite):
    """Two measurements of a cell have the same digest; a learning rate that differs in its last
    digit has another.
    """
    same = [
        next(iter(suite.fingerprint.losses("quadratic", ["adam"], ["1.0e-02"], 2).values()))["bits"]
        for _ in range(2)
    ]
    other = next(
        iter(suite.fingerprint.losses("quadratic", ["adam"], ["0.010000000000000002"], 2).values())
    )

    assert same[0] == same[1] != other["bits"]


def test_the_regression_check_gets_runs_and_state(suite):
    """Of each cell: its fingerprint, seed by seed what decides its late numbers, and the bytes of x
    and slots.
    """
    found = suite.judged.cells(
        ["quadratic", "no_problem"], ["adam", "no_optimizer"], ["1.0e-02"], "constant", "float64"
    )
    (entry,) = found.values()
    runs = ob.run(
        ["quadratic"], ["adam"], lrs=[0.01], seeds=suite.convergence.SEEDS, steps=1000
    ).runs

    assert list(found) == [("quadratic", "adam", "1.0e-02")]
    assert entry["state"] == 3 * 8 * ob.get_problem("quadratic").dim
    assert [run[2] for run in entry["runs"]] == runs.sort_values("seed")["final_loss"].tolist()
    assert len(entry["sizes"]) == 2 * suite.convergence.SEEDS


def test_a_commit_names_what_it_brings(suite):
    """All rules, other libraries' presets, problems with their coordinates and schedules; of
    another folder nothing.
    """
    ours = suite.names.own(str(ROOT))
    elsewhere = suite.names.own(str(ROOT / "tests"))

    assert set(ours["optimizers"]) >= {*ob.list_optimizers(), "torch:adam", "optax:lion"}
    assert ours["problems"]["rosenbrock"] == 2
    assert set(ours["schedules"]) == set(SCHEDULES)
    assert elsewhere == {"optimizers": [], "problems": {}, "schedules": []}


def test_what_a_broken_plugin_would_bring_is_not_merely_lacking(suite, tmp_path, monkeypatch):
    """A commit without a name is measured without it; where its own plugin can't be imported,
    nobody knows that. Another package's doesn't matter.
    """
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["elsewhere", str(tmp_path)]))
    (tmp_path / "broken-1.dist-info").mkdir()
    (tmp_path / "broken-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: broken\nVersion: 1\n"
    )
    (tmp_path / "broken-1.dist-info" / "entry_points.txt").write_text(
        "[optbench.problems]\nbroken = no_such_module_at_all\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    assert suite.present(["quadratic", "no_problem"], ["adam"]) == (["quadratic"], ["adam"])

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), "elsewhere"]))

    assert suite.present(["quadratic"], ["adam"]) == (["quadratic"], ["adam"])
    with pytest.raises(ModuleNotFoundError, match="no_such_module_at_all"):
        suite.present(["quadratic", "no_problem"], ["adam"])


def test_nudges_tell_what_amplifies_rounding(suite):
    """A quadratic's losses move about as little as lr does; RMSprop's at lr 1 on Rosenbrock's
    function by far more.
    """
    (calm,) = suite.fingerprint.losses("quadratic", ["sgd"], ["1.0e-02"], 2).values()
    (wild,) = suite.fingerprint.losses("rosenbrock", ["rmsprop"], ["1.0e+00"], 5).values()

    assert 0 < max(calm["nudged"]) < 1e-12
    assert max(wild["nudged"]) > 1e-9


def test_a_fingerprint_has_its_size_where_nothing_converges(suite):
    """Losses that are zero, negative, infinite or no number have positive, finite sizes."""
    sizes = [suite.fingerprint.size(loss) for loss in (0.0, -2.0, math.inf, math.nan)]

    assert sizes == [suite.fingerprint.FLOOR, 2.0, suite.fingerprint.CAP, suite.fingerprint.CAP]


def frame(**columns):
    """Runs of one cell as a data frame, three seeds."""
    columns = {
        "problem": "xor",
        "optimizer": "adam",
        "lr": 0.01,
        "status": "budget",
        "error": "",
        **columns,
    }
    columns = {
        "best_loss": [9.0, 1.0, 2.0],
        "steps_to_target": [pd.NA, pd.NA, 5],
        "ns_per_step": [3.0, 2.0, 2.5],
        **columns,
    }
    return pd.DataFrame(columns, index=range(3)).astype({"steps_to_target": "Int64"})


def test_misses_take_part_in_the_median(suite):
    """Two seeds of three miss: the cell is a miss, its gap still the middle one."""
    found = suite.convergence.summary(frame(), steps=100, minimum=0.5)

    expected = {"steps_to_target": 1000.0, "best_gap": 1.5, "diverged": 1.0}

    assert found == {("xor", "adam", "1.0e-02"): expected}


def test_a_gap_has_a_floor_and_a_target_met_at_the_start_counts_one(suite):
    """Nothing that is tracked is zero."""
    runs = frame(best_loss=[0.5, 0.5, 0.5], steps_to_target=[0, 0, 0])
    (entry,) = suite.convergence.summary(runs, steps=100, minimum=0.5).values()

    assert (entry["steps_to_target"], entry["best_gap"]) == (1.0, suite.convergence.FLOOR)


def test_a_rule_without_learning_rate_stands_at_one(suite):
    """Runs whose lr is missing fill one cell, not none and not all."""
    found = suite.convergence.summary(frame(lr=math.nan), steps=100, minimum=0.5)

    assert list(found) == [("xor", "adam", "1.0e+00")]


def test_a_failure_fails_its_cell_alone(suite):
    """Failed runs leave a text in their cell, which raises when read; the other cells stay
    numbers.
    """
    runs = pd.concat([frame(), frame(optimizer="sgd", status="failed", error="it broke")])
    found = suite.convergence.summary(runs, steps=100, minimum=0.5)

    assert suite.convergence.Convergence().track_best_gap(found, "xor", "adam", "1.0e-02") == 1.5
    with pytest.raises(RuntimeError, match="it broke"):
        suite.convergence.Convergence().track_best_gap(found, "xor", "sgd", "1.0e-02")


def test_a_crash_fails_its_problem_alone(suite, monkeypatch):
    """An exception in one problem's sweep leaves the other problems' numbers."""
    run = ob.run
    monkeypatch.setattr(
        ob,
        "run",
        lambda problems, *a, **k: 1 / 0 if problems == ["rosenbrock"] else run(problems, *a, **k),
    )
    found = suite.convergence.sweep(*SMALL)

    assert {type(entry) for key, entry in found.items() if key[0] == "rosenbrock"} == {str}
    assert {type(entry) for key, entry in found.items() if key[0] == "quadratic"} == {dict}


def test_a_package_that_cannot_be_loaded_is_no_commit_without_names(suite, monkeypatch):
    """Where nothing is found, not even what every commit has, the reason is raised instead of n/a
    for every cell.
    """

    def broken(name):
        raise ValueError("plugin 'mine' can't be loaded")

    monkeypatch.setattr(ob, "get_optimizer", broken)
    with pytest.raises(ValueError, match="can't be loaded"):
        suite.convergence.sweep(*SMALL)
    with pytest.raises(ValueError, match="can't be loaded"):
        suite.speed.measure(PAIRS)


def test_cells_are_named_as_they_are_asked_for(suite):
    """A setting written out that is the commit's default leaves the curve its name: another
    commit's default may differ.
    """
    plain = suite.convergence.sweep(("rosenbrock",), ("adam",), ("1.0e-02",))
    found = suite.convergence.sweep(("rosenbrock[dim=2]",), ("adam[beta1=0.9]",), ("1.0e-02",))
    (entry,) = plain.values()
    (spelled,) = found.values()

    assert list(found) == [("rosenbrock[dim=2]", "adam[beta1=0.9]", "1.0e-02")]
    assert {name: spelled[name] for name in entry} == entry
    assert "fingerprint" in entry


def test_what_a_commit_lacks_is_not_applicable(suite):
    """An optimizer or problem that an old commit does not have is n/a there, for convergence and
    for speed.
    """
    skip = pytest.importorskip("asv_runner.benchmarks.mark").SkipNotImplemented
    found = suite.convergence.sweep(("no_problem", "quadratic"), ("no_optimizer", "sgd"))

    assert {key[:2] for key in found} == {("quadratic", "sgd")}
    with pytest.raises(skip):
        suite.convergence.Convergence().track_steps_to_target(
            found, "quadratic", "no_optimizer", "1.0e-02"
        )
    with pytest.raises(skip):
        suite.speed.Speed().track_step_time(found, "no_problem", "sgd")
    assert suite.speed.measure([("no_problem", "sgd"), ("quadratic", "no_optimizer")]) == []


def test_step_times_are_positive(suite):
    """Every timed pair has a finite, positive float, and the calibration loop's beside it; JSON
    keeps both.
    """
    timed = suite.speed.measure(PAIRS)

    assert json.loads(json.dumps(timed)) == timed
    assert {(problem, optimizer) for problem, optimizer, _ in timed} == {
        (p, o) for p in SMALL[0] for o in SMALL[1]
    }
    assert all(type(ns) is float and 0 < ns < math.inf for *_, times in timed for ns in times)


def test_a_relative_time_is_in_units_of_the_loop_beside_it(suite, monkeypatch):
    """Sample by sample: a process on a slow machine has a slow step and a slow loop, and their
    ratio is that of a fast one.
    """
    answers = [
        [["xor", "adam", [50.0, 2.5]], ["xor", "sgd", "it broke"]],
        [["xor", "adam", [75.0, 3.0]], ["xor", "sgd", [1.0, 1.0]]],
    ]
    monkeypatch.setattr(suite.speed, "told", lambda module, words: answers.pop())
    found = suite.speed.samples([("xor", "adam"), ("xor", "sgd")], processes=2)
    benchmark = suite.speed.Speed()

    assert sorted(found["xor", "adam"]["ns"]) == [50.0, 75.0]
    assert sorted(benchmark.track_relative_step_time(found, "xor", "adam")["samples"]) == [
        20.0,
        25.0,
    ]
    assert sorted(benchmark.track_step_time(found, "xor", "adam")["samples"]) == [50.0, 75.0]
    with pytest.raises(RuntimeError, match="it broke"):
        benchmark.track_relative_step_time(found, "xor", "sgd")


def test_the_calibration_loop_runs_beside_every_part(suite, monkeypatch):
    """Before and after each part of the blocks: what is kept is the mean of the two, with the least
    block's time.
    """
    loops = iter([1.0, 3.0, 5.0])
    monkeypatch.setattr(suite.speed, "calibration", lambda: next(loops))
    monkeypatch.setattr(
        suite.speed,
        "blocks",
        lambda pairs, count: iter([[["xor", "adam", 9.0]], [["xor", "adam", 8.0]]]),
    )

    assert suite.speed.measure([("xor", "adam")]) == [["xor", "adam", [8.0, 4.0]]]


def test_the_calibration_loop_is_numpys_alone(python):
    """No commit of optbench and no compiler can make it slower: neither is loaded when it has
    run.
    """
    code = (
        "import sys, benchmarks.speed as s; t = s.calibration(); print(t > 0, {'optbench', 'numba'}"
        " & set(sys.modules))"
    )

    assert python(code, cwd=FOLDER.parent).split() == ["True", "set()"]


def test_one_footprint_doesn_t_wait_for_another(python):
    """As asv groups them: the import, the command's time and memory together, and the state each
    have a setup of their own.
    """
    pytest.importorskip("asv_runner")
    code = "import json, asv_runner.discovery as d\n"
    code += (
        "print(json.dumps({b.name: b.setup_cache_key for b in"
        f" d.disc_benchmarks({str(FOLDER)!r})}}))"
    )
    keys = json.loads(python(code, cwd=FOLDER.parent))
    own = {
        name.split("track_")[1]: key for name, key in keys.items() if name.startswith("footprint.")
    }

    assert own["run_time"] == own["run_memory"]
    assert len({own["import_time"], own["run_time"], own["state"]}) == 3


def test_timed_pairs_converge(suite):
    """At the timed learning rate every loss falls: a diverged run or a denormal number would be
    timed instead of a step.
    """
    for problem, (_, steps) in suite.speed.SIZES.items():
        for optimizer, lr in suite.speed.LRS.items():
            run = ob.run([problem], [optimizer], lrs=[float(lr)], seeds=1, steps=steps).runs.iloc[0]

            assert run["status"] in ("budget", "solved"), (problem, optimizer, run["error"])
            least = ob.get_problem(problem).minimum or 0.0
            assert least + 1e-100 < run["final_loss"] < run["initial_loss"], (problem, optimizer)


@pytest.fixture(scope="module")
def settings():
    """asv.conf.json without its comments."""
    text = (ROOT / "asv.conf.json").read_text()
    return json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))


def test_the_environment_has_every_dependency(settings):
    """asv installs commits without dependencies: its matrix names all of pyproject.toml's, at
    versions that satisfy them.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = dict(
        entry.split(">=")
        for entry in project["project"]["dependencies"] + project["build-system"]["requires"]
    )
    given = settings["matrix"]["req"]

    assert set(given) - {"pip+asv_runner"} == set(wanted)
    for name, least in wanted.items():
        (version,) = given[name]
        assert [int(part) for part in version.split(".")] >= [
            int(part) for part in least.split(".")
        ], name


def test_asv_reads_this_suite(settings):
    """The settings point at the suite, and every tracked name has a threshold of its own."""
    assert ROOT / settings["benchmark_dir"] == FOLDER
    for name in BENCHMARKS:
        assert sum(bool(re.match(p, name)) for p in settings["regressions_thresholds"]) == 1, name


def test_state_is_the_point_and_its_slots(suite):
    """In bytes of a float64 run: x for sgd, and as much again for each of Adam's two means."""
    found = suite.footprint.states(["rosenbrock[dim=10]", "no_problem"], ["adam", "sgd"])

    assert found == {("rosenbrock[dim=10]", "adam"): 240.0, ("rosenbrock[dim=10]", "sgd"): 80.0}


@pytest.mark.slow
def test_the_command_is_timed_whole(suite):
    """`optbench run` ends well, and takes more memory than an interpreter with NumPy and less than
    the machine has.
    """
    seconds, size = suite.footprint.command()

    assert seconds > 0
    assert 50e6 < size < 4e9


def test_a_process_that_fails_says_why(suite):
    """A measuring process's last words reach the one that started it."""
    with pytest.raises(RuntimeError, match="no such luck"):
        suite.fresh(["-c", "raise SystemExit('no such luck')"])


@pytest.mark.slow
def test_compiling_is_timed_with_nothing_compiled(suite, monkeypatch):
    """Twice in a row takes CPU seconds both times, and a kernel takes less than the whole cold
    start.
    """
    monkeypatch.delenv("OPTBENCH_CACHE_DIR", raising=False)
    first, second = (
        suite.compilation.compiled(["beale", "no_problem"], ["lion"]) for _ in range(2)
    )

    assert set(first) == {("cold start",), ("beale",), ("lion",)}
    for found in (first, second):
        assert all(0.01 < found[key] < found["cold start",] for key in (("beale",), ("lion",)))


def broken(x, g, t, lr=0.5):
    """A rule of a learning rate of its own, whose every run fails: nothing has the name."""
    return x - lr * no_such_name(g)  # noqa: F821  # pyright: ignore[reportUndefinedVariable]


@pytest.mark.filterwarnings("ignore:failed")
def test_a_broken_rule_leaves_the_others_their_curves(suite, registries):
    """Even where it runs alone, since its default rate is its own: every other rule of the problem
    has its numbers.
    """
    ob.optimizer(broken)
    found = suite.judged.cells(
        ["quadratic"], ["sgd", "adam", "broken"], ["default", "1.0e-02"], "constant", "float64"
    )

    assert {key[1:] for key, entry in found.items() if isinstance(entry, str)} == {
        ("broken", "default"),
        ("broken", "1.0e-02"),
    }
    assert all("no_such_name" in found["quadratic", "broken", lr] for lr in ("default", "1.0e-02"))
    assert len(found) == 6


def test_a_broken_rule_ends_no_measure_of_memory(suite):
    """Its pairs are named, and so are those that aren't there; the others' memory is measured."""
    ob.optimizer(broken)
    size, lost = suite.startup.peak(
        [("quadratic", "sgd"), ("quadratic", "broken"), ("quadratic", "no_such_rule")]
    )

    assert size > 1e7
    assert lost == [("quadratic", "broken"), ("quadratic", "no_such_rule")]


def test_times_have_the_names_that_were_asked_for(suite):
    """Results spell a problem in its own way: settings in its own order, without those that are its
    default.
    """
    asked = ["rosenbrock[dim=2]", "rosenbrock", "rosenbrock[noise=0.1,dim=10]"]
    found = suite.speed.block(asked, "sgd", 4, 10)

    assert [name for name, _, _ in found] == asked
    assert all(ns > 0 for _, _, ns in found)
