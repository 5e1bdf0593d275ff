"""Reference trajectories: what torch.optim and optax themselves do, in float64, for the names that
should reproduce them.

    pip install -e '.[peers]' && python tests/data/generate.py

Writes problems.npz, torch.npz and optax.npz beside this file; README.md says what they hold. Every
case is run again from a start, and with gradients, that are off by rounding; where that makes a
difference the script stops, for then the case could not tell a wrong rule from a right one.
"""

# pyright: reportMissingImports=false
# torch, jax and optax come with the extra `peers` alone

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import schedules
import torch

UPDATES = 300
NUDGE, LARGEST, NUDGES = 1e-15, 1e-12, 8
"""What starts and gradients are put off by, the most that a point may differ then, and how often
that is tried.
"""

MATRIX_AND_VECTOR = {"w": (3, 2), "b": (2,)}
SHAPES = {"random": MATRIX_AND_VECTOR, "rosenbrock": {"x": (2,)}, "rosenbrock8": MATRIX_AND_VECTOR}
"""Problem -> its parameter tensors, which follow each other in x."""

ROWS = {
    "random": np.r_[0:31, 40 : UPDATES + 1 : 10],
    "rosenbrock": np.r_[0:101, 105 : UPDATES + 1 : 5],
    "rosenbrock8": np.r_[0:31, 40 : UPDATES + 1 : 10],
}
"""Problem -> after which updates the point is kept: an error that lasts shows in any later one."""


@dataclass(frozen=True)
class Case:
    """A trajectory: our name for it and lr, the library's call, the problem and its parameter
    tensors.

    mean : the transform that makes the reported point from the points, where the call has none of
    its own.
    twin : a call that must agree to float32, the one that a user would write.
    schedule : one of schedules.SCHEDULES; `lr` is then a function of optax's count, or set by
    torch's LambdaLR.
    """

    name: str
    lr: float
    library: str
    call: str
    on: str
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    mean: str = ""
    twin: str = ""
    schedule: str = ""

    @property
    def updates(self) -> int:
        """How many updates it has."""
        return schedules.UPDATES if self.schedule else UPDATES

    @property
    def rows(self) -> np.ndarray:
        """After which of them the point is kept."""
        return schedules.ROWS if self.schedule else ROWS[self.on]

    @property
    def rate(self) -> Any:
        """`lr` in an optax call: a number, or under a schedule a function of the count."""
        if not self.schedule:
            return self.lr
        values = jnp.asarray(schedules.multipliers(self.schedule))
        return schedules.Rate(lambda count: self.lr * values[count])


