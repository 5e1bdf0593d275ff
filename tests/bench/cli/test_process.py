"""The command as a process of its own: its exit status, its warnings, an interrupt."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import optbench as ob
import pytest
from command_line import PLAIN, SCRIPT

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.mark.parametrize(
    ("words", "named"),
    [(["run", *PLAIN, "-o", "adm"], "did you mean 'adam'"), (["rum"], "rum")],
    ids=["unknown name", "unknown command"],
)
def test_the_process_ends_with_one_line(words, named):
    """In a process of its own a wrong word prints nothing but one line on stderr, and the exit
    status is 2.
    """
    done = subprocess.run([SCRIPT, *words], capture_output=True, text=True, timeout=300)

    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert named in done.stderr


@pytest.mark.slow
def test_the_process_runs_without_a_warning():
    """In a process of its own, warnings as errors, a sweep with figures prints on stdout alone."""
    words = [
        "run",
        "-p",
        "rosenbrock,quadratic",
        "-o",
        "sgd,adam",
        "--seeds",
        "2",
        "--steps",
        "50",
        "--quiet",
    ]
    command = [sys.executable, "-W", "error", SCRIPT, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)

    assert (done.stderr, done.returncode) == ("", 0)
    assert len(list(Path("results/figures").iterdir())) == 3


@pytest.mark.slow
def test_an_interrupt_ends_the_process_well():
    """SIGINT in mid-sweep ends the process soon with one line and status 130; its finished runs are
    stored.
    """
    words = [
        "run",
        "-p",
        "logistic_regression",
        "-o",
        "sgd",
        "--lr",
        "0.1",
        "--seeds",
        "2000",
        "--quiet",
        "--no-figures",
    ]
    words += ["--steps", "4000"]  # long enough to be in its middle when the first runs are stored
    ob.run(
        ["logistic_regression"], ["sgd"], lrs=[0.1], seeds=1, steps=1
    )  # its kernels are compiled before the clock runs
    process = subprocess.Popen(
        [SCRIPT, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while (
        not list(Path().glob("results/runs/*.parquet"))
        and time.monotonic() < deadline
        and process.poll() is None
    ):
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)

    assert process.returncode == 130
    assert told.strip() == "optbench: interrupted; what was finished is kept"
    assert 0 < len(ob.load("results/runs")) < 2000
    assert np.isfinite(ob.load("results/runs").runs["final_loss"]).all()
