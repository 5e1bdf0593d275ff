"""What authors get wrong in rules and formulas: each gets its line and what to write instead."""

import numpy as np
import optbench as ob
import pytest
from mistaken import PROBLEMS, RULES
from optbench.bench.check import report
from optbench.bench.plugins import diagnosis, discovery
from optbench.bench.terminal.notices import Notice


@pytest.fixture(autouse=True)
def _plugins(tmp_path):
    """The mistaken rules and problems, registered."""
    for name, text in (("rules.py", RULES), ("problems.py", PROBLEMS)):
        (tmp_path / name).write_text(text)
        discovery.load_file(tmp_path / name)


def line(text, remark):
    return next(
        number for number, row in enumerate(text.splitlines(), 1) if row.endswith(f"# {remark}")
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("counting", "'step' is a slot that never changes; the number of the update is called t"),
        ("unchanged", "'k' is a slot that never changes; the number of the update is called t"),
        ("rebinding", "x = ... makes another array and leaves x as it was: write x[:] = ..."),
        ("rebinding_slot", "m = ... makes another array and leaves m as it was: write m[:] = ..."),
        ("falling", "not every path returns x"),
        (
            "comparing",
            (
                "g is an array here, neither true nor false: compare its numbers in a loop, if g[i]"
                " > 0.0"
            ),
        ),
    ],
)
def test_a_mistake_shows_in_the_text(name, reason):
    """The author's file, line, and what to write."""
    assert (
        diagnosis.in_text(ob.get_optimizer(name).rule)
        == f"rules.py, line {line(RULES, name)}: {reason}"
    )


@pytest.mark.parametrize(
    "name",
    ["counted", pytest.param("viewing", marks=pytest.mark.cold), "compiled", "looping"],
)
def test_what_only_looks_like_a_mistake_runs(name):
    """A counter of one's own, a view of a slot, a comparison of all numbers, a rule compiled
    already.
    """
    assert diagnosis.in_text(ob.get_optimizer(name).rule) is None
    assert ob.run(["quadratic"], [name], lrs=[0.1], seeds=1, steps=5).runs["status"].tolist() == [
        "budget"
    ]


def test_statements_that_may_return_are_not_refused():
    """Of a try that returns in each of its parts nothing is claimed."""
    assert diagnosis.in_text(ob.get_optimizer("trying").rule) is None


def test_no_rule_of_ours_is_mistaken():
    """Nothing is found in the text of any rule that comes with optbench."""
    ours = [
        name
        for name in ob.list_optimizers()
        if ob.get_optimizer(name).owner.startswith("optbench.")
    ]

    assert len(ours) > 50
    assert {
        name: found for name in ours if (found := diagnosis.in_text(ob.get_optimizer(name).rule))
    } == {}


@pytest.mark.parametrize(
    ("problem", "optimizer", "dtype", "reason"),
    [
        (
            "quadratic",
            "comparing_local",
            "float64",
            r"truth value of an array.*compare their numbers in a loop",
        ),
        (
            "product_problem",
            "sgd",
            "float32",
            r"problems\.py, line {product}: .*in float32.*A\.astype\(x\.dtype\) @ x",
        ),
        (
            "value_problem",
            "sgd",
            "float64",
            r"value\(x\) has no gradient: write def value\(x, g\), which fills g, g",
        ),
    ],
)
def test_a_failed_run_says_what_to_write(problem, optimizer, dtype, reason):
    """What only shows when it is compiled or run comes with its hint, in one line."""
    with pytest.raises(
        RuntimeError, match=reason.replace("{product}", str(line(PROBLEMS, "product")))
    ) as caught:
        ob.run([problem], [optimizer], lrs=[0.1], seeds=1, steps=3, dtype=dtype)

    assert "\n" not in str(caught.value)
    assert "nopython" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("measuring", "np.linalg.norm() only supported for array types"),
        ("helping", "helper is a plain Python function; decorate it with @numba.njit"),
        ("multiplying", "compiled code has no mul(float64, text)"),
        ("nesting", "compiled code has no quantile(array("),
        ("storing", "Use of unsupported opcode (STORE_GLOBAL) found"),
    ],
)
def test_a_run_a_step_and_a_check_give_one_reason(name, reason):
    """Of a rule that only the compiler refuses: its line, what is wrong there, and no other
    advice.
    """
    rule, text = ob.get_optimizer(name), f"rules.py, line {line(RULES, name)}: {reason}"
    found = {v.requirement: v for v in report.examine(rule, quick=True, measure=False).verdicts}
    with pytest.raises(RuntimeError) as run:
        ob.run(["quadratic"], [rule], lrs=[0.1], seeds=1, steps=3)
    with pytest.raises(ValueError, match="can't be compiled") as step:
        rule.start([1.0, 2.0]).step([1.0, 2.0])

    assert found["compiles"].detail.startswith(text)
    for error in (run, step):
        assert text in str(error.value)
        assert "must return" not in str(error.value)


def test_a_step_by_hand_says_what_a_rule_owes():
    """Where the compiler merely can't unpack what the rule returns."""
    with pytest.raises(
        ValueError,
        match=r"'handing' can't be compiled: failed to unpack .* \(it must return x, m\)",
    ):
        ob.get_optimizer("handing").start([1.0]).step([1.0])


@pytest.mark.slow
def test_a_check_says_what_to_write():
    """What `check` can only run into comes with the hint too, and a mistake in the text with its
    line.
    """
    found = {
        v.requirement: v
        for v in report.examine(
            ob.get_optimizer("comparing_local"), quick=True, measure=False
        ).verdicts
    }
    text = {
        v.requirement: v
        for v in report.examine(ob.get_optimizer("printing"), quick=True, measure=False).verdicts
    }

    assert found["moves"].verdict == "fail"
    assert "compare their numbers in a loop" in found["moves"].detail
    assert text["compiles"].detail.startswith(f"rules.py, line {line(RULES, 'printing')}: prints")
    assert text["moves"].detail == "it prints"


@pytest.mark.cold
def test_the_hint_about_float32_works():
    """A matrix that is cast to the dtype of x multiplies in both."""
    for dtype in ("float64", "float32"):
        runs = ob.run(["cast_problem"], ["sgd"], lrs=[1.0], seeds=1, steps=3, dtype=dtype).runs

        assert runs["final_loss"].tolist() == [0.0]


def test_a_rule_that_prints_is_noticed(capfd):
    """A run warns of it once, with the line."""
    with pytest.warns(Notice) as caught:
        ob.run(["quadratic"], ["printing"], lrs=[0.1, 0.2], seeds=1, steps=1)

    assert [str(one.message) for one in caught] == [
        f"rules.py, line {line(RULES, 'printing')}: prints, for every run at every step; take it"
        " out, and step by hand to look: Optimizer.start"
    ]
    assert diagnosis.prints(ob.get_optimizer("sgd").rule.function) is None


class Stepper:
    def rule(self, x, g, lr=0.1):
        return x - lr * g


@pytest.mark.parametrize(
    ("thing", "what"),
    [
        (Stepper().rule, "a method"),
        (Stepper, "a class"),
        (lambda x, g, lr=0.1: x, "a lambda"),
        (np.add, "of type ufunc"),
    ],
    ids=["method", "class", "lambda", "ufunc"],
)
def test_what_is_no_plain_function_is_refused(thing, what):
    """A bound method, a class, a lambda or compiled code of another kind: one line that says what a
    rule is.
    """
    with pytest.raises(ValueError, match="takes a plain function, def rule") as caught:
        ob.optimizer(thing)

    assert str(caught.value).endswith(f"is {what}")
