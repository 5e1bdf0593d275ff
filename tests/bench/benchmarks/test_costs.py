"""Step times, compilation, memory and state: what each number holds, and what it leaves out."""

import json
import math
from pathlib import Path

import optbench as ob
import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "bench" / "benchmarks"
SMALL = ("quadratic", "rosenbrock"), ("adam", "sgd")
PAIRS = [(problem, optimizer) for problem in SMALL[0] for optimizer in SMALL[1]]


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
    monkeypatch.setattr(suite.speed, "reply", lambda module, request: answers.pop())
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


def test_times_have_the_names_that_were_asked_for(suite):
    """Results spell a problem in its own way: settings in its own order, without those that are its
    default.
    """
    asked = ["rosenbrock[dim=2]", "rosenbrock", "rosenbrock[noise=0.1,dim=10]"]
    found = suite.speed.block(asked, "sgd", 4, 10)

    assert [name for name, _, _ in found] == asked
    assert all(ns > 0 for _, _, ns in found)
