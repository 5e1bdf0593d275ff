"""What a check says: a line a rule, worse before better, what wasn't judged, and the files for
programs and pull requests.
"""

import json
import re

import pytest
from optbench.bench.history import accepted, check, costs, judging, table, written
from optbench.bench.history.cases import ANY, Case
from optbench.bench.history.findings import Finding, ordered
from optbench.bench.history.processes import Deadline
from optbench.bench.history.report import Report
from optbench.bench.history.tracked import Grid
from optbench.kernels.grammar import InputError


def moved(
    optimizer,
    verdict="converges worse",
    weight=1.0,
    problem="matrix_factorisation",
    lr="1.0e-02",
    **fields,
):
    return Finding(
        "convergence", Case(problem, optimizer, lr), "steps 10 → miss", verdict, weight, **fields
    )


FOUND = Report(
    findings=(
        moved("adam", "converges better", 9.0),
        moved("momentum", "moved", 0.1, lr="1.0e+00"),
        *(moved("momentum", weight=float(n), problem=f"p{n}") for n in range(4)),
        Finding("lost", Case("xor", "nadam", "1.0e-02"), "not in HEAD", "gone", 1.0),
        Finding("time", Case("xor", "adam"), "× 1.30 (1.20 to 1.40), 5 → 6.5 ns", "slower", 1.3),
        Finding("state", Case("xor", "adam"), "24 → 32 bytes of x and slots", "more state", 4 / 3),
        Finding("memory", Case(ANY, ANY), "peak memory: 250 → 700 MB", "costs more", 2.8),
        moved("lion", fails=False, reason="as in the paper"),
    ),
    counts={"adam": 54, "momentum": 54, "lion": 54},
    lines=("162 cases compared",),
    base="main (12345678)",
    head="HEAD (87654321)",
)


def test_an_accepted_cost_lets_nothing_pass_unjudged():
    """Where the curves couldn't be measured, the reason is an error once all that was found is
    accepted.
    """
    row = Finding("memory", Case(ANY, ANY), "peak memory: 250 → 700 MB", "costs more", 2.8)
    report = Report(
        (row,), unjudged=("curves and times",), failure="HEAD can't be measured: killed"
    )
    meant = accepted.entries(
        '[[accepted]]\noptimizer = "*"\nproblem = "*"\nwhat = "memory"\nreason = "r"', "f"
    )

    assert not check.concluded(report, [], []).passed
    with pytest.raises(RuntimeError, match="HEAD can't be measured: killed"):
        check.concluded(report, meant, [])


@pytest.mark.parametrize(
    ("rows", "columns"), [(16, 8), (18, 8), (4, 4), (3, 5), (1, 20), (20, 1), (6, 4), (0, 3)]
)
def test_memory_is_measured_of_as_many_rules_as_there_are(rows, columns):
    """Sixteen pairs, or all where there are fewer, no one twice, of all problems and rules as far
    as sixteen reach.
    """
    grid = Grid(
        tuple(f"p{n}" for n in range(rows)), tuple(f"o{n}" for n in range(columns)), ("1.0e-02",)
    )
    pairs = judging._spread(grid)

    assert len(pairs) == len({*pairs}) == min(16, rows * columns)
    if pairs:
        assert [len({*names}) for names in zip(*pairs, strict=True)] == [
            min(16, rows),
            min(16, columns),
        ]


def test_memory_is_compared_where_both_commits_run(monkeypatch):
    """A pair that BASE fails in costs HEAD's process alone its memory: it is left out, and measured
    again without.
    """

    def measured(module, pairs, *more):
        whole = ("xor", "new") in pairs
        sides = [
            {"import": 1.0, "names": 1.0, "memory": size} for size in (2e8, 4e8 if whole else 2e8)
        ]
        return [
            {**side, "broken": [["xor", "new"]] * (whole and not place)}
            for place, side in enumerate(sides)
        ]

    monkeypatch.setattr(costs, "measured", measured)

    assert costs.compared([("xor", "adam"), ("xor", "new")], [], Deadline()) == []


def test_each_rule_has_a_line():
    """How many of its cases moved, how many of them for the worse, and what else it became; those
    with more worse first.
    """
    assert FOUND.by_rule == [
        "momentum: 5 of 54 moved, 4 worse",
        "adam: 1 of 54 moved, 1 better, 1 slower, more state on 1 problems",
        "nadam: 1 gone",
        "everything: peak memory",
    ]


