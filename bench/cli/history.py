"""The command `optbench history`: click commands, thin, as in bench/cli/main.py."""

import sys
import traceback
from collections.abc import Callable

import click

from .options import CommandGroup, end


def name_options(command: Callable) -> Callable:
    """Give a command the options -p and -o: commits have no stored runs, of which steps or a
    schedule could be chosen.
    """
    problems = ("-p", "--problem", "--problems", "problems")
    optimizers = ("-o", "--optimizer", "--optimizers", "optimizers")
    for flags, text in ((optimizers, "Only these optimizers."), (problems, "Only these problems.")):
        command = click.option(*flags, multiple=True, metavar="NAME", help=text)(command)
    return command


LONGEST = 2e6
"""Seconds, 23 days, that stand for any longer --timeout: a pipe is waited for in milliseconds, of
32 bits.
"""


@click.group(cls=CommandGroup)
def history() -> None:
    """Follow speed and convergence across the commits of this repository."""


@history.command("run")
@click.argument("commits", nargs=-1)
@click.option("--since", metavar="COMMIT", help="Every commit after this one, or this tag.")
@click.option(
    "--here",
    is_flag=True,
    help="The working tree, in the running Python instead of an environment of asv's.",
)
@click.option(
    "--machine", metavar="NAME", help="The name to file the numbers under. Default: this machine's."
)
@click.option("--again", is_flag=True, help="Measure also what was measured before.")
def history_run(commits, since, here, machine, again) -> None:
    """Measure commits with asv: convergence and speed of every optimizer.

    The first time asv makes an environment, a quarter of a minute; then a commit takes about one
    minute. What is measured is kept beside asv.conf.json, in the folder that it names.

    \b
    optbench history run                 the last commit
    optbench history run --since HEAD~5  every commit after one, or after a tag
    optbench history run --here          the working tree

    Exit status 1 where a commit can't be built or a benchmark fails.
    """
    from ..history.run import run as measure

    try:
        measure(commits, since, here, machine, again)
    except RuntimeError as error:
        end(str(error), 1)


def _seconds(context: click.Context, parameter: click.Parameter, text: str | None) -> float | None:
    """What --timeout means, in seconds."""
    if text is None:
        return None
    number, unit = text.strip().lower(), 60.0
    for ending, size in (("min", 60.0), ("m", 60.0), ("sec", 1.0), ("s", 1.0)):
        if number.endswith(ending):
            number, unit = number.removesuffix(ending), size
            break
    try:
        seconds = float(number) * unit
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e9:
        raise click.BadParameter(
            f"{text!r} is no time; write minutes, as in 20, or 20m, or seconds, as in 90s"
        )
    return min(seconds, LONGEST)


@history.command("check")
@click.argument("base")
@click.argument("head", required=False)
@name_options
@click.option(
    "--times/--no-times",
    "timed",
    default=True,
    show_default=True,
    help="Judge step times too, a third of the time.",
)
@click.option(
    "--environments",
    is_flag=True,
    help="An environment for each commit, with the dependencies that it asks for.",
)
@click.option(
    "--timeout",
    "seconds",
    metavar="TIME",
    callback=_seconds,
    help=(
        "End by then: minutes, or seconds as in 90s. Default: step "
        "times get five minutes, all else what it takes."
    ),
)
@click.option("--json", metavar="FILE", help="Write what was found for programs.")
@click.option(
    "--markdown", metavar="FILE", help="Write it for a pull request or $GITHUB_STEP_SUMMARY."
)
@click.option("--all", "all_rows", is_flag=True, help="Every row of the table.")
def history_check(problems, optimizers, **given) -> None:
    """Say which curves became slower or converge differently from BASE to HEAD.

    A curve's fingerprint is its losses after 20 and after 100 updates: it may move by 1e-9 of
    itself, which rounding doesn't reach. Where the first 100 updates are equal to the last bit, the
    whole curve of each seed has to be equal, too, as far as a nudge of the learning rate leaves it.
    Step times, import time, memory and bytes of state are compared, too. A change that is meant
    goes to accepted.toml:

    \b
    [[accepted]]
    optimizer = "adam"
    reason = "eps inside the root, as in equation 7"

    \b
    optbench history check main                 the last commit beside main
    optbench history check main...              beside the commit where it left main
    optbench history check HEAD .               the working tree beside the last commit
    optbench history check HEAD~5 HEAD -o adam  one optimizer; commits may be tags or branches

    Exit status 1 where a curve is slower or moved, 3 where a commit can't be installed or measured,
    or not in time.
    """
    from ...kernels.grammar import InputError
    from ..history.check import Question
    from ..history.check import check as judge
    from . import arguments

    try:
        passed = judge(
            Question(
                problems=arguments.names(problems), optimizers=arguments.names(optimizers), **given
            )
        )
    except InputError:
        raise
    except RuntimeError as error:
        end(str(error), 3)
    except Exception:
        # Python would leave with 1, which says that a curve changed
        traceback.print_exc()
        sys.exit(3)
    if not passed:
        sys.exit(1)


@history.command("plot")
@name_options
@click.option(
    "--machine",
    metavar="NAME",
    help="The machine. Default: the one on which most commits were measured.",
)
@click.option(
    "--environment",
    metavar="PARTS",
    help=(
        "The environment, by parts of its name as numba0.68.1. Default: the one in which most"
        " commits were measured."
    ),
)
@click.option(
    "--out",
    show_default="results/figures/history.png beside asv.conf.json",
    metavar="FILE",
    help="The file: a PNG, or an SVG by its suffix.",
)
def history_plot(problems, optimizers, machine, environment, out) -> None:
    """Draw wall time and convergence of every optimizer across commits, and which commits changed
    them.

    The values are those that asv keeps; `asv publish` and `asv preview` show each series on a page.
    """
    from pathlib import Path

    from ..history.plot import plot as draw
    from . import arguments

    place = Path(out) if out else None
    file, summary = draw(
        place, machine, arguments.names(problems), arguments.names(optimizers), environment
    )
    click.echo(f"{file}: {summary}")
