"""Optimizers and schedules made of optax's parts, where optax itself computes in float32 or leaves
something to its user.
"""

# pyright: reportMissingImports=false
# torch, jax and optax come with the extra `peers` alone

from typing import Any

import jax.numpy as jnp
import numpy as np
import optax


def adafactor(
    lr: float,
    decay_rate: float = 0.8,
    multiply_by_parameter_scale: bool = True,
    clipping_threshold: float | None = 1.0,
    weight_decay_rate: float | None = None,
) -> optax.GradientTransformation:
    """optax.adafactor[min_dim_size_to_factor=1] with its decay in float64 instead of float32."""

    def decay(count: Any, exponent: Any) -> Any:
        return 1 - (count + 1.0) ** -exponent

    parts = [
        optax.scale_by_factored_rms(
            decay_rate=decay_rate, min_dim_size_to_factor=1, decay_rate_fn=decay
        ),
        optax.clip_by_block_rms(clipping_threshold) if clipping_threshold else None,
        optax.scale_by_schedule(lr) if callable(lr) else optax.scale(lr),
        optax.scale_by_param_block_rms() if multiply_by_parameter_scale else None,
        optax.add_decayed_weights(weight_decay_rate) if weight_decay_rate else None,
        optax.scale(-1.0),
    ]
    return optax.chain(*(part for part in parts if part))


def biased(lr: float, beta1: float, beta2: float) -> optax.Schedule:
    """The schedule that takes back the bias correction which optax's D-Adaptation and Prodigy put
    into lr; papers have none.
    """
    return lambda count: (
        (lr(count) if callable(lr) else lr)
        * (1 - beta1 ** (count + 1))
        / jnp.sqrt(1 - beta2 ** (count + 1))
    )


def warming(beta1: float, beta3: float, updates: int) -> optax.Schedule:
    """AdEMAMix's beta3 from beta1 on (arXiv:2409.03137, section 3): optax leaves that schedule to
    its user.
    """

    def beta(count: Any) -> Any:
        share, fast, slow = (count + 1.0) / updates, np.log(beta1), np.log(beta3)
        return jnp.where(
            share < 1,
            jnp.minimum(jnp.exp(fast * slow / ((1 - share) * slow + share * fast)), beta3),
            beta3,
        )

    return beta


def sam(
    optimizer: optax.GradientTransformation, rho: float
) -> optax.GradientTransformationExtraArgs:
    """Plain SAM from optax.contrib.sam: one ascent of length rho along the gradient, then the
    optimizer.
    """
    ascent = optax.chain(optax.contrib.normalize(), optax.sgd(rho))
    return optax.contrib.sam(optimizer, ascent, sync_period=2, opaque_mode=True)
