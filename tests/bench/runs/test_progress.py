"""The progress bar: whole numbers at any width, and a line in a notebook."""

import io
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from optbench.bench.runs import progress
from rich.console import Console
from rich.progress import Progress


def finished(lanes, steps=0, failed=False):
    """A finished block of so many lanes."""
    record = None if failed else SimpleNamespace(lane_steps=steps)
    return SimpleNamespace(block=SimpleNamespace(lrs=np.zeros(lanes)), record=record)


@pytest.mark.parametrize("width", [40, 50, 60, 70, 80, 99, 100, 120])
@pytest.mark.parametrize("failed", [0, 90])
def test_no_number_is_cut(width, failed):
    """At every width all digits of the runs done and to be done are there, in one line that
    fits.
    """
    console = Console(width=width, file=io.StringIO(), force_terminal=True, color_system=None)
    tally = progress.Tally(12240)
    tally.add(finished(12240 - failed, 10**9))
    tally.add(finished(failed, failed=True))
    bar = Progress(*progress.columns_for(console), console=console, expand=True)
    bar.add_task(tally.activity, total=12240, completed=12240, speed="123.4 M run-steps/s")
    with console.capture() as capture:
        console.print(bar.get_renderable())
    (line,) = capture.get().rstrip("\n").split("\n")

    assert "12240/12240 runs" in line
    assert "…" not in line
    assert len(line) <= width
    assert ("run-steps/s" in line) == (width >= 80)


def test_a_notebook_gets_a_line(monkeypatch):
    """Where rich would ask for ipywidgets, one line is shown and written anew; the last says that
    all is done.
    """
    shown = []
    handle = SimpleNamespace(update=lambda data, raw: shown.append(data["text/plain"]))
    module = ModuleType("IPython.display")
    module.display = lambda data, display_id, raw: shown.append(data["text/plain"]) or handle
    monkeypatch.setitem(sys.modules, "IPython.display", module)
    monkeypatch.setattr(progress, "open_console", lambda stderr: SimpleNamespace(is_jupyter=True))
    with progress.bar(30) as advance:
        advance(finished(20, 4000))
        advance(finished(10, failed=True))

    assert shown[0].startswith("compiling: 0/30 runs")
    assert shown[-1].startswith("running (10 failed): 30/30 runs · ")
