"""What is printed where the output doesn't take every character, and where no styles are wanted."""

import io
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from optbench.bench.cli.main import main
from optbench.bench.terminal import console

SMALL = ("run", "-p", "quadratic", "-o", "sgd", "--seeds", "1", "--steps", "5")
"""A sweep of a moment."""


def printed(text, encoding, monkeypatch):
    """What arrives of a text on a standard output of that encoding -> bytes."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    console.plain_output()
    print(text, end="", flush=True)
    return raw.getvalue()


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        ("2 – 3 × 4 → n²…", "ascii", b"2 - 3 x 4 -> n^2..."),
        ("2 – 3 × 4 → n²", "latin-1", b"2 - 3 \xd7 4 -> n\xb2"),
        ("┏━┓┃x│└─┘", "ascii", b"+-+|x|+-+"),
        ("maß", "ascii", b"ma\\xdf"),
        ("maß – ", "utf-8", "maß – ".encode()),
        ("ma\udcc3\udc9f", "ascii", "maß".encode()),
        ("ma\udcc3\udc9f", "utf-8", "maß".encode()),
    ],
)
def test_every_text_can_be_printed(text, encoding, expected, monkeypatch):
    """Characters beyond an encoding become plain ones, those within it stay; bytes that weren't
    read go out as they came.
    """
    assert printed(text, encoding, monkeypatch) == expected


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A folder in which a small sweep is stored."""
    folder = tmp_path_factory.mktemp("stored")
    words = [
        *SMALL,
        "--out",
        str(folder),
        "--no-figures",
    ]
    assert CliRunner().invoke(main, words).exit_code == 0
    return folder


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize(
    "words",
    [
        "compare --from {0}/runs",
        "list suites",
        "list optimizers",
        "show rosenbrock",
        "show adm",
        "plot curves --from {0}/runs --out {0}",
    ],
    ids=lambda words: " ".join(words.split()[:2]),
)
def test_commands_print_in_any_encoding(words, encoding, stored):
    """A command says the same on an output that isn't UTF-8, in that encoding, and doesn't fail for
    it.
    """
    given = words.format(stored).split()
    plain, narrow = (
        CliRunner(charset=charset).invoke(main, given) for charset in ("utf-8", encoding)
    )

    assert narrow.exit_code == plain.exit_code
    assert len(narrow.stdout) >= 0.5 * len(plain.stdout)
    assert narrow.stdout_bytes.decode(encoding) == narrow.stdout
    assert "?" not in narrow.stdout or "?" in plain.stdout


def test_a_closed_pipe_loses_no_file(tmp_path):
    """`optbench run | true`: the leaderboard and the figures are written though nobody reads what
    is printed.
    """
    reader, writer = os.pipe()
    os.close(reader)
    code = "from optbench.bench.cli.main import main; main()"
    words = [
        *SMALL,
        "--out",
        str(tmp_path),
        "--quiet",
    ]
    done = subprocess.run(
        [sys.executable, "-c", code, *words], stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)

    assert "Traceback" not in done.stderr
    assert {file.name for file in tmp_path.rglob("*.*")} >= {
        "leaderboard.csv",
        "curves.png",
        "sensitivity.png",
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment", [{"PYTHONIOENCODING": "ascii"}, {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_a_rule_may_have_any_name_in_any_locale(environment, tmp_path):
    """A rule `maß` in a file `maß.py` runs and is shown under LC_ALL=C, with an output that can't
    write its name too.
    """
    text = (
        "import optbench as ob\n\n@ob.optimizer\ndef maß(x, g, lr=0.1):\n    '''Größe (2000).'''\n "
        "   return x - lr * g\n"
    )
    (tmp_path / "maß.py").write_text(text, encoding="utf-8")
    code = "from optbench.bench.cli.main import main; main()"
    words = [
        "run",
        "-p",
        "quadratic",
        "-o",
        "maß",
        "--plugin",
        "maß.py",
        "--seeds",
        "1",
        "--lr",
        "0.1",
        "--no-figures",
    ]
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=tmp_path,
        env={**os.environ, "LC_ALL": "C", **environment},
        capture_output=True,
    )

    assert done.returncode == 0, done.stderr
    assert "maß," in (tmp_path / "results" / "leaderboard.csv").read_text(encoding="utf-8")


def test_no_color_is_no_styles(monkeypatch):
    """NO_COLOR leaves out bold and italics as well; without it a terminal gets them."""
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = []
    for no_color in ("1", ""):
        monkeypatch.setenv("NO_COLOR", no_color)
        monkeypatch.setenv("FORCE_COLOR", "1")
        output = io.StringIO()
        monkeypatch.setattr(sys, "stdout", output)
        console.open_console().print("[bold italic red]x[/]")
        shown.append(output.getvalue())

    assert shown[0] == "x\n"
    assert "\x1b[" in shown[1]


def test_a_plain_text_is_printed_as_it_is(monkeypatch):
    """On a terminal with colours, brackets stay and numbers get no style but one that is asked."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = []
    for style in (None, "red"):
        output = io.StringIO()
        monkeypatch.setattr(sys, "stdout", output)
        console.print_plain("[bold]adam[lr=0.1] 'x' 12", style=style)
        shown.append(output.getvalue())

    assert shown[0] == "[bold]adam[lr=0.1] 'x' 12\n"
    assert "\x1b[31m" in shown[1]
