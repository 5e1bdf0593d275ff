"""`fun(point, slope) -> loss`: how a rule evaluates its run's objective again, same mini-batch and
noise, counted.

A Numba type that can be called like a function and carries what the evaluation needs. Numba has no
closures that can be handed on; a tuple with a helper to call on it would put the machinery into
every line search.
"""

from typing import Any

import numba.core.types
import numpy as np
from numba import float64
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typing.templates import signature
from numba.extending import intrinsic, lower_builtin, register_model

from .jit import jit
from .signatures import array


class Evaluation(numba.core.types.Callable):
    """The Numba type of `fun`; fields : (evaluate, lane, x, g, loss, keys), scratch arrays one lane
    wide.
    """

    def __init__(self, fields):
        self.fields = fields
        super().__init__(name=f"Evaluation({fields})")

    def get_call_type(self, context, args, kws):
        """The one signature: float64(point (n,), slope (n,))."""
        vector = array(float64, 1)
        return signature(float64, vector, vector, recvr=self)

    def get_call_signatures(self):
        """None to list beside get_call_type."""
        return (), False

    def get_impl_key(self, sig):
        """What _lowered is registered under."""
        return Evaluation


@register_model(Evaluation)
class _Model(models.StructModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, [("fields", kind.fields)])


def _bind(context, fields):
    kind = Evaluation(fields)

    def build(context, builder, sig, args):
        made = cgutils.create_struct_proxy(kind)(context, builder)
        made.fields = args[0]
        context.nrt.incref(builder, sig.args[0], args[0])
        return made._getvalue()

    return kind(fields), build


_bound: Any = intrinsic(_bind)


def _evaluated(fields, point, slope):
    evaluate, lane, x, g, loss, keys = fields
    # unpacked at once: fields read one by one cost a line search 12 % in reference counts
    data, rows, seeds, step, evaluations, tried, gradient = evaluate
    for i in range(x.shape[0]):
        x[i, 0] = point[i]
        tried[i, lane] = point[i]
    keys[0] = seeds[lane]
    gradient(x, g, loss, data, rows, keys, step)
    evaluations[lane] += 1
    for i in range(x.shape[0]):
        slope[i] = g[i, 0]
    return loss[0]


@lower_builtin(Evaluation, Evaluation, numba.core.types.Array, numba.core.types.Array)
def _lowered(context, builder, sig, args):
    kind = sig.args[0]  # the caller itself comes first
    fields = cgutils.create_struct_proxy(kind)(context, builder, value=args[0]).fields
    inner = signature(float64, kind.fields, *sig.args[-2:])
    return context.compile_internal(builder, _evaluated, inner, [fields, *args[1:]])


@jit
def evaluation(evaluate, lane, like):
    """`fun` for one lane; like : an array of the storage dtype, (n, L).

    Always one lane wide: a whole panel costs 3.6 times as much.
    """
    shape = (like.shape[0], 1)
    return _bound(
        (
            evaluate,
            lane,
            np.empty(shape, like.dtype),
            np.empty(shape, like.dtype),
            np.empty(1),
            np.empty(1, np.int64),
        )
    )