def test_lost_stands_before_worse_before_moved_before_better():
    """Whatever their sizes are; what was accepted stands last."""
    order = [finding.verdict for finding in ordered(FOUND.findings)]

    assert order[0] == "gone"
    assert order[-3:] == ["moved", "converges better", "converges worse"]
    assert [
        finding.weight
        for finding in ordered(FOUND.findings)
        if finding.case.problem.startswith("p")
    ] == [3, 2, 1, 0]


def test_the_verdict_says_what_was_not_judged():
    """Without times it doesn't say that nothing is slower."""
    whole, untimed = Report(), Report(unjudged=("times",))

    assert whole.verdict == "no curve is slower or converges differently"
    assert untimed.verdict == "no curve converges differently; times weren't judged"
    assert FOUND.verdict.startswith("changes: 10.")


def test_json_holds_everything():
    """Each finding with its case, and the verdict; a reader needs no text of the table."""
    read = json.loads(written.as_json(FOUND))

    assert read["passed"] is False
    assert read["head"] == {"label": "HEAD (87654321)", "commit": ""}
    assert len(read["findings"]) == 11
    assert read["findings"][0] == {
        "problem": "xor",
        "optimizer": "nadam",
        "lr": "1.0e-02",
        "schedule": "constant",
        "dtype": "float64",
        "what": "lost",
        "verdict": "gone",
        "fails": True,
        "change": "not in HEAD",
    }
    assert read["findings"][-1]["accepted"] == "as in the paper"


def test_markdown_is_short_and_folds_its_table():
    """At most 20 lines beside the folded table, however many rules changed; the lines of rules come
    first.
    """
    many = Report(
        findings=tuple(moved(f"rule_{n}", problem="a|b") for n in range(60)),
        lines=tuple(f"note {n}" for n in range(30)),
    )
    text = written.as_markdown(many)
    shown, _, folded = text.partition("<details>")

    assert len(shown.splitlines()) + 1 <= 20
    assert shown.splitlines()[3] == "- rule\\_0: 1 of 1 moved, 1 worse"
    assert "and 53 more rules" in shown
    assert folded.count("\n| ") == 61
    assert folded.count(r"a\|b") == 60


def test_markdown_takes_no_text_for_markup():
    """A name in brackets, an underscore or a tag in a reason is itself."""
    text = written.as_markdown(
        Report(findings=(moved("adam[beta1=0.9]", fails=False, reason="<b>*so*\nis it"),))
    )

    assert r"adam\[beta1=0.9\]" in text
    assert r"&lt;b&gt;\*so\* is it" in text


def test_a_file_that_cannot_be_written_is_reported_at_once(tmp_path):
    """Before anything is measured."""
    written.writable([None, str(tmp_path / "new.json")])
    with pytest.raises(InputError, match="its folder is missing"):
        written.writable([str(tmp_path / "no" / "a.json")])
    with pytest.raises(InputError, match="it is a folder"):
        written.writable([str(tmp_path)])
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_may_not_be_written_is_reported_at_once(tmp_path, monkeypatch):
    """One that is there and may only be read; the text in one that may be written stays until the
    end.
    """
    (tmp_path / "a.json").write_text("old")
    written.writable([str(tmp_path / "a.json")])
    assert (tmp_path / "a.json").read_text() == "old"

    def refused(*arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(written.Path, "open", refused)
    with pytest.raises(InputError, match="can't be written: Permission denied"):
        written.writable([str(tmp_path / "a.json")])


@pytest.mark.parametrize("columns", ["20", "80"])
def test_names_stay_whole_where_there_is_no_terminal(monkeypatch, capsys, columns):
    """Whatever COLUMNS says: a log can be searched for them. A row is one line."""
    monkeypatch.setenv("COLUMNS", columns)
    table.show(FOUND, all_rows=True)
    printed = capsys.readouterr().out

    assert re.search(
        r"^ matrix_factorisation +adam +1.0e-02 +converges better +steps 10 → miss",
        printed,
        re.MULTILINE,
    )
    assert re.search(r"^momentum: 5 of 54 moved, 4 worse$", printed, re.MULTILINE)
    assert all(line == line.rstrip() for line in printed.splitlines())


def test_more_rows_than_fit_are_counted(capsys):
    """Forty are shown without --all; the summary by rule counts all."""
    many = Report(
        findings=tuple(moved("adam", problem=f"p{n:03}") for n in range(50)), counts={"adam": 60}
    )
    table.show(many, all_rows=False)
    printed = capsys.readouterr().out

    assert printed.count("converges worse") == 40
    assert "... and 10 more (--all shows them)" in printed
    assert "adam: 50 of 60 moved, 50 worse" in printed
