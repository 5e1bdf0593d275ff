"""What `optbench list` prints: optimizers, problems, suites and schedules."""

import re

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ...kernels import grammar, schedule
from ...kernels import registry as rules
from ...kernels.grammar import InputError
from ...kernels.presets import PRESETS
from ...problems import registry, transform
from ...problems.kinds import KINDS
from ..check import condition as curvature
from ..plugins import discovery
from ..sweep import suites
from ..sweep.request import DEFAULTS, Request
from ..terminal.console import open_console

WIDTH = 100
"""Columns that the table of problems takes at least."""


def list_names(kind: str | None) -> None:
    """Print the catalogue: optimizers, problems, suites, or all of them and the schedules."""
    console = open_console()
    if kind != "suites":
        discovery.discover()
    if kind in (None, "optimizers"):
        table = Table(title="Optimizers", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
        longest = max(map(len, rules.registered()), default=4)
        for heading, width in (("name", longest), ("sees", 10), ("lr", 7)):
            table.add_column(heading, no_wrap=True, min_width=width)
        table.add_column("source", no_wrap=True, overflow="ellipsis", ratio=1)
        for name, made in rules.registered().items():
            sees = "any rule" if made.rule.wraps else made.rule.per
            table.add_row(
                name, sees, "–" if made.lr is None else f"{made.lr:g}", escape(made.source)
            )
        console.print(table)
        console.print(
            "`optbench show NAME` tells the settings and the rest; what sees any rule wraps one:"
            " lookahead[adam]",
            highlight=False,
            markup=False,
        )
        console.print(f"Other libraries' values: {', '.join(PRESETS)}", highlight=False)
    if kind in (None, "problems"):
        _list_problems(console)
    if kind in (None, "suites"):
        _list_suites(console)
    if kind is None:
        for name in schedule.SCHEDULES:
            parameters = schedule.parameters(name)
            # no parameter equals None, so all are written
            console.print(
                f"Schedule {escape(grammar.write(name, parameters, dict.fromkeys(parameters)))}",
                highlight=False,
            )


def _list_problems(console: Console) -> None:
    """Print a line for each problem. Its condition takes the second derivatives at its minimum, for
    which some kernels are compiled.
    """
    families = registry.registered().values()
    table = Table(title="Problems", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("name", "dim", "kind", "f*", "condition", "budget"):
        table.add_column(
            heading, no_wrap=True, justify="left" if heading in ("name", "kind") else "right"
        )
    table.add_column("source", overflow="fold")
    with open_console(stderr=True).status("looking at the minima") as status:
        for family in families:
            if not family.present:
                table.add_row(family.name, *("–",) * 5, f"needs the package {family.needs}")
                continue
            status.update(f"looking at the minima: {family.name}")
            try:
                made = family.problem()
            except InputError as error:
                table.add_row(family.name, *("–",) * 5, escape(str(error)))
                continue
            minimum = "unknown" if made.minimum is None else f"{made.minimum:.4g}"
            try:
                condition = curvature.text(curvature.condition(made))
            except Exception:  # a plugin's formula that can't be run; `optbench check` says why
                condition = "–"
            # the first authors and the year; `optbench show` has the whole source
            source = re.match(r".*?\(\d{4}\)", made.source)
            short = escape(source[0] if source else made.source)
            table.add_row(
                family.name, str(made.dim), made.kind, minimum, condition, str(made.budget), short
            )
    # seven columns don't fit in 80: a narrower terminal breaks lines itself
    open_console(width=max(console.width, WIDTH)).print(table)
    options = ", ".join(
        f"{option}={value}" if value is not True else option
        for option, value in transform.EXAMPLES.items()
    )
    console.print(
        "condition: of the second derivatives at the minimum; `optbench show NAME` tells"
        " parameters and the rest.\nEvery problem also comes in other coordinates, with noise or"
        f" late gradients: rosenbrock[{options}]",
        highlight=False,
        markup=False,
    )


def _list_suites(console: Console) -> None:
    table = Table(title="Suites", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("name", "problems", "lrs", "seeds", "steps", "what for"):
        table.add_column(heading, justify="left" if heading in ("name", "what for") else "right")
    for name, suite in sorted(suites.built_in().items()):
        whole = suite.over(DEFAULTS)
        row = _size(suite), whole.lr_count, whole.seeds, whole.steps or "budget"
        table.add_row(name, *map(str, row), escape(suite.about or ""))
    console.print(table)


def _size(suite: Request) -> str:
    """How many problems a suite names, or of which kinds it has all: to count those, each would
    have to be made.
    """
    kinds = suite.kinds or []
    named = [str(len(suite.problems))] if suite.problems else []
    return " and ".join(
        [*named, *(["all"] if set(kinds) == set(KINDS) else [f"all {kind}" for kind in kinds])]
    )
