"""Whether a rule or problem may be run in this process: it compiles, it doesn't print, and another
process has found no index out of bounds.
"""

from collections.abc import Callable, Sequence
from unittest import SkipTest
from weakref import WeakKeyDictionary

from ...kernels import compiler_report
from ...kernels.optimizer import Optimizer
from ...kernels.signatures import DTYPES
from ...problems.problem import Problem
from ..plugins import diagnosis
from . import bounds
from .requirement import Unmet

_skip_reasons: WeakKeyDictionary[object, str] = WeakKeyDictionary()
"""Why a rule or problem must not be run here; requirements that would run it are skipped."""


def require_compiled(
    subject: Optimizer | Problem, functions: Sequence[Callable], fault: str | None
) -> str:
    """Compile the subject for both dtypes; the dtypes as text.

    functions : what it is made of.  fault : what its text alone shows to be wrong, None for
    nothing. Raises Unmet with the reason, and has the subject skipped from then on.
    """
    printed = next(filter(None, map(diagnosis.prints, functions)), None)
    if fault is None:
        try:
            for dtype in DTYPES:
                subject.kernel(dtype)
        except Exception as error:
            fault = compiler_report.essence(error, functions)
    if fault is not None:
        _skip_reasons[subject] = "it doesn't compile"
        raise Unmet(fault)
    if printed:
        _skip_reasons[subject] = "it prints"
        raise Unmet(printed)
    return ", ".join(DTYPES)


def require_bounds(subject: Optimizer | Problem, remedy: str, danger: str) -> None:
    """Run the subject in a process of its own that checks every index.

    remedy : what to do where another process can't find the subject.  danger : why it is skipped
    from then on. Raises Unmet with what went wrong there, SkipTest where it can't be found.
    """
    skip_unless_runnable(subject)
    try:
        fault = bounds.fault(subject)
    except LookupError as error:
        raise SkipTest(f"another process can't find it: {remedy}") from error
    if fault is not None:
        _skip_reasons[subject] = danger
        raise Unmet(fault)


def skip_unless_runnable(subject: Optimizer | Problem) -> None:
    """Raise SkipTest with the reason where an earlier requirement has found one."""
    if subject in _skip_reasons:
        raise SkipTest(_skip_reasons[subject])
