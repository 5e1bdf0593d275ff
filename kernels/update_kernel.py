"""The compiled update kernel of a rule, and of all that it wraps: each kernel is compiled once."""

import re
from collections.abc import Callable
from typing import Any

from . import compiler_report, sources
from .chain import Chain
from .columns import finite, gather, scatter
from .compose import source
from .evaluation import evaluation
from .grammar import InputError
from .jit import compiled_once, inline, jit, wrapped_kernel
from .random import normal_of_lanes, normal_of_run, uniform_of_lanes, uniform_of_run
from .rule import DRAWS
from .signatures import update_signature

UNLIKE_DUTY = re.compile("failed to unpack|tuple length|setitem", re.IGNORECASE)
"""What stands in a reason where the rule hands back something else than it owes."""
COLUMNS = {"gather": gather, "scatter": scatter, "finite": finite, "evaluation": evaluation}
RANDOM = {
    "normal_of_lanes": normal_of_lanes,
    "normal_of_run": normal_of_run,
    "uniform_of_lanes": uniform_of_lanes,
    "uniform_of_run": uniform_of_run,
}


def update_kernel(chain: Chain, dtype: str, guarded: bool = True) -> Callable[..., None]:
    """The chain compiled over lanes: the update signature of signatures.py. Raises InputError where
    Numba can't.

    guarded : as in compose.source.
    """
    return _update_kernel(chain, dtype, guarded, tuple(map(sources.state, chain.functions)))


@compiled_once
def _update_kernel(
    chain: Chain, dtype: str, guarded: bool, state: tuple[str, ...]
) -> Callable[..., None]:
    rule = chain.rule
    helpers: dict[str, Any]
    if rule.per == "coordinate":
        helpers = {"rule": inline(rule.function)}
    else:
        helpers = {"rule": jit(rule.function), **COLUMNS}
    if any(chain.uses(kind) for kind in DRAWS):
        helpers |= RANDOM
    if chain.wrapped:
        helpers["wrapped"] = update_kernel(chain.wrapped, dtype, guarded)
    if chain.fallback:
        helpers["fallback"] = inline(chain.fallback.rule.function)
    try:
        return wrapped_kernel(
            source(chain, guarded),
            helpers,
            rule.name,
            update_signature(dtype),
            chain.functions,
            chain.name,
        )
    # Numba's own errors, and what the author's names raise while it looks them up
    except Exception as error:
        reason = compiler_report.essence(error, chain.functions)
        duty = f" (it must {rule.duty})" if UNLIKE_DUTY.search(reason) else ""
        raise InputError(f"rule {rule.name!r} can't be compiled: {reason}{duty}") from error
