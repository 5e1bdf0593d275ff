"""`optbench show`: what there is to know of an optimizer or a problem, its source code last."""

import inspect
import json
import math
import textwrap
import time
from collections.abc import Callable
from typing import Any

from rich.markup import escape
from rich.syntax import Syntax
from rich.table import Table

from ...kernels import compiler_report, compose
from ...kernels.grammar import InputError
from ...kernels.optimizer import Optimizer
from ...problems.problem import Problem
from ...problems.registry import registered as registered_problems
from ..check import condition as curvature
from ..plugins import diagnosis, discovery, lookup
from ..terminal.console import open_console
from ..timing import update_cost

SEES = {
    "coordinate": "a coordinate at a time",
    "run": "all of x",
    "tensor": "each parameter tensor",
    "matrix": "each tensor of rank 2 or more, as a matrix",
}


def show(word: str, problem: str | None = None, as_json: bool = False) -> None:
    """Print what is known of the optimizer or problem `word`; problem : on whose tensors a rule's
    state is measured.

    Raises InputError for unknown names.
    """
    shapes = discovery.get_problem(problem).shapes if problem else update_cost.SHAPES
    found = lookup.named(word)
    with open_console(stderr=True).status("compiling and timing"):
        known = of_optimizer(found, shapes) if isinstance(found, Optimizer) else of_problem(found)
    if as_json:
        print(json.dumps(known, indent=2, default=str))
        return
    console = open_console()
    table = Table(title=escape(known["name"]), title_justify="left", show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for key, value in known.items():
        if key not in ("name", "code"):
            unknown = value is None and key in ("minimum", "minimizers")
            text = "unknown" if unknown else _as_text(value)
            table.add_row(key.replace("_", " "), escape(text))
    console.print(table)
    _print_code(known["code"])


def show_kernel(word: str, as_json: bool = False) -> None:
    """Print the kernel over lanes that is generated of the optimizer `word`, then those of the
    rules that it wraps.

    Raises InputError for a problem, and for unknown names.
    """
    found = lookup.named(word)
    if not isinstance(found, Optimizer):
        raise InputError(
            f"--kernel shows what is generated of an optimizer, and {found.name} is a problem;"
            f" `optbench show {found.name}` prints its formula"
        )
    texts, rule = [], found
    while rule is not None:
        texts.append(compose.source(rule.chain).rstrip())
        rule = rule.wrapped
    if as_json:
        print(json.dumps({"name": found.name, "kernels": texts}, indent=2))
    else:
        _print_code("\n\n\n".join(texts))


def _print_code(text: str) -> None:
    """In colours on a terminal, as it is elsewhere."""
    console = open_console()
    if console.is_terminal:
        console.print(Syntax(text, "python", background_color="default", word_wrap=True))
    else:
        print(text)


def of_optimizer(optimizer: Optimizer, shapes) -> dict[str, Any]:
    """What is known of an optimizer, as texts and numbers; compiles and times it."""
    rule = optimizer.rule
    others = {"wraps": optimizer.wrapped, "other_tensors": optimizer.fallback}
    makes = {} if rule.wraps is None else {"makes": f"the {rule.wraps}"}
    return {
        "name": optimizer.name,
        "kind": "optimizer",
        "source": optimizer.source,
        "from": optimizer.owner,
        "lr": optimizer.lr,
        "settings": _settings(optimizer),
        "sees": SEES[rule.per],
        **makes,
        **{word: other.name for word, other in others.items() if other},
        "slots": _slots(optimizer),
        "reported": optimizer.reported or "x",
        "evaluations_an_update": optimizer.evaluations or "differs from update to update",
        "bytes_of_state_a_parameter": round(update_cost.state_bytes(optimizer, shapes), 3),
        "measured_on": ", ".join(f"{name} {shape}" for name, shape in shapes),
        **_cost(optimizer),
        "code": _code(rule.function),
    }


def _settings(optimizer: Optimizer) -> dict[str, Any]:
    """All settings; those of the wrapped rule or the fallback under its name."""
    other = optimizer.other
    inner = {f"{other.family}.{name}": v for name, v in _settings(other).items()} if other else {}
    return {**optimizer.settings, **inner}


def _slots(optimizer: Optimizer) -> dict[str, str]:
    """All slots with their shapes; those of the wrapped rule or the fallback under its name."""
    other = optimizer.other
    inner = (
        {f"{other.family}.{slot}": shape for slot, shape in _slots(other).items()} if other else {}
    )
    return {**{slot: _shape(optimizer, slot) for slot in optimizer.rule.slots}, **inner}


def _cost(optimizer: Optimizer) -> dict[str, Any]:
    began = time.perf_counter()
    try:
        optimizer.kernel()
    except Exception as error:
        return {
            "can't_be_compiled": (
                diagnosis.in_text(optimizer.rule)
                or compiler_report.essence(error, optimizer.functions)
            )
        }
    ready = time.perf_counter() - began
    ns, sgd, adam = update_cost.beside_known(optimizer)
    return {
        "ns_a_coordinate": round(ns, 3),
        "ratio_to_sgd": round(sgd, 2),
        "ratio_to_adam": round(adam, 2),
        "seconds_to_compile_or_load": round(ready, 3),
    }


def of_problem(problem: Problem) -> dict[str, Any]:
    """What is known of a problem."""
    family = registered_problems().get(problem.family)
    known, rows = problem.minimizers, problem.data_set
    minimizers = (
        None if known is None else [x.tolist() for x in known] if problem.dim <= 10 else len(known)
    )
    return {
        "name": problem.name,
        "kind": "problem",
        "about": _about(family.make) if family else None,
        "source": problem.source,
        "from": problem.owner,
        "is": problem.kind,
        "tags": ", ".join(problem.tags) or None,
        "parameters": dict(problem.parameters),
        "dim": problem.dim,
        "shapes": {name: list(shape) for name, shape in problem.shapes},
        "minimum": problem.minimum,
        "minimizers": minimizers,
        "condition_number_there": _finite(curvature.condition(problem)),
        "start": (
            problem.start(0).tolist()
            if problem.dim <= 10
            else f"{problem.dim} coordinates, drawn from the seed"
        ),
        "start_loss": problem.value_and_grad(problem.start(0))[0],
        "metric": (
            f"{rows.metric} on {rows.held_out_samples} rows held out" if rows.metric else None
        ),
        "budget": problem.budget,
        "targets": list(problem.targets),
        "mini_batch": (
            f"{rows.batch} of {rows.samples} rows, {rows.steps_per_epoch} steps an epoch"
            if rows.batch
            else None
        ),
        "code": "\n\n".join(_code(function) for function in _parts(problem) if function),
    }


def _parts(problem: Problem) -> list[Callable | None]:
    """The formula and what makes a Problem of it; the formula last where many problems share it."""
    shared = problem.formula.__module__.startswith("optbench.kernels.")
    return [problem.maker, problem.formula] if shared else [problem.formula, problem.maker]


def _finite(condition: float | None) -> float | str | None:
    return (
        curvature.text(condition) if condition is not None and math.isinf(condition) else condition
    )


def _about(function: Callable) -> str:
    """The docstring, a line a paragraph."""
    return "\n".join(
        " ".join(part.split()) for part in (inspect.getdoc(function) or "").split("\n\n")
    )


def _shape(optimizer: Optimizer, slot: str) -> str:
    rule = optimizer.rule
    shape = "like x" if slot not in rule.shapes else f"({', '.join(map(str, rule.shapes[slot]))})"
    begins = rule.init.get(slot)
    return shape if begins is None else f"{shape}, begins at {begins}"


def _as_text(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dict):
        return ", ".join(f"{key}={_as_text(entry)}" for key, entry in value.items()) or "none"
    if isinstance(value, list):
        return f"({', '.join(map(_as_text, value))})"
    return str(value)


def _code(function: Callable) -> str:
    try:
        return textwrap.dedent(inspect.getsource(function)).rstrip()
    except (OSError, TypeError):
        return f"# the source of {function.__name__} can't be read"
