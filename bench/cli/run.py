"""The command `optbench run`: its options make a Request, merged with that of a sweep file and a
suite. Heavy modules load inside the command.
"""

import sys

import click

from ..sweep.request import DEFAULTS, Request
from . import arguments
from .options import plugin_option


def _names(context, option, given: tuple[str, ...]) -> list[str] | None:
    return arguments.names(given)


def _rates(context, option, given: tuple[str, ...]) -> list[float] | None:
    return arguments.numbers(given)


def _seeds(context, option, given: str | None) -> int | list[int] | None:
    return None if given is None else arguments.seeds(given)


@click.command()
@click.argument("file", required=False, metavar="[SWEEP.TOML]")
@click.option(
    "--suite",
    metavar="NAME",
    help="smoke, default, analytic, noisy, networks, full, or one that the sweep file names.",
)
@click.option(
    "-p",
    "--problem",
    "--problems",
    "problems",
    multiple=True,
    callback=_names,
    metavar="NAME",
    help=(
        "A problem, as rosenbrock[dim=10]; repeat or separate by commas. Default: those of the"
        " default suite."
    ),
)
@click.option(
    "--kind",
    "--kinds",
    "kinds",
    multiple=True,
    callback=_names,
    metavar="KIND",
    help="All analytic, noisy, regression or network problems.",
)
@click.option(
    "-o",
    "--optimizer",
    "--optimizers",
    "optimizers",
    multiple=True,
    callback=_names,
    metavar="NAME",
    help=(
        "An optimizer, as adam[beta1=0.95] or lookahead[adam]; repeat or separate by commas; `all`"
        " is every one. Default: the most common ones, and plugins."
    ),
)
@click.option(
    "--lr",
    "--lrs",
    "lrs",
    multiple=True,
    callback=_rates,
    metavar="NUMBER",
    help=(
        "A learning rate; repeat or separate by commas. Default: nine around each optimizer's own."
    ),
)
@click.option(
    "--lr-count",
    type=int,
    metavar="N",
    help=(
        f"How many rates in half-decades around each optimizer's own. Default: {DEFAULTS.lr_count}."
    ),
)
@click.option(
    "--seeds",
    callback=_seeds,
    metavar="N|LIST",
    help=f"How many seeds, or which: 0,3,7. Default: {DEFAULTS.seeds}.",
)
@click.option(
    "--steps", type=int, help="Gradient evaluations a run. Default: each problem's budget."
)
@click.option(
    "--schedule",
    metavar="NAME",
    help=(
        f"{DEFAULTS.schedule} (the default), step, multi_step, exponential, inverse_time,"
        " inverse_sqrt, polynomial, linear, cosine, cosine_restarts, one_cycle or wsd, with"
        " parameters: cosine[final=0.1,warmup=100]."
    ),
)
@click.option(
    "--stop",
    metavar="WORD",
    help=f"{DEFAULTS.stop} (the default), or target: end a run at its last target.",
)
@click.option(
    "--dtype",
    metavar="NAME",
    help=f"Storage of x, g and slots: {DEFAULTS.dtype} (the default) or float32.",
)
@click.option("--workers", type=int, help="Threads. Default: one a processor.")
@click.option(
    "--out",
    metavar="FOLDER",
    help=f"Where runs/, figures/ and leaderboard.csv go. Default: {DEFAULTS.out}.",
)
@click.option(
    "--figures/--no-figures",
    default=None,
    help="Draw the figures. Default: draw, unless the suite says not to.",
)
@click.option("--quiet", is_flag=True, help="No progress bar.")
@plugin_option
def run(file: str | None, quiet: bool, **given) -> None:
    """Run optimizers on problems: leaderboard, stored runs and figures.

    \b
    optbench run                                       the default sweep
    optbench run -p rosenbrock,xor -o sgd -o adam      some of it
    optbench run -o 'adam[beta1=0.95]' --lr 1e-3,1e-2 --seeds 20
    optbench run --suite smoke -o all                  every optimizer on a suite
    optbench run --suite default --lr-count 17         a wider grid of learning rates
    optbench run sweep.toml                            what a file says; options go before it
    """
    from ...kernels.grammar import InputError
    from ..plugins import discovery
    from ..runs.run import execute
    from ..sweep import suites, sweep_file
    from ..sweep.sweep import plan
    from . import drawing
    from .outcome import print_outcome

    typed = Request(**given)
    written, named = sweep_file.read(file) if file else (Request(), {})
    for plugin in written.plugins or ():
        discovery.load_file(plugin)
    asked = typed.over(written)
    if asked.suite is not None:
        asked = asked.over(suites.find(asked.suite, named))
    asked = asked.over(DEFAULTS)
    out = asked.out or ""
    if not out.strip():
        raise InputError("--out is empty; give a folder")
    outcome = execute(plan(asked), store=f"{out}/runs", workers=asked.workers, progress=not quiet)
    failed = outcome.results.runs["status"] == "failed"
    try:
        print_outcome(outcome, out)
    finally:  # a closed pipe ends what is printed, not what is written
        if not asked.figures and typed.figures is None:
            drawing.print_no_figures()
        elif asked.figures and not failed.all():
            drawing.draw_all(outcome.results, f"{out}/figures")
    if failed.any():
        sys.exit(1)
