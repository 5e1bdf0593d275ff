"""Step times of two commits: their processes take turns, the least block counts, and what can't be
timed is reported.
"""

import pytest
from optbench.bench.history import times
from optbench.bench.history.measuring import Package
from optbench.bench.history.processes import Deadline, TimeUpError

PACKAGE = """
import time
import pandas as pd

BLOCKS = {blocks}

def get_problem(name):
    if name == "lacking" and not {lacking}:
        raise ValueError(name)

get_optimizer = get_problem

if {name!r} in {dead!r}:
    raise SystemExit("dead at once")

print("a package may print")

def run(problems, optimizers, **options):
    if problems == ["deadly"]:
        raise SystemExit("no such luck")
    if problems == ["cut"]:
        import os
        os.write(1, b"written by C code")
        for number in range(3, 20):
            try:
                os.write(number, b'[["cut", "o", 1') if os.fstat(number).st_mode & 0o10000 else None
            except OSError:
                pass
        os._exit(7)
    if problems == ["loud"]:
        import os
        os.write(1, b"written by C code")
    if problems == ["endless"]:
        time.sleep(1000)
    with open({log!r}, "a") as log:
        print({name!r}, file=log)
    status = ["failed" if name == "broken" else "budget" for name in problems]
    frame = {{"problem": problems, "ns_per_step": BLOCKS.pop(0), "status": status}}
    frame["error"] = "it broke"
    result = lambda: None
    result.runs = pd.DataFrame(frame)
    return result
"""


@pytest.fixture
def both(tmp_path):
    return packages(tmp_path)


def packages(folder, dead=()):
    """Two packages named optbench, whose blocks take 5, 1, 3 and 2, 4, 2.6 ns; the first alone has
    the problem `lacking`.
    """
    for name, blocks, lacking in (
        ("base", [5.0, 1.0, 3.0], True),
        ("head", [2.0, 4.0, 2.6], False),
    ):
        package = folder / name / "optbench"
        package.mkdir(parents=True)
        text = PACKAGE.format(
            blocks=blocks, lacking=lacking, name=name, log=str(folder / "log"), dead=dead
        )
        (package / "__init__.py").write_text(text)
    return [Package(name, folder / name, folder / "homes" / name) for name in ("base", "head")]


@pytest.mark.parametrize(
    ("swapped", "first"), [(False, ["base", "head"]), (True, ["head", "base"])]
)
def test_processes_take_turns(both, tmp_path, swapped, first):
    """Block by block, whoever goes first; of three blocks the least is a process's time."""
    base, head = times.in_turns([("p", "o")], both, blocks=3, swapped=swapped)

    assert (tmp_path / "log").read_text().split() == first * 3
    assert base == {("p", "o"): 1.0}
    assert head == {("p", "o"): 2.0}


def test_what_one_commit_lacks_costs_nothing_else(both):
    """A problem that HEAD hasn't, and one that fails, leave the times of the third; the reason
    stands in a time's place.
    """
    pairs = [("p", "o"), ("lacking", "o"), ("broken", "o")]
    base, head = times.in_turns(pairs, both, blocks=1)

    assert base == {("p", "o"): 5.0, ("lacking", "o"): 5.0, ("broken", "o"): "it broke"}
    assert head == {("p", "o"): 2.0, ("broken", "o"): "it broke"}


@pytest.mark.parametrize(
    ("base", "head", "lost"),
    [
        (1.0, "it broke", "it broke"),
        (None, "it broke", "it broke"),
        (1.0, None, "not in HEAD"),
        (None, 1.0, None),
        (None, None, None),
    ],
)
def test_what_head_cannot_time_is_lost(monkeypatch, base, head, lost):
    """Whatever it fails in, new or old, and what it no longer has; what is new, or in neither
    commit, is not.
    """
    sides = [{("p", "o"): ns} if ns else {} for ns in (base, head)]
    monkeypatch.setattr(times, "in_turns", lambda *arguments: sides)
    found = times.compared([("p", "o")], [], lambda text: None)

    assert found.lost == ({("p", "o"): lost} if lost else {})
    assert found.slower == {}


def test_a_process_that_dies_is_reported(both):
    """Its last line is the error's."""
    with pytest.raises(RuntimeError, match="no such luck"):
        times.in_turns([("deadly", "o")], both, blocks=1)


def test_a_process_that_dies_within_an_answer_is_reported(both):
    """The half of a line that it leaves is no answer; nor does what C code prints spoil one."""
    with pytest.raises(RuntimeError, match="base can't be measured: written by C code"):
        times.in_turns([("cut", "o")], both, blocks=1)
    assert times.in_turns([("loud", "o")], both, blocks=1)[0] == {("loud", "o"): 5.0}


@pytest.mark.parametrize("side", ["base", "head"])
def test_a_process_that_never_begins_is_reported(tmp_path, side):
    """Before its first turn, as where a package can't be imported."""
    with pytest.raises(RuntimeError, match=f"{side} can't be measured: dead at once"):
        times.in_turns([("p", "o")], packages(tmp_path, dead=(side,)), blocks=1)


def test_a_package_may_have_modules_of_any_name(both):
    """Such as those that lie beside the suite."""
    for folder in (package.folder for package in both):
        (folder / "rates.py").write_text("")
        (folder / "optbench" / "__init__.py").write_text(
            "import rates\n" + (folder / "optbench" / "__init__.py").read_text()
        )
    base, _ = times.in_turns([("p", "o")], both, blocks=1)

    assert base == {("p", "o"): 5.0}


