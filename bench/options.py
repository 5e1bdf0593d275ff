"""What the commands share: how wrong words end, and the options that several have. Heavy modules load inside."""

import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import click

from .console import plain_output
from .notices import as_lines


class Words(click.Group):
    """The group of commands: wrong words end in one line on stderr and exit status 2."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run. Wrong words are the user's to mend; any other error is ours and keeps its traceback."""
        kwargs["standalone_mode"] = False
        plain_output()
        os.environ["MPLBACKEND"] = "agg"  # commands write files: a backend that this environment lacks mustn't end them
        try:
            with as_lines():
                return super().main(*args, **kwargs)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(0)
        except click.ClickException as error:
            end(error.format_message(), error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            end("interrupted; what was finished is kept", 130)
        except ValueError as error:
            from ..kernels.grammar import InputError

            if not isinstance(error, InputError):
                raise
            end(str(error), 2)


def end(message: str, status: int) -> NoReturn:
    """Say it in one line on stderr and leave with this exit status."""
    print(f"optbench: {' '.join(message.split())}", file=sys.stderr)  # click.echo takes UTF-8 where ASCII is asked for
    sys.exit(status)


def plugin_option(command: Callable) -> Callable:
    """Give a command the option --plugin."""

    def load(context, parameter, files):
        if files:
            from .plugins import load_file

            for file in files:
                load_file(file)

    return click.option(
        "--plugin", multiple=True, metavar="FILE", callback=load, expose_value=False, is_eager=True,
        help="A Python file that registers optimizers or problems (may be repeated).",
    )(command)  # fmt: skip


def chosen_options(command: Callable) -> Callable:
    """Give a command the options -p and -o."""
    problems = click.option("-p", "--problem", "problems", multiple=True, metavar="NAME", help="Only these problems.")
    optimizers = click.option("-o", "--optimizer", "optimizers", multiple=True, metavar="NAME", help="Only these optimizers.")
    return problems(optimizers(command))
