"""The cases of optax: the calls of all files, each on two problems."""

import optax_calls
import optax_contrib_calls
from cases import SHAPES, Case

VECTORS = [*optax_calls.CALLS, *optax_contrib_calls.CALLS]
SM3 = "optax.chain(optax.scale_by_sm3({}, eps=0.0), optax.scale(-lr))"
SQUARES, WIDE = {"shapes": {"w": (2, 2), "u": (2, 2)}}, {"shapes": {"w": (2, 4)}}
MATRICES: list[tuple] = [
    ("optax:sm3", "optax.sm3(lr)", 0.1, 0.1),
    ("optax:sm3[momentum=0.5]", "optax.sm3(lr, momentum=0.5)", 0.1, 0.1),
    ("sm3[momentum=0.9]", SM3.format("b1=0.9"), 0.1, 0.1),
    ("sm3", SM3.format("b1=0.0"), 0.1, 0.1),
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
    ("optax:muon", "optax.contrib.muon(lr)", 1e-2, 1e-3, SQUARES),
    ("optax:muon", "optax.contrib.muon(lr)", 1e-2, 1e-3, WIDE),
    ("optax:muon[nesterov=False]", "optax.contrib.muon(lr, nesterov=False)", 1e-2, 1e-3, WIDE),
    (
        "optax:muon[nesterov=False,steps=3,weight_decay=0.1]",
        "optax.contrib.muon(lr, ns_steps=3, nesterov=False, weight_decay=0.1)",
        1e-2,
        1e-3,
        SQUARES,
    ),
    (
        "muon[debias,eps=1e-08,momentum=0.5,nesterov=False,otherwise_ratio=1.0]",
        "optax.contrib.muon(lr, beta=0.5, nesterov=False)",
        1e-2,
        1e-3,
    ),
]
"""The rules of matrices, on tensors of several shapes; columns as in optax_calls.py."""


def optax_cases() -> list[Case]:
    """All cases of optax."""
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
        for rows, kind in ((VECTORS, "rosenbrock"), (MATRICES, "rosenbrock8"))
        for name, call, here, there, *rest in rows
        for on, lr in (("random", here), (kind, there))
        if lr is not None
    ]
