"""A check's processes and its folder: gone when it ends, however it ends; its progress, and each
commit's own kernels.
"""

import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from optbench.bench.cli import history
from optbench.bench.history import measuring, processes, scratch
from optbench.bench.history.measuring import Package
from optbench.bench.history.processes import Deadline, TimeUpError
from optbench.bench.history.stages import Stages
from rich.console import Console

BEGINNING = """
import signal, subprocess, sys
from optbench.bench.history import processes
from optbench.bench.history.scratch import working_folder

# what runs the tests may be started with signals ignored, and hand that on
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
"""
WAITING = """
with working_folder() as folder:
    (folder / "file").write_text("")
    sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
    child = processes.start(sleep, stdout=subprocess.PIPE)
    print(child.pid, flush=True)
    child.wait()
"""


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A folder for temporary files, of this test alone."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(scratch.tempfile, "tempdir", None)
    yield tmp_path
    monkeypatch.undo()
    scratch.tempfile.tempdir = None


def started():
    """A check that waits for a process of its own: it, and that process's id."""
    check = subprocess.Popen(
        [sys.executable, "-c", BEGINNING + WAITING], stdout=subprocess.PIPE, text=True
    )
    assert check.stdout is not None
    with check.stdout:
        return check, int(check.stdout.readline())


def lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return (
        Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        if Path("/proc").is_dir()
        else True
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_check_that_is_killed_leaves_nothing(places, number):
    """Neither its folder nor the processes that it started; its status isn't that of a change that
    was found.
    """
    check, child = started()
    assert [folder.name.startswith(scratch.PREFIX) for folder in places.iterdir()] == [True]
    check.send_signal(number)

    assert check.wait(30) not in (0, 2, 3)
    assert list(places.iterdir()) == []
    assert not lives(child)


def test_a_signal_that_is_ignored_stays_so(places):
    """As under nohup: a terminal that is closed doesn't end the check."""
    ignored = f"{BEGINNING}signal.signal(signal.SIGHUP, signal.SIG_IGN)\n{WAITING}"
    check = subprocess.Popen([sys.executable, "-c", ignored], stdout=subprocess.PIPE, text=True)
    assert check.stdout is not None
    with check.stdout:
        child = int(check.stdout.readline())
    check.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    alive = check.poll() is None and lives(child)
    check.terminate()
    check.wait(30)

    assert alive


def test_what_a_check_left_that_had_no_chance_is_removed_by_the_next(places):
    """SIGKILL can't be caught; a living check's folder stays."""
    dead, child = started()
    living, other = started()
    dead.kill()
    dead.wait()
    os.kill(child, signal.SIGKILL)
    before = len(list(places.iterdir()))
    scratch.remove_leftovers()
    after = len(list(places.iterdir()))
    living.terminate()
    living.wait()

    assert (before, after) == (2, 1)
    assert not lives(other)


def test_a_folder_without_a_lock_stays_for_a_while(places):
    """Its check may be about to lock it; after an hour nobody is."""
    for name, age in (("new", 0), ("old", 2 * scratch.UNLOCKED_SECONDS)):
        folder = places / f"{scratch.PREFIX}{name}"
        folder.mkdir()
        os.utime(folder, (time.time() - age,) * 2)
    (places / "other").mkdir()
    scratch.remove_leftovers()

    assert sorted(folder.name for folder in places.iterdir()) == [f"{scratch.PREFIX}new", "other"]


def test_a_process_beyond_its_deadline_is_ended():
    """Whoever waits for it goes on at once."""
    began = time.monotonic()
    with pytest.raises(TimeUpError):
        processes.output([sys.executable, "-c", "import time; time.sleep(600)"], Deadline(0.2))

    assert time.monotonic() - began < 60
    assert not processes._running


def test_a_deadline_is_the_nearer_one():
    """Of none and some, the one there is."""
    assert Deadline().left is None
    assert not Deadline().over
    assert Deadline(0.0).over
    assert 0 < (Deadline(100.0).within(10.0).left or 0) <= 10.0
    assert 0 < (Deadline(5.0).within(10.0).left or 0) <= 5.0
    assert 0 < (Deadline().within(10.0).left or 0) <= 10.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("20", 1200.0),
        ("20m", 1200.0),
        ("1.5min", 90.0),
        ("90s", 90.0),
        ("90 sec", 90.0),
        ("100000", 2e6),
    ],
)
def test_a_timeout_is_minutes_or_seconds(text, seconds):
    """A number alone is minutes."""
    assert history._seconds(None, None, text) == seconds


@pytest.mark.parametrize("text", ["0", "-3", "soon", "", "nan", "5h"])
def test_a_timeout_that_is_none_is_an_error(text):
    """In one line that shows how it is written."""
    with pytest.raises(click.BadParameter, match="90s"):
        history._seconds(None, None, text)