def torch_cases() -> list[Case]:
    """All cases of torch.optim: name, call, lr on random gradients, lr on Rosenbrock's function
    (None: not there).
    """
    table = [
        ("torch:sgd", "SGD(params, lr)", 1e-3, 5e-4),
        ("l2[torch:sgd,weight_decay=0.1]", "SGD(params, lr, weight_decay=0.1)", 1e-3, 5e-4),
        ("torch:momentum", "SGD(params, lr, momentum=0.9)", 1e-3, 1e-4),
        ("torch:momentum[momentum=0.5]", "SGD(params, lr, momentum=0.5)", 1e-3, 2e-4),
        (
            "l2[torch:momentum,weight_decay=0.1]",
            "SGD(params, lr, momentum=0.9, weight_decay=0.1)",
            1e-3,
            1e-4,
        ),
        ("torch:nesterov", "SGD(params, lr, momentum=0.9, nesterov=True)", 1e-3, 1e-4),
        (
            "torch:nesterov[momentum=0.99]",
            "SGD(params, lr, momentum=0.99, nesterov=True)",
            1e-4,
            2e-5,
        ),
        (
            "l2[torch:nesterov,weight_decay=0.1]",
            "SGD(params, lr, momentum=0.9, nesterov=True, weight_decay=0.1)",
            1e-3,
            1e-4,
        ),
        ("torch:averaged_sgd", "ASGD(params, lr)", 1e-3, 5e-4),
        (
            "torch:averaged_sgd[alpha=0.5,begin=21,lambd=0.5]",
            "ASGD(params, lr, lambd=0.5, alpha=0.5, t0=20)",
            1e-2,
            5e-4,
        ),
        (
            "l2[torch:averaged_sgd[begin=1],weight_decay=0.1]",
            "ASGD(params, lr, t0=0, weight_decay=0.1)",
            1e-3,
            5e-4,
        ),
        ("torch:rprop", "Rprop(params, lr)", 0.1, 1e-2),
        (
            "torch:rprop[eta_minus=0.3,eta_plus=1.5,largest=0.1,smallest=0.001]",
            "Rprop(params, lr, etas=(0.3, 1.5), step_sizes=(1e-3, 0.1))",
            5e-2,
            5e-2,
        ),
        ("torch:adagrad", "Adagrad(params, lr)", 0.1, 0.1),
        (
            "torch:adagrad[eps=0.1,initial=1.0]",
            "Adagrad(params, lr, initial_accumulator_value=1.0, eps=0.1)",
            0.1,
            0.1,
        ),
        ("l2[torch:adagrad,weight_decay=0.1]", "Adagrad(params, lr, weight_decay=0.1)", 0.1, 0.1),
        ("torch:adadelta", "Adadelta(params, lr)", 10.0, 0.5),
        (
            "torch:adadelta[eps=0.001,rho=0.95]",
            "Adadelta(params, lr, rho=0.95, eps=1e-3)",
            1.0,
            0.02,
        ),
        (
            "l2[torch:adadelta,weight_decay=0.1]",
            "Adadelta(params, lr, weight_decay=0.1)",
            10.0,
            0.5,
        ),
        ("torch:rmsprop", "RMSprop(params, lr)", 1e-2, 1e-3),
        (
            "torch:rmsprop[decay=0.9,eps=0.01]",
            "RMSprop(params, lr, alpha=0.9, eps=1e-2)",
            1e-2,
            5e-4,
        ),
        ("l2[torch:rmsprop,weight_decay=0.1]", "RMSprop(params, lr, weight_decay=0.1)", 1e-2, 1e-3),
        ("torch:rmsprop_centered", "RMSprop(params, lr, centered=True)", 1e-2, 1e-3),
        (
            "torch:rmsprop_centered[decay=0.9,eps=0.01]",
            "RMSprop(params, lr, alpha=0.9, eps=1e-2, centered=True)",
            1e-2,
            1e-4,
        ),
        ("torch:rmsprop_momentum", "RMSprop(params, lr, momentum=0.9)", 1e-3, 1e-4),
        (
            "torch:rmsprop_momentum[centered,momentum=0.5]",
            "RMSprop(params, lr, momentum=0.5, centered=True)",
            1e-2,
            5e-4,
        ),
        (
            "l2[torch:rmsprop_momentum[centered,decay=0.9],weight_decay=0.1]",
            "RMSprop(params, lr, alpha=0.9, momentum=0.9, centered=True, weight_decay=0.1)",
            1e-3,
            1e-4,
        ),
        ("torch:adam", "Adam(params, lr)", 1e-2, 1e-2),
        (
            "torch:adam[beta1=0.5,beta2=0.99,eps=0.001]",
            "Adam(params, lr, betas=(0.5, 0.99), eps=1e-3)",
            1e-2,
            1e-2,
        ),
        ("torch:adam[beta1=0.0]", "Adam(params, lr, betas=(0.0, 0.999))", 1e-2, 1e-3),
        ("l2[torch:adam,weight_decay=0.1]", "Adam(params, lr, weight_decay=0.1)", 1e-2, 1e-2),
        ("torch:amsgrad", "Adam(params, lr, amsgrad=True)", 1e-2, 1e-2),
        (
            "torch:amsgrad[beta1=0.5,beta2=0.9]",
            "Adam(params, lr, betas=(0.5, 0.9), amsgrad=True)",
            1e-2,
            1e-2,
        ),
        (
            "l2[torch:amsgrad,weight_decay=0.1]",
            "Adam(params, lr, weight_decay=0.1, amsgrad=True)",
            1e-2,
            1e-2,
        ),
        ("torch:adamw", "AdamW(params, lr)", 1e-2, 1e-2),
        (
            "decay[torch:adam[beta2=0.95],weight_decay=1.0]",
            "AdamW(params, lr, betas=(0.9, 0.95), weight_decay=1.0)",
            1e-2,
            1e-2,
        ),
        (
            "decay[torch:amsgrad,weight_decay=0.1]",
            "AdamW(params, lr, weight_decay=0.1, amsgrad=True)",
            1e-2,
            1e-2,
        ),
        ("torch:adamax", "Adamax(params, lr)", 0.1, 1e-2),
        (
            "torch:adamax[beta1=0.5,beta2=0.9,eps=0.01]",
            "Adamax(params, lr, betas=(0.5, 0.9), eps=1e-2)",
            1e-2,
            5e-4,
        ),
        ("l2[torch:adamax,weight_decay=0.1]", "Adamax(params, lr, weight_decay=0.1)", 0.1, 1e-2),
        ("torch:nadam", "NAdam(params, lr)", 1e-2, 1e-2),
        (
            "torch:nadam[beta1=0.8,psi=0.1]",
            "NAdam(params, lr, betas=(0.8, 0.999), momentum_decay=0.1)",
            1e-2,
            1e-2,
        ),
        ("l2[torch:nadam,weight_decay=0.1]", "NAdam(params, lr, weight_decay=0.1)", 1e-2, 1e-2),
        (
            "decay[torch:nadam,weight_decay=0.1]",
            "NAdam(params, lr, weight_decay=0.1, decoupled_weight_decay=True)",
            1e-2,
            1e-2,
        ),
        ("torch:radam", "RAdam(params, lr)", 1e-2, 1e-3),
        (
            "torch:radam[beta1=0.5,beta2=0.9,eps=0.01]",
            "RAdam(params, lr, betas=(0.5, 0.9), eps=1e-2)",
            1e-2,
            2e-4,
        ),
        ("torch:radam[beta2=0.5]", "RAdam(params, lr, betas=(0.9, 0.5))", 1e-3, 1e-4),
        ("l2[torch:radam,weight_decay=0.1]", "RAdam(params, lr, weight_decay=0.1)", 1e-2, 1e-3),
        (
            "decay[torch:radam,weight_decay=0.1]",
            "RAdam(params, lr, weight_decay=0.1, decoupled_weight_decay=True)",
            1e-2,
            1e-3,
        ),
    ]
    matrix = [
        ("torch:adafactor", "Adafactor(params, lr)", 1e-2, 1e-2),
        (
            "torch:adafactor",
            "Adafactor(params, lr)",
            0.2,
            0.1,
        ),  # from 1 / sqrt(t) < lr on another branch
        (
            "torch:adafactor[clip=2.0,decay=0.5,eps2=0.5]",
            "Adafactor(params, lr, -0.5, (None, 0.5), 2.0)",
            1e-2,
            1e-2,
        ),
        (
            "decay[torch:adafactor,weight_decay=0.1]",
            "Adafactor(params, lr, weight_decay=0.1)",
            1e-2,
            1e-2,
        ),
    ]
    return [
        Case(name, lr, "torch", f"torch.optim.{call}", on, SHAPES[on])
        for rows, kind in ((table, "rosenbrock"), (matrix, "rosenbrock8"))
        for name, call, *rates in rows
        for on, lr in zip(("random", kind), rates, strict=True)
    ]