@pytest.mark.slow
def test_a_slower_curve_is_found_and_a_lost_one_too(both, monkeypatch):
    """Where every pair of processes has a ratio of 2 or more, the curve is slower by that; a lost
    one has its reason.
    """
    monkeypatch.setattr(times, "ROUNDS", 2)
    monkeypatch.setattr(times, "MORE_ROUNDS", 11)
    monkeypatch.setattr(times, "MORE_BLOCKS", 3)
    stages = []
    found = times.compared([("p", "o"), ("lacking", "o")], both, stages.append)

    ratio, before, after = found.slower["p", "o"]
    assert (ratio.low, ratio.ratio, ratio.high) == (2.0, 2.0, 2.0)
    assert (before, after) == (1.0, 2.0)
    assert found.lost == {("lacking", "o"): "not in HEAD"}
    assert "1 once more in 11" in found.line
    assert len(stages) == 13


def test_a_curve_that_is_lost_late_is_found(both, monkeypatch):
    """One that HEAD fails in in the second series alone."""
    rounds = iter(
        [({("p", "o"): 1.0}, {("p", "o"): 2.0}), ({("p", "o"): 1.0}, {("p", "o"): "it broke"})]
    )
    monkeypatch.setattr(times, "in_turns", lambda *arguments: next(rounds))
    monkeypatch.setattr(times, "ROUNDS", 1)
    monkeypatch.setattr(times, "MORE_ROUNDS", 1)
    found = times.compared([("p", "o")], both, lambda text: None)

    assert found.lost == {("p", "o"): "it broke"}


def test_what_noise_hides_is_measured_until_it_shows(monkeypatch):
    """Sixteen pairs of which two are disturbed don't show a ratio of 1.3; the next sixteen, with
    one, together with them do.
    """
    ratios = iter([1.3] * 6 + [1.0, 0.9] + [1.3] * 14 + [1.0] + [1.3] * 15)
    monkeypatch.setattr(
        times, "in_turns", lambda *arguments: ({("p", "o"): 1.0}, {("p", "o"): next(ratios)})
    )
    found = times.compared([("p", "o")], [], lambda text: None)

    assert found.slower["p", "o"][0].low == 1.3
    assert list(ratios) == []


def test_what_stays_noisy_is_reported(monkeypatch):
    """A ratio that may be 1 and may be 1.5 is no finding, and no silence."""
    ratios = iter([1.5] * 6 + [1.0, 1.5] * 24)
    monkeypatch.setattr(
        times, "in_turns", lambda *arguments: ({("p", "o"): 1.0}, {("p", "o"): next(ratios)})
    )
    found = times.compared([("p", "o")], [], lambda text: None)

    assert found.slower == {}
    assert "1 too noisy to judge (p, o: × 1.00 to 1.50)" in found.line


def test_what_is_noisy_stays_so_where_the_time_ends(monkeypatch):
    """The series that would have decided it never began."""

    class Rounds(Deadline):
        left_over = times.ROUNDS + times.MORE_ROUNDS + 1

        @property
        def over(self):
            return self.left_over <= 0

    deadline, ratios = Rounds(), iter([1.5] * 6 + [1.0, 1.5] * 24)

    def in_turns(*arguments):
        deadline.left_over -= 1
        if deadline.over:
            raise TimeUpError("the check's time is over")
        return {("p", "o"): 1.0}, {("p", "o"): next(ratios)}

    monkeypatch.setattr(times, "in_turns", in_turns)
    found = times.compared([("p", "o")], [], lambda text: None, deadline)

    assert "1 too noisy to judge" in found.line


def test_a_pair_that_neither_commit_times_is_counted(monkeypatch):
    """It isn't silently left out."""
    monkeypatch.setattr(
        times, "in_turns", lambda *arguments: ({("p", "o"): 1.0}, {("p", "o"): 1.0})
    )
    found = times.compared([("p", "o"), ("q", "o")], [], lambda text: None)

    assert (found.untimed, found.unjudged) == (1, 0)


def test_a_deadline_ends_a_process_that_hangs(both):
    """Whoever waits for its answer gets one: that the time is over."""
    with pytest.raises(TimeUpError):
        times.in_turns([("endless", "o")], both, 1, False, Deadline(1.0))


def test_after_the_deadline_nothing_is_measured_and_that_is_reported(monkeypatch):
    """No round begins: nothing is slower, and the pairs count as not judged."""
    monkeypatch.setattr(times, "in_turns", lambda *arguments: pytest.fail("a round began"))
    found = times.compared([("p", "o"), ("q", "o")], [], lambda text: None, Deadline(0.0))

    assert (found.slower, found.lost, found.unjudged) == ({}, {}, 2)


def test_what_the_deadline_leaves_suspicious_is_reported(monkeypatch):
    """A curve that looks slower after the first series, with no time to measure it again, is
    neither slower nor judged.
    """

    class Rounds(Deadline):
        left_over = times.ROUNDS

        @property
        def over(self):
            return self.left_over <= 0

    deadline = Rounds()

    def in_turns(*arguments):
        deadline.left_over -= 1
        return {("p", "o"): 1.0, ("q", "o"): 1.0}, {("p", "o"): 1.5, ("q", "o"): 1.0}

    monkeypatch.setattr(times, "in_turns", in_turns)
    found = times.compared([("p", "o"), ("q", "o")], [], lambda text: None, deadline)

    assert (found.slower, found.lost, found.unjudged) == ({}, {}, 1)
