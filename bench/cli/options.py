"""What the commands share: how wrong input ends, and the options that several have. Heavy modules
load inside.
"""

import functools
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import click

from ..terminal.console import plain_output
from ..terminal.notices import in_a_line_each


class CommandGroup(click.Group):
    """The group of commands: wrong input ends in one line on stderr and exit status 2."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run. Wrong input is the user's to mend; any other error is ours and keeps its
        traceback.
        """
        kwargs["standalone_mode"] = False
        plain_output()
        # commands write files: a backend that this environment lacks mustn't end them
        os.environ["MPLBACKEND"] = "agg"
        try:
            with in_a_line_each(say):
                return super().main(*args, **kwargs)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(0)
        except click.ClickException as error:
            end(error.format_message(), error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            end("interrupted; what was finished is kept", 130)
        except ValueError as error:
            from ...kernels.grammar import InputError

            if not isinstance(error, InputError):
                raise
            end(str(error), 2)


def say(text: str) -> None:
    """Say what a user should know of an answer that stands, in one line on stderr."""
    # not click.echo, which writes UTF-8 where ASCII is asked for
    print(f"optbench: {' '.join(text.split())}", file=sys.stderr)


def end(message: str, status: int) -> NoReturn:
    """Say it in one line on stderr and leave with this exit status."""
    say(message)
    sys.exit(status)


def plugin_option(command: Callable) -> Callable:
    """Give a command the option --plugin."""

    def load(context, parameter, files):
        if files:
            from ..plugins.discovery import load_file

            for file in files:
                load_file(file)

    return click.option(
        "--plugin",
        multiple=True,
        metavar="FILE",
        callback=load,
        expose_value=False,
        is_eager=True,
        help="A Python file that registers optimizers or problems (may be repeated).",
    )(command)


def from_option(command: Callable) -> Callable:
    """Give a command the option --from; it gets the folder as `source`."""
    return click.option(
        "--from",
        "source",
        default="results/runs",
        show_default=True,
        metavar="FOLDER",
        help="The folder of stored runs.",
    )(command)


def folder_option(command: Callable) -> Callable:
    """Give a command the option --out, for a figure."""
    return click.option(
        "--out",
        default="results/figures",
        show_default=True,
        metavar="FOLDER",
        help="Where the PNG goes.",
    )(command)


def chosen_options(command: Callable) -> Callable:
    """Give a command the options that choose among stored runs; it gets them as `choice`, a
    selection.Choice.
    """

    @functools.wraps(command)
    def choosing(problems, optimizers, steps, schedule, stop, dtype, **given):
        from ..runs.selection import Choice
        from . import arguments

        names = arguments.names(problems), arguments.names(optimizers)
        return command(choice=Choice(*names, steps, schedule, stop, dtype), **given)

    options = (
        click.option(
            "-p",
            "--problem",
            "--problems",
            "problems",
            multiple=True,
            metavar="NAME",
            help="Only these problems.",
        ),
        click.option(
            "-o",
            "--optimizer",
            "--optimizers",
            "optimizers",
            multiple=True,
            metavar="NAME",
            help="Only these optimizers; `all` is every one.",
        ),
        click.option(
            "--steps", type=int, help="Only runs of this budget. Default: each problem's own."
        ),
        click.option("--schedule", metavar="NAME", help="Only runs under this schedule."),
        click.option("--stop", metavar="WORD", help="Only runs that ended so: budget or target."),
        click.option("--dtype", metavar="NAME", help="Only runs stored as float64 or float32."),
    )
    for option in reversed(options):
        choosing = option(choosing)
    return choosing