def optax_cases() -> list[Case]:
    """All cases of optax: name, call, lr on random gradients, lr on Rosenbrock's function (None:
    not there), the rest.
    """
    table: list[tuple] = [
        ("optax:sgd", "optax.sgd(lr)", 1e-3, 5e-4),
        ("optax:momentum", "optax.sgd(lr, momentum=0.9)", 1e-3, 1e-4),
        ("optax:nesterov", "optax.sgd(lr, momentum=0.9, nesterov=True)", 1e-3, 1e-4),
        ("optax:nesterov[momentum=0.8]", "optax.sgd(lr, momentum=0.8, nesterov=True)", 1e-3, 1e-4),
        ("optax:adagrad", "optax.adagrad(lr)", 0.1, 0.1),
        ("optax:adagrad[eps_root=0.01,initial=0.0]", "optax.adagrad(lr, 0.0, eps=0.01)", 0.1, 0.1),
        ("optax:adadelta", "optax.adadelta(lr)", 10.0, 0.5),
        ("optax:adadelta[eps=0.001,rho=0.95]", "optax.adadelta(lr, rho=0.95, eps=1e-3)", 1.0, 0.02),
        ("l2[optax:adadelta,weight_decay=0.1]", "optax.adadelta(lr, weight_decay=0.1)", 10.0, 0.5),
        ("optax:rmsprop", "optax.rmsprop(lr)", 1e-2, 5e-4),
        (
            "optax:rmsprop[decay=0.99,eps=0.01,eps_root=0.0]",
            "optax.rmsprop(lr, 0.99, 0.01, eps_in_sqrt=False)",
            1e-2,
            1e-3,
        ),
        ("optax:rmsprop_centered", "optax.rmsprop(lr, centered=True)", 1e-2, 1e-4),
        (
            "optax:rmsprop_centered[decay=0.99,eps=0.01,eps_root=0.0]",
            "optax.rmsprop(lr, 0.99, 0.01, eps_in_sqrt=False, centered=True)",
            1e-2,
            1e-3,
        ),
        ("optax:rmsprop_momentum", "optax.rmsprop(lr, momentum=0.9)", 1e-3, 1e-4),
        (
            "optax:rmsprop_momentum[centered,eps_root=0.01,momentum=0.5]",
            "optax.rmsprop(lr, eps=0.01, centered=True, momentum=0.5)",
            1e-2,
            5e-4,
        ),
        (
            "optax:rmsprop_momentum[eps=0.01,eps_root=0.0]",
            "optax.rmsprop(lr, eps=0.01, eps_in_sqrt=False, momentum=0.9)",
            1e-3,
            1e-4,
        ),
        ("optax:adam", "optax.adam(lr)", 1e-2, 1e-2),
        (
            "optax:adam[beta1=0.5,beta2=0.99,eps=0.001]",
            "optax.adam(lr, 0.5, 0.99, 1e-3)",
            1e-2,
            1e-2,
        ),
        (
            "l2[optax:adam,weight_decay=0.1]",
            "optax.chain(optax.add_decayed_weights(0.1), optax.adam(lr))",
            1e-2,
            1e-2,
        ),
        ("optax:adamw", "optax.adamw(lr)", 1e-2, 1e-2),
        (
            "decay[optax:adam[beta1=0.5],weight_decay=1.0]",
            "optax.adamw(lr, b1=0.5, weight_decay=1.0)",
            1e-2,
            1e-2,
        ),
        ("optax:nadam", "optax.adam(lr, nesterov=True)", 1e-2, 1e-2),
        (
            "optax:nadam[beta1=0.5,beta2=0.99,eps=0.001]",
            "optax.nadam(lr, 0.5, 0.99, 1e-3)",
            1e-2,
            1e-2,
        ),
        ("optax:nadamw", "optax.nadamw(lr)", 1e-2, None),
        ("decay[optax:nadam,weight_decay=0.1]", "optax.nadamw(lr, weight_decay=0.1)", 1e-2, 1e-2),
        ("optax:adamax", "optax.adamax(lr)", 0.1, 1e-2),
        (
            "optax:adamax[beta1=0.5,beta2=0.9,eps=0.01]",
            "optax.adamax(lr, 0.5, 0.9, 0.01)",
            1e-2,
            5e-4,
        ),
        ("optax:adamaxw", "optax.adamaxw(lr)", 0.1, None),
        ("decay[optax:adamax,weight_decay=0.1]", "optax.adamaxw(lr, weight_decay=0.1)", 1e-2, 1e-2),
        ("optax:amsgrad", "optax.amsgrad(lr)", 1e-2, 1e-2),
        ("optax:amsgrad[beta1=0.5,beta2=0.9]", "optax.amsgrad(lr, 0.5, 0.9)", 1e-2, 1e-2),
        (
            "optax:amsgrad[beta2=0.99,correction=0]",
            "optax.amsgrad(lr, b2=0.99, bias_correction_mu=False, bias_correction_nu=False)",
            1e-2,
            1e-3,
        ),
        ("optax:radam", "optax.radam(lr)", 1e-2, 1e-3),
        (
            "optax:radam[beta1=0.5,beta2=0.9,eps=0.01,threshold=6.0]",
            "optax.radam(lr, 0.5, 0.9, 0.01, threshold=6.0)",
            1e-2,
            2e-4,
        ),
        ("optax:yogi", "optax.yogi(lr)", 1e-2, 1e-2),
        (
            "optax:yogi[beta1=0.5,beta2=0.99,eps=0.01]",
            "optax.yogi(lr, 0.5, 0.99, 0.01)",
            1e-2,
            1e-2,
        ),
        ("optax:adabelief", "optax.adabelief(lr)", 1e-2, 1e-2),
        (
            "optax:adabelief[beta1=0.5,beta2=0.99,eps=1e-08,eps_root=1e-08]",
            "optax.adabelief(lr, 0.5, 0.99, 1e-8, 1e-8)",
            1e-2,
            1e-2,
        ),
        ("optax:adan", "optax.adan(lr)", 1e-2, 1e-2),
        ("adan[beta2=0.5,debias]", "optax.adan(lr, b2=0.5, eps_root=0.0)", 1e-2, 1e-2),
        (
            "adan[beta1=0.9,beta2=0.5,beta3=0.9,debias,eps=0.001]",
            "optax.adan(lr, 0.9, 0.5, 0.9, 1e-3, 0.0)",
            1e-2,
            5e-4,
        ),
        (
            "decay[adan[beta2=0.5,debias],weight_decay=0.1]",
            "optax.adan(lr, b2=0.5, eps_root=0.0, weight_decay=0.1)",
            1e-2,
            1e-2,
        ),
        ("optax:lion", "optax.lion(lr)", 1e-2, 1e-3),
        (
            "optax:lion[beta1=0.5,beta2=0.9,weight_decay=0.0]",
            "optax.lion(lr, 0.5, 0.9, weight_decay=0.0)",
            1e-2,
            1e-3,
        ),
        ("optax:signsgd", "optax.sign_sgd(lr)", 1e-2, 1e-3),
        ("optax:signum", "optax.signum(lr)", 1e-2, 1e-3),
        ("optax:signum[momentum=0.5]", "optax.signum(lr, 0.5)", 1e-2, 1e-3),
        ("optax:lars", "optax.lars(lr)", 1.0, 1.0),
        (
            "optax:lars[momentum=0.5,trust=0.01]",
            "optax.lars(lr, trust_coefficient=0.01, momentum=0.5)",
            1.0,
            0.1,
        ),
        ("l2[optax:lars,weight_decay=0.1]", "optax.lars(lr, weight_decay=0.1)", 1.0, 1.0),
        ("optax:lamb", "optax.lamb(lr)", 1e-2, 1e-3),
        (
            "optax:lamb[beta1=0.5,beta2=0.99,weight_decay=0.1]",
            "optax.lamb(lr, 0.5, 0.99, weight_decay=0.1)",
            1e-2,
            1e-3,
        ),
        ("optax:novograd", "optax.novograd(lr)", 1e-3, 1e-3),
        (
            "optax:novograd[beta1=0.95,beta2=0.98,weight_decay=0.1]",
            "optax.novograd(lr, 0.95, 0.98, weight_decay=0.1)",
            1e-3,
            1e-3,
        ),
        (
            "normalized_sgd",
            (
                "optax.partition({k: optax.chain(optax.normalize_by_update_norm(eps=1e-300),"
                " optax.sgd(lr)) for k in 'wb'}, {'w': 'w', 'b': 'b'})"
            ),
            1e-2,
            None,
        ),
        (
            "normalized_sgd",
            "optax.chain(optax.normalize_by_update_norm(eps=0.0), optax.sgd(lr))",
            None,
            1e-2,
        ),
        ("optax:sps", "optax.polyak_sgd(max_learning_rate=lr)", None, 1e-3),
        ("optax:sps[c=0.5]", "optax.polyak_sgd(max_learning_rate=2 * lr, scaling=0.5)", None, 1e-3),
        ("optax:ademamix", "optax.contrib.ademamix(lr)", 1e-2, 1e-3),
        (
            "optax:ademamix[alpha=2.0,beta2=0.99,beta3=0.99,weight_decay=0.1]",
            "optax.contrib.ademamix(lr, b2=0.99, b3=0.99, alpha=2.0, weight_decay=0.1)",
            1e-2,
            1e-3,
        ),
        (
            "optax:ademamix[warmup=100]",
            (
                "optax.contrib.ademamix(lr, b3=warming(0.9, 0.9999, 100), alpha=lambda k:"
                " jnp.minimum((k + 1.0) * 5.0 / 100, 5.0))"
            ),
            1e-2,
            1e-3,
        ),
        ("optax:adopt", "optax.contrib.adopt(lr)", 1e-2, 1e-3),
        ("optax:adopt[clip=0]", "optax.contrib.adopt(lr, use_clipping=False)", 1e-3, 1e-3),
        (
            "optax:adopt[beta1=0.5,beta2=0.99,clip=0.5,eps=0.01]",
            "optax.contrib.adopt(lr, 0.5, 0.99, 0.01, clip_value_fn=lambda k: k**0.5)",
            1e-2,
            1e-3,
        ),
        ("optax:dadapt_adam", "optax.contrib.dadapt_adamw(lr)", None, 1.0),
        (
            "optax:dadapt_adam[d0=0.01]",
            "optax.contrib.dadapt_adamw(lr, estim_lr0=0.01)",
            1.0,
            0.5,
        ),
        (
            "dadapt_adam[d0=0.01,lagged]",
            "optax.contrib.dadapt_adamw(biased(lr, 0.9, 0.999), estim_lr0=0.01)",
            0.5,
            0.5,
        ),
        ("optax:prodigy", "optax.contrib.prodigy(lr)", None, 0.15),
        (
            "optax:prodigy[d0=0.01,d_coef=0.5]",
            "optax.contrib.prodigy(lr, estim_lr0=0.01, estim_lr_coef=0.5)",
            1.0,
            0.2,
        ),
        (
            "prodigy[d0=0.01,eps=1e-30]",
            "optax.contrib.prodigy(biased(lr, 0.9, 0.999), estim_lr0=0.01, eps=1e-30)",
            0.5,
            0.1,
        ),
        (
            "prodigy[beta1=0.5,beta2=0.9,beta3=0.99,d0=0.1,eps=1e-30]",
            "optax.contrib.prodigy(biased(lr, 0.5, 0.9), (0.5, 0.9), 0.99, 1e-30, 0.1)",
            0.5,
            5e-3,
        ),
        ("optax:dog", "optax.contrib.dog(lr)", 1.0, 1.0),
        ("optax:dog[reps_rel=0.1]", "optax.contrib.dog(lr, ('heuristic', 0.1))", 1.0, 0.2),
        ("optax:dowg", "optax.contrib.dowg(lr)", 1.0, 0.2),
        (
            "dowg[eps=0.0001,reps_rel=0.01]",
            "optax.contrib.dowg(lr, init_estim_sq_dist=(0.01 * (1 + length)) ** 2)",
            1.0,
            0.2,
        ),
        ("optax:madgrad", "optax.contrib.madgrad(lr - 1e-6)", 1e-2, 1e-3),
        (
            "optax:madgrad[eps=0.001,momentum=0.5]",
            "optax.contrib.madgrad(lr - 1e-3, momentum=0.5, eps=1e-3)",
            1e-2,
            2e-3,
        ),
        (
            "l2[optax:madgrad[momentum=0.0],weight_decay=0.1]",
            "optax.contrib.madgrad(lr - 1e-6, 0.0, 0.1)",
            1e-2,
            1e-3,
        ),
        ("optax:schedule_free_sgd", "optax.contrib.schedule_free_sgd(lr)", 1e-3, 5e-4),
        (
            "optax:schedule_free_sgd[beta=0.5]",
            "optax.contrib.schedule_free_sgd(lr, b1=0.5)",
            1e-3,
            5e-4,
        ),
        (
            "l2[optax:schedule_free_sgd,weight_decay=0.1]",
            "optax.contrib.schedule_free_sgd(lr, weight_decay=0.1)",
            1e-3,
            5e-4,
        ),
        ("optax:schedule_free_adamw", "optax.contrib.schedule_free_adamw(lr)", 1e-2, 1e-2),
        (
            "optax:schedule_free_adamw[beta1=0.5,beta2=0.99,weight_decay=0.1]",
            "optax.contrib.schedule_free_adamw(lr, b1=0.5, b2=0.99, weight_decay=0.1)",
            1e-2,
            1e-2,
        ),
        (
            "clip_value[optax:sgd,limit=0.5]",
            "optax.chain(optax.clip(0.5), optax.sgd(lr))",
            0.1,
            2e-3,
        ),
        ("clip_value[optax:adam]", "optax.chain(optax.clip(1.0), optax.adam(lr))", 1e-2, 1e-3),
        (
            "clip_norm[optax:sgd,limit=0.5]",
            "optax.chain(optax.clip_by_global_norm(0.5), optax.sgd(lr))",
            0.1,
            1e-2,
        ),
        (
            "clip_norm[optax:adam]",
            "optax.chain(optax.clip_by_global_norm(1.0), optax.adam(lr))",
            1e-2,
            1e-3,
        ),
        (
            "clip_norm[l2[optax:adam,weight_decay=0.1]]",
            (
                "optax.chain(optax.clip_by_global_norm(1.0), optax.add_decayed_weights(0.1),"
                " optax.adam(lr))"
            ),
            1e-2,
            1e-3,
        ),
        ("lookahead[optax:sgd]", "optax.lookahead(optax.sgd(lr), 5, 0.5)", 1e-3, 5e-4),
        ("lookahead[optax:adam]", "optax.lookahead(optax.adam(lr), 5, 0.5)", 1e-2, 1e-2),
        (
            "lookahead[optax:adam,alpha=0.8,every=7]",
            "optax.lookahead(optax.adam(lr), 7, 0.8)",
            1e-2,
            1e-2,
        ),
        (
            "lookahead[decay[optax:adam,weight_decay=0.1],every=6]",
            "optax.lookahead(optax.adamw(lr, weight_decay=0.1), 6, 0.5)",
            1e-2,
            1e-2,
        ),
        ("averaged[optax:sgd]", "optax.sgd(lr)", 1e-3, 5e-4, {"mean": "optax.ema(0.999)"}),
        ("averaged[optax:adam,beta=0.9]", "optax.adam(lr)", 1e-2, 1e-2, {"mean": "optax.ema(0.9)"}),
        ("sam[optax:sgd]", "sam(optax.sgd(lr), rho=0.05)", None, 5e-4),
        ("sam[optax:adam,rho=0.01]", "sam(optax.adam(lr), rho=0.01)", None, 1e-2),
    ]
    sm3 = "optax.chain(optax.scale_by_sm3({}, eps=0.0), optax.scale(-lr))"
    squares, wide = {"shapes": {"w": (2, 2), "u": (2, 2)}}, {"shapes": {"w": (2, 4)}}
    matrix: list[tuple] = [
        ("optax:sm3", "optax.sm3(lr)", 0.1, 0.1),
        ("optax:sm3[momentum=0.5]", "optax.sm3(lr, momentum=0.5)", 0.1, 0.1),
        ("sm3[momentum=0.9]", sm3.format("b1=0.9"), 0.1, 0.1),
        ("sm3", sm3.format("b1=0.0"), 0.1, 0.1),
        ("optax:adafactor", "adafactor(lr)", 1e-2, 1e-2),
        (
            "optax:adafactor[relative=False]",
            "adafactor(lr, multiply_by_parameter_scale=False)",
            1e-2,
            1e-2,
        ),
        (
            "optax:adafactor[clip=2.0,decay=0.5,relative=False]",
            (
                "adafactor(lr, decay_rate=0.5, multiply_by_parameter_scale=False,"
                " clipping_threshold=2.0)"
            ),
            1e-2,
            5e-3,
        ),
        ("optax:adafactor[clip=1e+300]", "adafactor(lr, clipping_threshold=None)", 1e-2, 1e-2),
        (
            "decay[optax:adafactor,weight_decay=0.1]",
            "adafactor(lr, weight_decay_rate=lr * 0.1)",
            1e-2,
            1e-2,
        ),
        ("optax:muon", "optax.contrib.muon(lr)", 1e-2, 1e-3),
        ("optax:muon", "optax.contrib.muon(lr)", 1e-2, 1e-3, squares),
        ("optax:muon", "optax.contrib.muon(lr)", 1e-2, 1e-3, wide),
        ("optax:muon[nesterov=False]", "optax.contrib.muon(lr, nesterov=False)", 1e-2, 1e-3, wide),
        (
            "optax:muon[nesterov=False,steps=3,weight_decay=0.1]",
            "optax.contrib.muon(lr, ns_steps=3, nesterov=False, weight_decay=0.1)",
            1e-2,
            1e-3,
            squares,
        ),
        (
            "muon[debias,eps=1e-08,momentum=0.5,nesterov=False,otherwise_ratio=1.0]",
            "optax.contrib.muon(lr, beta=0.5, nesterov=False)",
            1e-2,
            1e-3,
        ),
    ]
    return [
        Case(
            name,
            lr,
            "optax",
            call,
            on,
            **{"shapes": SHAPES[on], **(rest[0] if rest else {})},
            twin=(
                call.replace("adafactor(lr", "optax.adafactor(lr, min_dim_size_to_factor=1")
                if "adafactor" in call
                else ""
            ),
        )
        for rows, kind in ((table, "rosenbrock"), (matrix, "rosenbrock8"))
        for name, call, here, there, *rest in rows
        for on, lr in (("random", here), (kind, there))
        if lr is not None
    ]


