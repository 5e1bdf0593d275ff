"""Real faults planted in a throw-away repository fail the regression check, each where it acts; a
harmless rewriting passes.
"""

import re
from itertools import product

import pytest

CASES = ["-p", "quadratic,rosenbrock", "-o", "adam,momentum,sgd"]
ADAM = "kernels/update/adam.py"
BIAS = (ADAM, "m_hat = m / (1 - beta1**t)", "m_hat = m / (1 - beta1**(t + 1))")
LATE = (
    ADAM,
    "    return x - lr * m_hat",
    "    lr = lr * 0.5 if t >= 300 else lr\n    return x - lr * m_hat",
)
COSINE = (
    "kernels/schedule.py",
    "np.cos(np.pi * np.arange(steps) / steps)",
    "np.cos(np.pi * np.arange(1, steps + 1) / steps)",
)
LAGGING = (
    "kernels/loop.py",
    "                multipliers[step],",
    "                multipliers[max(step - 1, 0)],",
)
EXPONENTIAL = (
    "kernels/elementary.py",
    "for n in (5040, 720, 120, 24, 6, 2))",
    "for n in (5040, 720, 120, 25, 6, 2))",
)
PRESET = (
    "kernels/presets.py",
    '"torch:adagrad": ("adagrad", {"eps": 1e-10}',
    '"torch:adagrad": ("adagrad", {"eps": 1e-4}',
)
SLEEPING = [
    ("__init__.py", "import importlib\nfrom typing", "import importlib\nimport time\nfrom typing"),
    ("__init__.py", "_PLACES = {", "time.sleep(2)\n_PLACES = {"),
]
SLOT = [
    (ADAM, "def adam(x, g, t, m, v, lr", "def adam(x, g, t, m, v, spare, lr"),
    (ADAM, "+ eps), m, v", "+ eps), m, v, spare"),
]
LEAK = [
    (
        "bench/runs/run.py",
        "def compute(block: Block) -> Done:",
        "_kept = []\n\n\ndef compute(block: Block) -> Done:",
    ),
    (
        "bench/runs/run.py",
        "    plugged = [",
        "    _kept.append(np.ones(4_000_000))\n    plugged = [",
    ),
]
USUAL = ("constant", "float64")


def changed(report):
    """{(problem, optimizer, lr)} of curves at a constant learning rate in float64."""
    return {
        (row["problem"], row["optimizer"], row["lr"])
        for row in report["findings"]
        if row["what"] == "convergence" and (row["schedule"], row["dtype"]) == USUAL
    }


DIGIT = ("kernels/update/adamw.py", "beta2=0.999,", "beta2=0.9991,")
RATE = ("kernels/update/sgd.py", "return x - lr * g", "return x - 1.02 * lr * g")


@pytest.mark.slow
def test_faults_fail_each_in_its_own_rule(check):
    """A wrong bias correction, a beta wrong in the fourth digit, and an lr off by 2 %: all six
    cases of each rule move, but those that have diverged by the 20th update, and no other rule's
    do.
    """
    rules = ["-p", "quadratic,rosenbrock", "-o", "adam,adamw,momentum,sgd"]
    status, output, report = check([BIAS, DIGIT, RATE], *rules, "--no-times")
    moving = set(product(("quadratic", "rosenbrock"), ("1.0e-03", "1.0e-02", "1.0e+00")))
    diverged = {("rosenbrock", "1.0e-02"), ("rosenbrock", "1.0e+00")}
    moved = {
        rule: {(problem, lr) for problem, name, lr in changed(report) if name == rule}
        for rule in ("adam", "adamw", "sgd")
    }

    assert status == 1, output
    assert {row["optimizer"] for row in report["findings"]} == {"adam", "adamw", "sgd"}
    assert moved["adam"] == moved["adamw"] == moving
    assert moved["sgd"] >= moving - diverged


@pytest.mark.slow
def test_a_fault_after_100_updates_fails(check):
    """Adam halves its rate from t = 300 on: fingerprints are equal, and curves need a third more
    steps.
    """
    status, output, report = check([LATE], "-p", "rosenbrock", "-o", "adam,sgd", "--no-times")

    assert status == 1, output
    assert ("rosenbrock", "adam", "1.0e-02") in changed(report)
    assert {row["optimizer"] for row in report["findings"]} == {"adam"}
    assert all(row["change"].startswith("first 100 updates equal") for row in report["findings"])
    assert re.search(r"^adam: \d of \d moved, \d worse$", output, re.MULTILINE)


