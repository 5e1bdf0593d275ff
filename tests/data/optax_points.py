"""What optax computes."""

# pyright: reportMissingImports=false
# torch, jax and optax come with the extra `peers` alone

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import optax_variants
import schedules
from cases import Case
from given_problems import cut, rosenbrock


def optax_run(case: Case, call: str, start: np.ndarray) -> Callable[..., list[np.ndarray]]:
    """As torch_run; `start` is for calls that take the length of x0."""
    names = {
        "optax": optax,
        "jnp": jnp,
        "lr": case.rate,
        "length": np.linalg.norm(start),
        "schedule_free_sgd": schedules.schedule_free_sgd,
        "schedule_free_adamw": schedules.schedule_free_adamw,
        "adafactor": optax_variants.adafactor,
        "biased": optax_variants.biased,
        "warming": optax_variants.warming,
        "sam": optax_variants.sam,
    }
    optimizer = eval(call, names)
    mean = eval(case.mean or "optax.identity()", names)

    def points(params: Any) -> Any:
        return params.fast if "lookahead" in call else params

    def flat(params: dict[str, Any]) -> Any:
        return jnp.concatenate([params[name].ravel() for name in case.shapes])

    def loss(params: dict[str, Any], factor: Any) -> Any:
        return rosenbrock(flat(params) * factor)

    def step(carry: tuple, given: tuple) -> tuple:
        params, state, mean_state = carry
        gradient, factor = given
        extra = {}
        if case.on == "random":
            gradient = cut(gradient * factor, case.shapes)
        else:
            value, gradient = jax.value_and_grad(loss)(points(params), factor)
            extra = {"value": value} if "polyak" in call else {}
        if call.startswith("sam("):
            extra = {"grad_fn": lambda where, _: jax.grad(loss)(where, factor)}
        updates, state = optimizer.update(gradient, state, params, **extra)
        params = optax.apply_updates(params, updates)
        seen, mean_state = mean.update(points(params), mean_state)
        if "schedule_free" in call:
            seen = optax.contrib.schedule_free_eval_params(state, params)
        return (params, state, mean_state), (flat(points(params)), flat(seen))

    @jax.jit
    def scan(start: Any, gradients: Any, factors: Any) -> Any:
        params: Any = cut(start, case.shapes)
        if "lookahead" in call:
            params = optax.LookaheadParams.init_synced(params)
        state = widened(optimizer.init(params)) if "madgrad" in call else optimizer.init(params)
        return jax.lax.scan(step, (params, state, mean.init(points(params))), (gradients, factors))[
            1
        ]

    def run(start: np.ndarray, gradients: np.ndarray, factors: np.ndarray) -> list[np.ndarray]:
        found = [np.vstack([start, np.asarray(rows)]) for rows in scan(start, gradients, factors)]
        return found if case.mean or "schedule_free" in call else found[:1]

    return run


def widened(state: Any) -> Any:
    """The state with 64 bits for its counters: madgrad takes a root of its own, in as many bits as
    it has.
    """
    return jax.tree.map(
        lambda leaf: leaf.astype(jnp.int64) if leaf.dtype == jnp.int32 else leaf, state
    )