def scheduled(cases: Sequence[Case]) -> list[Case]:
    """The cases under schedules: each name once, on random gradients where it has them, with its
    first lr and shapes.
    """
    first: dict[str, Case] = {}
    for case in cases:
        first.setdefault(case.name, case)
    return [
        replace(case, call=schedules.call_under(schedule, case.call), schedule=schedule)
        for case in first.values()
        for schedule in schedules.names_for(case.name)
    ]


def rosenbrock(x: Any) -> Any:
    """The extended Rosenbrock function, sum of 100 (x[i+1] - x[i]²)² + (1 - x[i])², of an array of
    any library.
    """
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def problems() -> dict[str, np.ndarray]:
    """Starts, and the gradients of the problem "random": (300, 8), of changing scale, with zeros
    for the rules' guards.

    Coordinate 4 has none in the first three updates, and no coordinate has one in update 150.
    """
    random = np.random.default_rng(20250)
    start = random.normal(size=8)
    gradients = random.normal(size=(UPDATES, 8)) * 10 ** random.uniform(-2, 2, size=(UPDATES, 1))
    gradients[:3, 4] = 0
    gradients[149] = 0
    return {
        "random/gradients": gradients,
        "random/start": start,
        "rosenbrock/start": np.array([-1.2, 1.0]),
        "rosenbrock8/start": np.tile([-1.2, 1.0], 4),
        **{f"{on}/updates": rows for on, rows in ROWS.items()},
        "scheduled/updates": schedules.ROWS,
        **{f"scheduled/{name}": schedules.multipliers(name) for name in schedules.SCHEDULES},
    }


