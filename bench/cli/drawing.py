"""What the commands say of figures: which are drawn, of whom, and where they went."""

from ...kernels.grammar import InputError
from ...problems.problem import Problem
from ..plugins import lookup
from ..runs.results import Results
from ..terminal.console import open_console, print_plain


def print_no_figures() -> None:
    """Say that no figures were asked for, where the suite or a file says so and not the command
    line.
    """
    print_plain("no figures, as the suite or the sweep file says; --figures draws them")


def draw_all(
    results: Results, folder: str, names: list[str] | None = None, crowded: bool = False
) -> None:
    """Draw figures into `folder`, saying where each went; unless `crowded` they show the leading
    optimizers alone.

    Each problem is shown at one budget, as the leaderboard compares it. Raises InputError where no
    problem can be shown.
    """
    from ..plots.panels import draw, leading

    console = open_console()
    results, left_out = results.at_one_budget
    for note in left_out:
        print_plain(note, console)
    with console.status("drawing"):
        shown = results if crowded else leading(results)
        files = list(draw(shown, folder, names))
    if len(shown) < len(results):
        some, every = (frame.labelled["label"].nunique() for frame in (shown, results))
        print_plain(
            f"figures show the first {some} of {every} optimizers; `optbench plot FIGURE -o"
            " NAME,...` draws those you name",
            console,
        )
    if not files:
        raise InputError(
            f"nothing to draw: these runs have no problem that {', '.join(names or [])} can show"
        )
    print_plain(f"figures in {', '.join(map(str, files))}", console)


def draw_landscape(name: str, folder: str) -> None:
    """Draw the landscape of the problem of this name into `folder`, saying where. Raises
    InputError where the name isn't a problem's.
    """
    from ..plots.panels import draw_landscape as draw

    console = open_console(stderr=True)  # stdout may be one JSON document
    found = lookup.named(name)
    if not isinstance(found, Problem):
        raise InputError(f"--plot draws a problem's landscape; {name!r} is an optimizer")
    print_plain(f"landscape in {draw(found, folder)}", console)
