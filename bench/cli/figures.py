"""The argument FIGURE of `optbench plot`: its choices and its help are the files of bench/plots."""

from collections.abc import Callable

import click

from ..plugins import figures

FIGURES = figures.found()


class PlotCommand(click.Command):
    """A command whose help lists the figures."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then a line for each figure."""
        super().format_options(ctx, formatter)
        with formatter.section("Figures"):
            formatter.write_dl([(own.name, own.about) for own in FIGURES.values()])


def figure_argument(command: Callable) -> Callable:
    """Give a command the argument FIGURE."""
    return click.argument("figure", type=click.Choice(list(FIGURES)))(command)


def alternatives() -> str:
    """The names of all figures, as "curves, sensitivity or paths"."""
    *first, last = FIGURES
    return f"{', '.join(first)} or {last}" if first else last
