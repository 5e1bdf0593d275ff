"""What is wrong with a rule or formula that doesn't compile: the author's file, line and name, not
the compiler's report.
"""

import ast
import builtins
import inspect
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from ...kernels import bytecode
from ...kernels.compiler_report import essence, hinted, is_compilers
from ...kernels.rule import Rule

COUNTERS = ("step", "steps", "iteration", "iter", "epoch", "count", "i", "k", "n")
"""Names that an author may give the update's number, which is called t."""
PASSED = (
    ast.Assign,
    ast.AugAssign,
    ast.AnnAssign,
    ast.Expr,
    ast.Pass,
    ast.Assert,
    ast.FunctionDef,
    ast.Import,
    ast.ImportFrom,
)
"""Statements after which the next one comes in any case."""
MISSING = object()


def in_text(rule: Rule) -> str | None:
    """What the rule's text alone shows to be wrong, the first of it; None where nothing does or it
    can't be read.

    Looked through each time: in a session, a name that wasn't defined may be by now.
    """
    body = _parsed(rule.function)
    if body is None:
        return None
    arrays = () if rule.per == "coordinate" else _on_arrays(rule, body)
    found = [*_counters(rule, body), *_returns(rule, body), *unknown_names(rule.function), *arrays]
    return found[0] if found else None


def prints(function: Callable[..., object]) -> str | None:
    """A line for a rule or formula that prints, which it does for every run at every step."""
    body = _parsed(function)
    for node in ast.walk(body) if body else ():
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "print"
        ):
            reason = (
                "prints, for every run at every step; take it out, and step by hand to look:"
                " Optimizer.start"
            )
            return _at(function, node.lineno, reason)
    return None


def of_failure(error: BaseException, functions: list[Callable[..., object]]) -> str:
    """The line for runs that failed with this error: a compiler's report by its essence, any other
    as it is.
    """
    if is_compilers(error):
        return essence(error, functions)
    reason = " ".join(str(error).split()) or type(error).__name__
    return hinted(f"{type(error).__name__}: {reason[:300]}")


def unknown_names(function: Callable) -> Iterator[str]:
    """A line for each name, or attribute of a module, that nobody defines."""
    body = _parsed(function)
    if body is None:
        return
    # what the compiled code looks up outside of the function, as it is at this moment
    space = {**vars(builtins), **function.__globals__}
    missing = bytecode.loaded(function.__code__).names.keys() - space
    # decorator and defaults belong to the outside
    for node in (node for part in body.body for node in ast.walk(part)):
        if isinstance(node, ast.Name) and node.id in missing:
            yield _at(function, node.lineno, f"{node.id!r} is not defined")
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = function.__globals__.get(node.value.id)
            if isinstance(module, ModuleType) and getattr(module, node.attr, MISSING) is MISSING:
                yield _at(function, node.lineno, f"{node.value.id} has no {node.attr!r}")


def _parsed(function: Callable) -> ast.FunctionDef | None:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return None
    return tree.body[0] if isinstance(tree.body[0], ast.FunctionDef) else None


def _at(function: Callable, line: int, reason: str) -> str:
    """The reason with the place; line counts from the function's first, decorators included."""
    return (
        f"{Path(function.__code__.co_filename).name}, line"
        f" {function.__code__.co_firstlineno + line - 1}: {reason}"
    )


def _returns(rule: Rule, body: ast.FunctionDef) -> Iterator[str]:
    """A line for each return that doesn't hand back what the rule owes."""
    inner = {
        node
        for part in body.body
        for f in ast.walk(part)
        if isinstance(f, ast.FunctionDef)
        for node in ast.walk(f)
    }
    found = [node for node in ast.walk(body) if isinstance(node, ast.Return) and node not in inner]
    if rule.per != "coordinate":
        for node in found:
            if node.value is not None and not (
                isinstance(node.value, ast.Constant) and node.value.value is None
            ):
                reason = f"returns a value, must {rule.duty} and return nothing"
                yield _at(rule.function, node.lineno, reason)
        return
    if not found:
        yield _at(rule.function, body.lineno, f"returns nothing, must {rule.duty}")
    elif _falls_through(body.body):
        yield _at(
            rule.function, body.body[-1].lineno, f"not every path returns {', '.join(rule.owed)}"
        )
    for node in found:
        count = _values(node.value)
        if count is not None and count != len(rule.owed):
            values = "nothing" if count == 0 else f"{count} value{'s' if count > 1 else ''}"
            yield _at(rule.function, node.lineno, f"returns {values}, must {rule.duty}")


