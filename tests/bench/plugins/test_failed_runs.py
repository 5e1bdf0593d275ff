"""What a plugin's mistake does to its runs: they fail with its line, and nobody else's do."""

import optbench as ob
import pytest
from optbench.bench.plugins import discovery
from optbench.bench.terminal.notices import Notice


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("    return x", "line 6: returns 1 value, must return x, m"),
        ("    if g > 0:\n        return x, m", "line 6: not every path returns x, m"),
        ("    return x - rate * g, m", "line 6: 'rate' is not defined"),
    ],
)
def test_a_run_says_what_is_wrong_with_a_rule(write, body, reason):
    """A plugin's mistake fails its runs with the author's file and line, and nobody else's."""
    text = (
        "import optbench as ob\n\n@ob.optimizer\ndef faulty(x, g, m, lr=0.1):\n   "
        f' """Wrong."""\n{body}\n'
    )
    discovery.load_file(write(text, "faulty_rule.py"))
    with pytest.warns(
        Notice, match=rf"failed: faulty on quadratic, 1 run: faulty_rule\.py, {reason}"
    ):
        runs = ob.run(["quadratic"], ["faulty", "sgd"], lrs=[0.1], seeds=1, steps=3).runs.set_index(
            "optimizer"
        )

    assert runs.loc["faulty", "error"] == f"faulty_rule.py, {reason}"
    assert runs.loc["sgd", "status"] != "failed"


def test_an_array_rule_that_returns_fails(write):
    """A rule that should change x in place and returns it instead fails with that reason, and isn't
    given a score of zero.
    """
    head = (
        'import optbench as ob\n\n@ob.optimizer(per="run")\ndef giving(x, g, lr=0.1):\n   '
        ' """Wrong."""\n'
    )
    text = f"{head}    return x - lr * g\n"
    discovery.load_file(write(text, "giving_rule.py"))
    with pytest.raises(
        RuntimeError, match=r"giving on quadratic, 1 run: giving_rule\.py.*must change x in place"
    ):
        ob.run(["quadratic"], ["giving"], lrs=[0.1], seeds=1, steps=3)
