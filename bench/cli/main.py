"""The command `optbench`: click commands, thin. Heavy modules load inside the commands: --help
answers at once.
"""

import sys

import click

from .figures import PlotCommand, alternatives, figure_argument
from .history import history
from .options import CommandGroup, chosen_options, folder_option, from_option, plugin_option
from .run import run


@click.group(
    cls=CommandGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="optbench", message="%(package)s %(version)s")
def main() -> None:
    """Compare first-order optimizers in seconds.

    Start with `optbench run`: it runs the most common optimizers on the default suite, draws a
    leaderboard and figures, and keeps the runs, so that the next sweep computes only what is new.
    """


@main.command("list")
@click.argument("kind", type=click.Choice(["optimizers", "problems", "suites"]), required=False)
@plugin_option
def list_names(kind) -> None:
    """List optimizers, problems and suites, with their numbers and sources."""
    from . import catalogue

    catalogue.list_names(kind)


@main.command()
@from_option
@chosen_options
@plugin_option
def compare(source, choice) -> None:
    """Print the leaderboard of stored runs: those that the code as it is now would give, each
    problem at its own budget.
    """
    from ..runs.selection import stored
    from .leaderboard import print_leaderboard

    print_leaderboard(stored(source, choice))


@main.command(cls=PlotCommand, help=f"Draw a figure of stored runs: {alternatives()}.")
@figure_argument
@from_option
@chosen_options
@folder_option
@plugin_option
def plot(figure, source, choice, out) -> None:
    """Draw a figure of stored runs."""
    from ..runs.selection import stored
    from . import drawing

    drawing.draw_all(stored(source, choice), out, [figure], crowded=bool(choice.optimizers))


@main.command()
@click.argument("name", required=False, metavar="[NAME_OR_FILE]")
@click.option(
    "--problems", is_flag=True, help="Audit problems: all of them, or those of NAME_OR_FILE."
)
@click.option(
    "--write", metavar="FILE", help="With --problems: a Markdown file whose table is replaced."
)
@click.option(
    "--quick", is_flag=True, help="Without the process with checked bounds and without timing."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of tables.")
@plugin_option
def check(name, problems, write, quick, as_json) -> None:
    """Check that an optimizer, a problem or a plugin file is sound.

    Correct, reproducible and safe to run is required; invariances, schedule and cost are measured.

    \b
    optbench check my_rule.py                everything that the file registers
    optbench check 'lookahead[adam]'         an optimizer or problem by name
    optbench check --problems                all problems: gradient, minimum, who solves them
    optbench check --problems my_valley.py   the same of a plugin's

    Exit status 1 where a requirement fails.
    """
    from ...kernels.grammar import InputError

    if not problems and (name is None or write):
        raise InputError(
            "check what? give a name or a file, or --problems for all problems (--write goes"
            " with it)"
        )
    if problems:
        from ..check.audit import audit

        passed = audit(name, quick, as_json, write)
    else:
        from ..check.report import check as hold

        passed = hold(name, quick, as_json)
    if not passed:
        sys.exit(1)


@main.command()
@click.argument("name")
@click.option(
    "-p", "--problem", metavar="NAME", help="The problem on whose tensors the state is measured."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
@click.option("--plot", is_flag=True, help="Draw a problem's landscape as well.")
@click.option(
    "--kernel", is_flag=True, help="Only the kernel that is generated of an optimizer's rule."
)
@folder_option
@plugin_option
def show(name, problem, as_json, plot, kernel, out) -> None:
    """Show an optimizer or problem: paper, settings or formula, numbers, cost, code.

    \b
    optbench show adam
    optbench show 'lookahead[adam]' -p digits
    optbench show rosenbrock --plot
    optbench show adam --kernel
    """
    from . import show as showing

    if kernel:
        showing.show_kernel(name, as_json)
    else:
        showing.show(name, problem, as_json)
    if plot:
        from .drawing import draw_landscape

        draw_landscape(name, out)


@main.command()
@click.option(
    "-p", "--problem", default="digits", show_default=True, metavar="NAME", help="The problem."
)
@click.option(
    "-o", "--optimizer", default="adam", show_default=True, metavar="NAME", help="The optimizer."
)
@click.option(
    "--dtype",
    default="float64",
    show_default=True,
    metavar="NAME",
    help="Storage: float64 or float32.",
)
@click.option(
    "--lanes",
    type=int,
    help=(
        "Runs computed together, a multiple of 16 at best. Default: those of a block that `optbench"
        " run` forms."
    ),
)
@click.option(
    "--compile", "compiling", is_flag=True, help="Compile anew as well, and say how long that took."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
@plugin_option
def cost(problem, optimizer, dtype, lanes, compiling, as_json) -> None:
    """Measure what a step costs: gradient and update, FLOP/s, memory.

    --compile adds the seconds of compiling anew, which take half a minute.

    \b
    optbench cost                                   Adam on the digits
    optbench cost -p xor -o lion --lanes 256
    optbench cost -p 'digits[hidden=128,layers=3]' --dtype float32 --compile
    """
    from ..timing.step import cost as measure

    measure(problem, optimizer, dtype, lanes, compiling, as_json)


@main.command()
@click.argument("kind", type=click.Choice(["optimizer", "problem"]))
@click.argument("name")
@click.option("--out", default=".", metavar="FOLDER", help="Where the two files go. Default: here.")
def new(kind, name, out) -> None:
    """Write the smallest working plugin NAME.py and its test.

    \b
    optbench new optimizer my_rule
    optbench new problem my_valley --out plugins
    """
    from ..plugins.scaffold import new as write

    write(kind, name, out)


main.add_command(run)
main.add_command(history)
