"""Columns of the leaderboard: a file in bench/measures/columns/ is all that one takes."""

import sys

import optbench as ob
import pandas as pd
import pytest
from optbench.bench.cli import leaderboard
from optbench.bench.measures import columns
from rich.console import Console

SPENT = '''
"""How much an optimizer costs."""

import pandas as pd

from optbench.bench.measures.column import column
from optbench.bench.measures.comparison import Comparison


@column(place=65, heading="spent", text="{:.1f} k", caption="spent: thousands of evaluations")
def spent(found: Comparison) -> pd.Series:
    """Thousands of gradient evaluations of all of its runs.

    Those of failed runs are none.
    """
    return found.runs.groupby("label")["evaluations"].sum() / 1000
'''


@pytest.fixture
def added(tmp_path, monkeypatch):
    """Put a file into the folder of columns, as someone does who adds one."""
    folder = tmp_path / "columns"
    folder.mkdir()
    monkeypatch.setattr(columns, "__path__", [*columns.__path__, str(folder)])
    yield (folder / "spent.py").write_text
    sys.modules.pop(f"{columns.__name__}.spent", None)


@pytest.fixture
def a_further_file(added):
    added(SPENT)


@pytest.fixture
def results():
    return ob.run(["rosenbrock"], ["sgd", "adam"], lrs=[1e-3], seeds=3, steps=100)


@pytest.mark.usefixtures("a_further_file")
def test_a_further_file_is_a_column(results):
    """A function in a file of its name is a column of the data frame, at its place."""
    board = results.leaderboard()
    names = board.columns.tolist()

    assert board["spent"].tolist() == [0.3, 0.3]
    assert names[names.index("spent") - 1 :][:3] == ["wins", "spent", "at_edge"]


@pytest.mark.usefixtures("a_further_file")
def test_a_further_file_is_printed(results, monkeypatch, capsys):
    """The printed table and the lines below it have the column, whose text is as the file says."""
    monkeypatch.setattr(leaderboard, "open_console", lambda: Console(width=150))
    leaderboard.print_leaderboard(results)
    printed = capsys.readouterr().out
    head = next(line for line in printed.splitlines() if "optimizer" in line)

    headings = head.split()

    assert headings[headings.index("wins") :][:3] == ["wins", "spent", "edge"]
    assert printed.count(" 0.3 k ") == 2
    assert "spent: thousands of evaluations" in " ".join(printed.split())


@pytest.mark.usefixtures("a_further_file")
def test_a_further_file_is_in_the_csv(results, tmp_path):
    """leaderboard.csv has the column."""
    file = leaderboard.write_leaderboard(results, str(tmp_path))

    assert pd.read_csv(file)["spent"].tolist() == [0.3, 0.3]


@pytest.mark.usefixtures("a_further_file")
def test_an_empty_leaderboard_has_the_further_column():
    """Without runs the leaderboard has the same columns with the same types."""
    assert ob.Results([]).leaderboard().dtypes["spent"].name == "float64"


@pytest.mark.usefixtures("a_further_file")
def test_a_column_says_what_it_means():
    """What a column's numbers mean is the first paragraph of its function's docstring."""
    about = {column.name: column.about for column in columns.in_order()}

    assert about["spent"] == "Thousands of gradient evaluations of all of its runs."
    assert all(about.values())
    assert len(set(about.values())) == len(about)


def test_an_optimizer_without_a_value_has_a_dash(added, results, monkeypatch, capsys):
    """An optimizer for which a column has no value has NaN there, printed as a dash."""
    added(SPENT.replace("sum()", 'sum().drop("sgd")'))
    monkeypatch.setattr(leaderboard, "open_console", lambda: Console(width=150))
    leaderboard.print_leaderboard(results)
    board = results.leaderboard().set_index("optimizer")
    lines = capsys.readouterr().out.splitlines()

    assert board["spent"].isna().to_dict() == {"adam": False, "sgd": True}
    assert "–" in next(line.split("×")[0].split("/1")[1] for line in lines if " sgd " in line)