def test_every_commit_has_its_own_kernels(tmp_path, monkeypatch):
    """What a commit compiles is found by no other, nor by the next check, whatever folder the user
    has set.
    """
    monkeypatch.setenv("OPTBENCH_CACHE_DIR", "shared")
    monkeypatch.setenv("NUMBA_CACHE_DIR", "shared")
    base, head = (
        Package(name, tmp_path / name, tmp_path / "home" / name).environment
        for name in ("BASE", "HEAD")
    )

    for variable in ("OPTBENCH_CACHE_DIR", "NUMBA_CACHE_DIR", "TMPDIR"):
        assert base[variable] != head[variable]
        assert Path(base[variable]).is_relative_to(tmp_path / "home" / "BASE")
        assert Path(head[variable]).is_dir()


def package(folder, name, text):
    """A package named optbench with this code."""
    place = folder / name / "optbench"
    place.mkdir(parents=True)
    (place / "__init__.py").write_text(text)
    return Package(name, folder / name, folder / "home" / name)


def test_where_one_commit_cannot_be_measured_the_other_is_not_waited_for(tmp_path):
    """The first one's reason is reported."""
    both = [
        package(tmp_path, "BASE", "import time\ntime.sleep(600)"),
        package(tmp_path, "HEAD", "raise SystemExit('it is broken')"),
    ]
    with pytest.raises(RuntimeError, match="HEAD can't be measured: it is broken"):
        measuring.measured("names", [".", [], []], both, Deadline(300.0))


def test_a_commit_that_is_killed_is_said_to_be(tmp_path):
    """The signal that ended a process comes before what it said last: memory that ends is the
    likeliest reason.
    """
    code = (
        "import os, sys\nprint('a warning', file=sys.stderr, flush=True)\nos.kill(os.getpid(), 9)"
    )
    both = [package(tmp_path, name, code) for name in ("BASE", "HEAD")]
    reason = (
        r"can't be measured: ended by signal 9 \(Killed.*\), as the system does where memory ends;"
        r" a warning$"
    )
    with pytest.raises(RuntimeError, match=reason):
        measuring.measured("names", [".", [], []], both, Deadline(300.0))


def test_the_place_is_that_of_the_last_error(tmp_path):
    """An error that the package has met before, and went on, is none of the reason."""
    handled = (
        "import traceback\ntry:\n    {}['a']\nexcept KeyError:\n    traceback.print_exc()\nimport"
        " json\njson.loads('')"
    )
    both = [package(tmp_path, name, handled) for name in ("BASE", "HEAD")]
    with pytest.raises(
        RuntimeError,
        match=r"can't be measured: optbench/__init__.py, line 7: json.decoder.JSONDecodeError",
    ):
        measuring.measured("names", [".", [], []], both, Deadline(300.0))


def test_an_answer_that_cannot_be_read_is_shown(tmp_path):
    """A package that writes into the answers' pipe is ended, and not for want of memory."""
    package_ = package(tmp_path, "BASE", "")
    error = measuring.failure(package_, "", -9, Deadline(), "junk\n")

    assert str(error) == "BASE can't be measured: its answer can't be read: 'junk'"


def test_a_measuring_process_ends_with_the_check(tmp_path):
    """Its input ends when the check is killed, and it doesn't go on alone."""
    command, options = measuring.process_of(
        "names", [".", [], []], package(tmp_path, "BASE", "import time\ntime.sleep(600)")
    )
    process = subprocess.Popen(command, **options)
    assert process.stdin is not None
    process.stdin.close()

    assert process.wait(60) == 1


def test_a_stage_is_a_line_where_there_is_no_terminal():
    """With the seconds so far; the rounds of a stage are none of their own."""
    console = Console(file=(out := io.StringIO()), force_terminal=False)
    with Stages(console) as stage:
        for text in (
            "installing both commits",
            "times: round 1 of 6",
            "times: round 2 of 6",
            "",
            "memory",
        ):
            stage(text)

    assert re.findall(r"^ +\d+ s  (.*)$", out.getvalue(), re.MULTILINE) == [
        "installing both commits",
        "times: round 1 of 6",
        "memory",
    ]


def test_a_long_stage_shows_that_it_lives(monkeypatch):
    """Once a minute."""
    monkeypatch.setattr("optbench.bench.history.stages.SIGN_OF_LIFE", 0.0)
    console = Console(file=(out := io.StringIO()), force_terminal=False)
    with Stages(console) as stage:
        for text in ("times: round 1 of 6", "times: round 2 of 6"):
            stage(text)

    assert out.getvalue().count("times: round") == 2


def test_wrong_times_end_the_command():
    """Status 2, and how it is written."""
    found = CliRunner().invoke(history.history, ["check", "HEAD", "--timeout", "soon"])

    assert found.exit_code != 0
    assert "'soon' is no time" in str(found.output) + str(found.exception)
