"""Readers of stored runs leave out what edited code left behind, and never mix two versions under
one name.
"""

import numpy as np
import optbench as ob
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from optbench.bench.cli.main import main
from optbench.bench.plugins import discovery
from optbench.bench.terminal.notices import Notice
from optbench.kernels import registry as optimizers
from optbench.kernels import schedule
from optbench.problems import registry as problems

RULE = '''
import optbench as ob


@ob.optimizer
def mine(x, g, lr=0.1):
    """A test's rule (2024). lr : units of x."""
    return x SIGN lr * g
'''
PROBLEM = """
import numpy as np
import optbench as ob


def loss(x, g):
    g[0] = 2 * x[0]
    return x[0] ** 2


@ob.problem
def pit(dim=1):
    return ob.Problem(loss, np.array([START]), 0.0, 50, "a test", minimum=0.0)
"""


@pytest.fixture
def edited(tmp_path):
    """Write a plugin file and load it: edited(text, WORD=value) stands for an edit."""

    def _edited(text, **words):
        for word, value in words.items():
            text = text.replace(word, value)
        file = tmp_path / f"superseded_{'rule' if 'optimizer' in text else 'problem'}.py"
        file.write_text(text)
        discovery.load_file(file)
        return file

    return _edited


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "runs"


def run(folder, problem, *rules, **more):
    return ob.run(
        [problem], [*rules], **{"lrs": [0.3], "seeds": 2, "steps": 40, "store": folder, **more}
    )


def solved(results):
    board = results.leaderboard().set_index("optimizer")
    return {name: (row["solved"], row["problems"]) for name, row in board.iterrows()}


def test_an_edited_rule_counts_where_it_was_run_again(edited, folder):
    """A rule that solved two problems, edited and run again on one of them, counts there alone,
    with what it solves now.
    """
    edited(RULE, SIGN="-")
    for problem in ("sphere", "quadratic[condition=2.0]"):
        run(folder, problem, "mine")
    assert solved(ob.load(folder)) == {"mine": (2, 2)}

    edited(RULE, SIGN="+")
    run(folder, "sphere", "mine")
    with pytest.warns(Notice, match=r"2 stored runs left out, superseded by edits of mine;"):
        loaded = ob.load(folder)

    assert loaded.runs["problem"].unique().tolist() == ["sphere"]
    assert solved(loaded) == {"mine": (0, 1)}


def test_an_edited_problem_counts_for_whom_it_was_run_again(edited, folder):
    """After an edit to a problem, runs on its old form stand beside none on the new one."""
    edited(PROBLEM, START="1.0")
    run(folder, "pit", "sgd", "momentum")
    edited(PROBLEM, START="5.0")
    run(folder, "pit", "sgd")
    with pytest.warns(Notice, match=r"2 stored runs left out, superseded by edits of pit;"):
        loaded = ob.load(folder)

    assert loaded.runs["optimizer"].unique().tolist() == ["sgd"]
    assert loaded.runs["initial_loss"].tolist() == [25.0, 25.0]


def test_an_edited_schedule_is_left_out(folder, monkeypatch):
    """Runs under a schedule whose formula was edited since are left out, those under others
    kept.
    """
    for name in ("cosine", "linear"):
        run(folder, "sphere", "sgd", schedule=name)
    monkeypatch.setitem(
        schedule.SCHEDULES, "cosine", lambda steps, final=0.5: np.full(steps, final)
    )
    with pytest.warns(Notice, match="2 stored runs left out"):
        loaded = ob.load(folder)

    assert loaded.runs["schedule"].unique().tolist() == ["linear"]


def test_nothing_edited_leaves_nothing_out(edited, folder):
    """Without an edit, and with an edit taken back, every stored run is there, and nothing is
    said.
    """
    for sign in "-+-":
        edited(RULE, SIGN=sign)
        run(folder, "sphere", "mine", "sgd")

    assert len(ob.load(folder)) == 4


def test_an_unknown_rule_stands_with_its_newest_code(edited, folder):
    """Where the rule's plugin isn't loaded only runs by its newest code are kept: two versions
    never share a row.
    """
    for sign, names in (("-", ("sphere", "quadratic")), ("+", ("sphere",))):
        edited(RULE, SIGN=sign)
        for problem in names:
            run(folder, problem, "mine", "sgd")
    optimizers._registry.pop("mine")
    with pytest.warns(Notice) as caught:
        loaded = ob.load(folder)

    assert [str(warning.message)[:41] for warning in caught] == [
        "2 stored runs left out, superseded by edi",
        "not known here, or not readable, so shown",
    ]
    own = loaded.runs[loaded.runs["optimizer"] == "mine"]
    assert own["problem"].tolist() == ["sphere", "sphere"]
    assert (own["final_loss"] > own["initial_loss"]).all()
    assert (loaded.runs["optimizer"] == "sgd").sum() == 4