def _counters(rule: Rule, body: ast.FunctionDef) -> Iterator[str]:
    """A line for a slot that is called as a counter and never changed."""
    stored = {
        _root(node) for node in ast.walk(body) if isinstance(getattr(node, "ctx", None), ast.Store)
    }
    for slot in rule.slots:
        if slot in COUNTERS and slot not in stored and not _is_returned_changed(rule, slot, body):
            reason = f"{slot!r} is a slot that never changes; the number of the update is called t"
            yield _at(rule.function, body.lineno, reason)


def _is_returned_changed(rule: Rule, slot: str, body: ast.FunctionDef) -> bool:
    """Whether some return hands back more than the slot's own name in its place, as in `return x -
    lr * g, step + 1`.
    """
    place = 1 + rule.slots.index(slot)
    returned = [
        node.value
        for node in ast.walk(body)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple)
    ]
    whole = [value.elts for value in returned if len(value.elts) == 1 + len(rule.slots)]
    return any(ast.unparse(parts[place]) != slot for parts in whole)


def _on_arrays(rule: Rule, body: ast.FunctionDef) -> Iterator[str]:
    """A line for each name of an array that is given another instead of being changed, and each
    comparison of whole arrays.
    """
    arrays = {"x", "g", rule.target, *rule.plain}
    nodes: list[Any] = [node for part in body.body for node in ast.walk(part)]
    changed = {
        _root(node)
        for node in nodes
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    }
    changed |= {_root(node.target) for node in nodes if isinstance(node, ast.AugAssign)}
    for node in nodes:
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Name) and target.id in {rule.target, *rule.slots} - changed:
                reason = (
                    f"{target.id} = ... makes another array and leaves {target.id} as it was: write"
                    f" {target.id}[:] = ..."
                )
                yield _at(rule.function, node.lineno, reason)
        for name in (
            _compared(node.test) if isinstance(node, ast.If | ast.While | ast.IfExp) else ()
        ):
            if name in arrays:
                reason = (
                    f"{name} is an array here, neither true nor false: compare its numbers in a"
                    f" loop, if {name}[i] > 0.0"
                )
                yield _at(rule.function, node.lineno, reason)


def _compared(test: ast.expr) -> Iterator[str]:
    """The bare names that a condition compares, or takes for true or false."""
    if isinstance(test, ast.BoolOp):
        for value in test.values:
            yield from _compared(value)
    elif isinstance(test, ast.UnaryOp):
        yield from _compared(test.operand)
    elif isinstance(test, ast.Compare):
        yield from (
            side.id for side in (test.left, *test.comparators) if isinstance(side, ast.Name)
        )
    elif isinstance(test, ast.Name):
        yield test.id


def _root(node: Any) -> str:
    """The name that is stored into: x of x, x[i] and x.T[0]."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _falls_through(body: list[ast.stmt]) -> bool:
    """Whether a run can reach the end of these statements without a return; False where that isn't
    certain.
    """
    last = body[-1]
    if isinstance(last, ast.If):
        return not last.orelse or _falls_through(last.body) or _falls_through(last.orelse)
    if isinstance(last, ast.While):
        # one without end is left by its returns, or by a break
        endless = isinstance(last.test, ast.Constant) and bool(last.test.value)
        return not endless and not (last.orelse and not _falls_through(last.orelse))
    if isinstance(last, ast.For):
        return not (last.orelse and not _falls_through(last.orelse))
    return isinstance(last, PASSED)


def _values(value: ast.expr | None) -> int | None:
    """How many values a return hands back; None where the text doesn't say, as for a call or a
    variable.
    """
    if value is None or (isinstance(value, ast.Constant) and value.value is None):
        return 0
    if isinstance(value, ast.Tuple):
        return (
            None if any(isinstance(part, ast.Starred) for part in value.elts) else len(value.elts)
        )
    if isinstance(value, (ast.BinOp, ast.UnaryOp, ast.Compare)) or (
        isinstance(value, ast.Name) and value.id in "xgy"
    ):
        return 1
    return None