def cut(x: Any, shapes: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    """The parameter tensors in x, C order, one after the other."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes.values()])
    return {
        name: x[end - int(np.prod(shape)) : end].reshape(shape)
        for (name, shape), end in zip(shapes.items(), ends, strict=True)
    }


def follow_torch(case: Case, call: str) -> Callable[..., list[np.ndarray]]:
    """A function of start (n,), gradients, and factors (300, n) to the points, and the reported
    ones if any.

    factors : of the gradients, or where they belong to a function of the points at which they are
    taken; they are 1 or so.
    """

    def follow(start: np.ndarray, gradients: np.ndarray, factors: np.ndarray) -> list[np.ndarray]:
        params = [
            torch.tensor(part, requires_grad=True) for part in cut(start, case.shapes).values()
        ]
        optimizer = eval(call, {"torch": torch, "params": params, "lr": case.lr})
        multipliers = (
            [*schedules.multipliers(case.schedule), 0.0] if case.schedule else [1.0] * (UPDATES + 1)
        )
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda k: multipliers[k])
        points, reported = [start], [start]
        for gradient, factor in zip(gradients, factors, strict=True):
            if case.on != "random":
                optimizer.zero_grad()
                rosenbrock(
                    torch.cat([p.flatten() for p in params]) * torch.tensor(factor)
                ).backward()
                gradient = np.concatenate([p.grad.numpy().ravel() for p in params])
            else:
                gradient = gradient * factor
            for p, part in zip(params, cut(gradient, case.shapes).values(), strict=True):
                p.grad = torch.tensor(part)
            optimizer.step()
            scheduler.step()
            points.append(np.concatenate([p.detach().numpy().ravel() for p in params]))
            if "ASGD" in call:
                reported.append(
                    np.concatenate([optimizer.state[p]["ax"].numpy().ravel() for p in params])
                )
        return [np.array(points), *([np.array(reported)] if "ASGD" in call else [])]

    return follow


def follow_optax(case: Case, call: str, start: np.ndarray) -> Callable[..., list[np.ndarray]]:
    """As follow_torch; `start` is for calls that are told the length of x0."""
    words = {"optax": optax, "jnp": jnp, "lr": case.rate, "length": np.linalg.norm(start)}
    words |= {
        "schedule_free_sgd": schedules.schedule_free_sgd,
        "schedule_free_adamw": schedules.schedule_free_adamw,
    }
    words |= {"adafactor": adafactor, "biased": biased, "warming": warming, "sam": sam}
    optimizer = eval(call, words)
    mean = eval(case.mean or "optax.identity()", words)

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
    def run(start: Any, gradients: Any, factors: Any) -> Any:
        params: Any = cut(start, case.shapes)
        if "lookahead" in call:
            params = optax.LookaheadParams.init_synced(params)
        state = widened(optimizer.init(params)) if "madgrad" in call else optimizer.init(params)
        return jax.lax.scan(step, (params, state, mean.init(points(params))), (gradients, factors))[
            1
        ]

    def follow(start: np.ndarray, gradients: np.ndarray, factors: np.ndarray) -> list[np.ndarray]:
        found = [np.vstack([start, np.asarray(rows)]) for rows in run(start, gradients, factors)]
        return found if case.mean or "schedule_free" in call else found[:1]

    return follow


def widened(state: Any) -> Any:
    """The state with 64 bits for its counters: madgrad takes a root of its own, in as many bits as
    it has.
    """
    return jax.tree.map(
        lambda leaf: leaf.astype(jnp.int64) if leaf.dtype == jnp.int32 else leaf, state
    )


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


def trajectory(case: Case, given: dict[str, np.ndarray]) -> list[np.ndarray]:
    """The points of a case after every update, start first, and the reported points if it has any.

    Raises ValueError where rounding decides them: a nudged start or nudged gradients, or the call
    that a user would write.
    """
    start = given[f"{case.on}/start"]
    gradients = (
        given["random/gradients"][: case.updates]
        if case.on == "random"
        else np.zeros((case.updates, start.size))
    )
    nudges = np.random.default_rng(1).choice(
        [-NUDGE, NUDGE], size=(NUDGES, case.updates + 1, start.size)
    )
    ones = np.ones_like(gradients)
    follow = (
        follow_torch(case, case.call)
        if case.library == "torch"
        else follow_optax(case, case.call, start)
    )
    found = follow(start, gradients, ones)

    def hold(others: Sequence[np.ndarray], largest: float, what: str) -> None:
        off = max(
            np.max(np.abs(a - b) / np.maximum(1, np.abs(a)))
            for a, b in zip(found, others, strict=True)
        )
        if not off < largest:
            where = f"{case.name} on {case.on}, lr={case.lr} {case.schedule}"
            raise ValueError(f"{where}: {what} moves the points by {off:.0e}; choose another lr")

    for first, *later in nudges:
        hold(follow(start + first, gradients, ones), LARGEST, "rounding of the start")
        hold(follow(start, gradients, 1 + np.array(later)), LARGEST, "rounding of the gradients")
    if case.twin:
        hold(follow_optax(case, case.twin, start)(start, gradients, ones), 1e-4, "optax's float32")
    return found


def collect(
    cases: Sequence[Case], given: dict[str, np.ndarray], verbose: bool = False
) -> dict[str, np.ndarray]:
    """The arrays of one file: `<k>/x` and `<k>/reported` for the k-th case, and `cases`, their list
    as JSON.

    Ends the script, all reasons told, where a case is no good.
    """
    arrays, wrong = {"cases": np.array(json.dumps([asdict(case) for case in cases]))}, []
    for k, case in enumerate(cases):
        try:
            found = trajectory(case, given)
        except ValueError as error:
            wrong.append(str(error))
            continue
        for word, rows in zip(("x", "reported"), found, strict=False):
            arrays[f"{k}/{word}"] = rows[case.rows]
        if verbose:
            x = arrays[f"{k}/x"]
            print(
                f"{case.name:70} {case.on:12} {case.lr:<7} {case.schedule:20} moved"
                f" {np.abs(x - x[0]).max():.3g}"
            )
    if wrong:
        sys.exit("\n".join(wrong))
    return arrays


def main() -> None:
    """Write the files, or with --check hold those that are there against what the libraries
    installed here compute.
    """
    parser = argparse.ArgumentParser(
        description=str(__doc__), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only",
        default="",
        metavar="TEXT",
        help="try cases with this in their names; nothing is written",
    )
    parser.add_argument(
        "--check", action="store_true", help="compare with the files, to 1e-12; nothing is written"
    )
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, metavar="DIR", help="where the files are"
    )
    given = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)  # else ASGD and NAdam keep scalars in float32
    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_enable_x64", True)
    made = {"problems": problems()}
    for library, cases in (("torch", torch_cases()), ("optax", optax_cases())):
        chosen = [case for case in (*cases, *scheduled(cases)) if given.only in case.name]
        made[library] = collect(chosen, made["problems"], verbose=bool(given.only))
    if given.only:
        return
    wrong: list[str] = []
    for library, arrays in made.items():
        path = given.out / f"{library}.npz"
        if given.check:
            with np.load(path) as stored:
                words = sorted({*stored, *arrays})
                wrong += [
                    f"{path}: {word}"
                    for word in words
                    if not _same(stored.get(word), arrays.get(word))
                ]
        else:
            np.savez_compressed(path, **arrays)
            print(f"{path}: {len(arrays)} arrays, {path.stat().st_size / 1e3:.0f} kB")
    if wrong:
        sys.exit("these differ:\n" + "\n".join(wrong))


def _same(a: np.ndarray | None, b: np.ndarray | None) -> bool:
    if a is None or b is None or a.shape != b.shape:
        return False
    return bool(
        (a == b).all() if a.dtype.kind == "U" else np.allclose(a, b, rtol=1e-12, atol=1e-12)
    )


if __name__ == "__main__":
    main()