@pytest.mark.slow
def test_a_rule_that_cannot_be_read_stands_with_its_newest_session(folder, python):
    """Runs of a rule whose code has no digest are kept from one session, the last, on all problems
    that it ran there.
    """
    code = """
import ctypes
import optbench as ob

size = ctypes.CDLL(None).fabs  # an address, whose code nobody can read
size.argtypes, size.restype = [ctypes.c_double], ctypes.c_double

@ob.optimizer
def unreadable(x, g, lr=0.1):
    return x - lr * g * size(1.0)

for problem in {problems}:
    ob.run([problem], ["unreadable"], lrs=[0.3], seeds=2, steps=5, store={store!r})
print(len(ob.load({store!r})))
"""
    seen = []
    for names in (["sphere", "beale"], ["sphere", "quadratic"]):
        seen.append(
            python(
                "import warnings; warnings.simplefilter('ignore')"
                + code.format(problems=names, store=str(folder))
            )
        )

    assert seen == ["4\n", "4\n"]
    with pytest.warns(Notice) as caught:
        loaded = ob.load(folder)

    assert len(caught) == 2
    assert sorted(loaded.runs["problem"].astype(str)) == [
        "quadratic",
        "quadratic",
        "sphere",
        "sphere",
    ]


def test_an_unknown_problem_stands_with_its_newest_code(edited, folder):
    """Likewise of a problem: runs on its older form are left out, whoever made them."""
    edited(PROBLEM, START="1.0")
    run(folder, "pit", "sgd", "momentum")
    edited(PROBLEM, START="5.0")
    run(folder, "pit", "sgd")
    problems._registry.pop("pit")
    with pytest.warns(Notice):
        loaded = ob.load(folder)

    assert loaded.runs[["optimizer", "initial_loss"]].to_numpy().tolist() == [
        ["sgd", 25.0],
        ["sgd", 25.0],
    ]


@pytest.mark.parametrize("loaded", [True, False], ids=["with its plugin", "without"])
def test_compare_says_how_many_are_left_out(edited, folder, loaded):
    """`optbench compare` has the present rule on the problem that it ran, and says in a line what
    is left out.
    """
    edited(RULE, SIGN="-")
    for problem in ("sphere", "quadratic[condition=2.0]"):
        run(folder, problem, "mine")
    file = edited(RULE, SIGN="+")
    run(folder, "sphere", "mine")
    if not loaded:
        optimizers._registry.pop("mine")
    plugin = ["--plugin", str(file)] if loaded else []
    done = CliRunner().invoke(main, ["compare", "--from", str(folder), *plugin])
    row = next(line for line in done.stdout.splitlines() if " mine " in line)

    assert done.exit_code == 0, done.output
    assert "0/1" in row
    assert (
        "optbench: 2 stored runs left out, superseded by edits of mine; `optbench run` computes"
        " them anew" in done.stderr
    )
    assert ("not known here" in done.stderr) != loaded


def test_a_choice_that_is_all_superseded_says_so(edited, folder):
    """Where all that is asked for is superseded, the command says that instead of drawing
    nothing.
    """
    edited(RULE, SIGN="-")
    run(folder, "sphere", "mine", "sgd")
    edited(RULE, SIGN="+")
    done = CliRunner().invoke(main, ["plot", "curves", "--from", str(folder), "-o", "mine"])

    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        "optbench: 2 stored runs left out, superseded by edits of mine; `optbench run` computes"
        " them anew"
    ]


def test_runs_of_an_earlier_version_are_left_out(folder):
    """Runs stored without the digests of their parts are an earlier version's, and are left out."""
    run(folder, "sphere", "sgd")
    (file,) = folder.glob("*.parquet")
    pq.write_table(pq.read_table(file).drop_columns(["rule_source", "problem_source"]), file)
    with pytest.warns(
        Notice, match="2 stored runs left out, superseded by edits of optbench itself"
    ):
        loaded = ob.load(folder)

    assert len(loaded) == 0