@pytest.mark.slow
def test_faults_of_schedules_and_of_float32_fail(check):
    """A cosine off by one and float32's exponential wrong in a coefficient: each moves what it
    concerns alone.
    """
    status, output, report = check(
        [COSINE, EXPONENTIAL], "-p", "quadratic,rosenbrock,xor", "-o", "adam", "--no-times"
    )
    found = {
        (row["problem"], row["schedule"], row["dtype"])
        for row in report["findings"]
        if row["fails"]
    }

    assert status == 1, output
    assert {
        ("quadratic", "cosine[warmup=10]", "float64"),
        ("rosenbrock", "cosine[warmup=10]", "float64"),
    } <= found
    assert ("xor", "constant", "float32") in found
    assert all(
        "cosine" in schedule or (problem, dtype) == ("xor", "float32")
        for problem, schedule, dtype in found
    )


@pytest.mark.slow
def test_a_loop_that_is_a_step_late_with_its_schedule_fails(check):
    """Under every schedule, and nowhere else."""
    status, output, report = check([LAGGING], "-p", "quadratic", "-o", "sgd", "--no-times")
    schedules = {row["schedule"].partition("[")[0] for row in report["findings"] if row["fails"]}

    assert status == 1, output
    assert {"cosine", "step", "linear", "wsd", "one_cycle", "inverse_sqrt"} <= schedules
    assert "constant" not in schedules


@pytest.mark.slow
def test_rules_and_presets_that_no_suite_tracks_are_judged(check, repository):
    """A rule's file is deleted, and a preset's eps changed: both are found though asked for by no
    suite.
    """
    (repository / "kernels/update/nadam.py").unlink()
    status, output, report = check([PRESET], "-p", "rosenbrock", "--no-times")
    gone = {row["optimizer"] for row in report["findings"] if row["verdict"] == "gone"}

    assert status == 1, output
    assert gone >= {"nadam", "torch:nadam"}
    assert {optimizer for _, optimizer, _ in changed(report)} == {"torch:adagrad"}
    assert re.search("^nadam: gone$", output, re.MULTILINE), output


@pytest.mark.slow
def test_any_rule_and_problem_may_be_asked_for(check):
    """A rule and a problem that no suite tracks, by name: all the suite's learning rates are
    judged.
    """
    beta = ("kernels/update/nadam.py", "beta2=0.999", "beta2=0.99")
    status, output, report = check([beta], "-p", "booth", "-o", "nadam,lion", "--no-times")

    assert status == 1, output
    assert changed(report) == {("booth", "nadam", lr) for lr in ("1.0e-03", "1.0e-02", "1.0e+00")}


@pytest.mark.slow
def test_state_memory_and_import_time_are_judged(check):
    """A slot more in Adam, 32 MB that each block keeps, and an import two seconds slower; no curve
    has moved.
    """
    status, output, report = check(
        [*SLOT, *LEAK, *SLEEPING], "-p", "quadratic,rosenbrock", "-o", "adam", "--no-times"
    )
    kinds = {(row["what"], row["optimizer"]) for row in report["findings"]}

    assert status == 1, output
    assert kinds == {("state", "adam"), ("memory", "*"), ("import", "*")}
    assert "quadratic" in output
    assert re.search(r"240 → 320 bytes of x and slots", output)


@pytest.mark.slow
def test_a_harmless_rewriting_passes(check):
    """The same formulas with their terms in another order round otherwise, and are no change."""
    edits = [
        (ADAM, "m = beta1 * m + (1 - beta1) * g", "m = m + (1 - beta1) * (g - m)"),
        (
            ADAM,
            "return x - lr * m_hat / (sqrt(v_hat) + eps)",
            "return x - m_hat / (sqrt(v_hat) + eps) * lr",
        ),
        ("kernels/update/momentum.py", "m = momentum * m + g", "m = g + m * momentum"),
    ]
    status, output, report = check(edits, *CASES, "--no-times")

    assert status == 0, output
    assert report["findings"] == []
    assert "0 moved by more than rounding" in output
    assert re.search(r"\d+ of them are rounded differently", output)
    assert "no curve converges differently; times weren't judged" in output


@pytest.mark.slow
def test_a_slower_loop_fails(check):
    """A loop that computes every third gradient twice, some 30 % more, has the same losses and is
    slower.
    """
    call = "gradient(x, g, losses, data, rows, keys, step + 1)\n                elif"
    twice = call.replace(
        "\n",
        "\n                    if step % 3 == 0:\n                        gradient(x, g, losses,"
        " data, rows, keys, step + 1)\n",
        1,
    )
    # as few pairs of processes as can say it with 99.9 %
    fewer = "from optbench.bench.history import times; times.ROUNDS, times.MORE_ROUNDS = 2, 11; "
    status, output, report = check(
        [("kernels/loop.py", call, twice)], "-p", "xor", "-o", "sgd", before=fewer
    )

    assert status == 1, output
    assert [
        (row["what"], row["problem"], row["optimizer"], row["lr"]) for row in report["findings"]
    ] == [("time", "xor", "sgd", "*")]
    assert re.search(r"xor +sgd +\* +slower", output), output
