"""Other libraries' default values: `torch:adam` is adam as torch.optim has it, `optax:adam` as
optax has it.

Each is one of our rules with its settings: (rule, settings, lr). lr None is the rule's own: optax
asks for one. Where a library has no default (a momentum) ours stands. `otherwise` replaces the rule
for tensors that aren't matrices. tests/data/ holds the libraries' own trajectories, torch 2.13
and optax 0.2.8.
"""

from collections.abc import Mapping
from typing import Any

PRESETS: dict[str, tuple[str, Mapping[str, Any], float | None]] = {
    "torch:sgd": ("sgd", {}, 1e-3),
    "torch:momentum": ("momentum", {}, 1e-3),
    "torch:nesterov": ("nesterov", {}, 1e-3),
    "torch:averaged_sgd": (
        "averaged_sgd",
        {"rate": 0, "alpha": 0.75, "lambd": 1e-4, "begin": 1_000_001, "late": True},
        1e-2,
    ),
    "torch:rprop": ("rprop", {"backtrack": False, "scheduled": False}, 1e-2),
    "torch:adagrad": ("adagrad", {"eps": 1e-10}, 1e-2),
    "torch:adadelta": ("adadelta", {"rho": 0.9}, 1.0),
    "torch:rmsprop": ("rmsprop", {"decay": 0.99}, 1e-2),
    "torch:rmsprop_centered": ("rmsprop_centered", {"decay": 0.99}, 1e-2),
    "torch:rmsprop_momentum": (
        "rmsprop_momentum",
        {"decay": 0.99, "eps": 1e-8, "eps_root": 0, "centered": False},
        1e-2,
    ),
    "torch:adam": ("adam", {}, 1e-3),
    "torch:adamw": ("decay[adam]", {"weight_decay": 1e-2}, 1e-3),
    "torch:amsgrad": ("amsgrad", {"correction": 1}, 1e-3),
    "torch:adamax": ("adamax", {}, 2e-3),
    "torch:nadam": ("nadam", {}, 2e-3),
    "torch:radam": ("radam", {"threshold": 5, "eps_hat": True}, 1e-3),
    "torch:adafactor": ("adafactor", {}, 1e-2),
    "optax:sgd": ("sgd", {}, None),
    "optax:momentum": ("momentum", {}, None),
    "optax:nesterov": ("nesterov", {}, None),
    "optax:adagrad": ("adagrad", {"eps": 0, "eps_root": 1e-7, "initial": 0.1}, None),
    "optax:adadelta": ("adadelta", {"rho": 0.9}, None),
    "optax:rmsprop": ("rmsprop", {"eps": 0, "eps_root": 1e-8}, None),
    "optax:rmsprop_centered": ("rmsprop_centered", {"eps": 0, "eps_root": 1e-8}, None),
    "optax:rmsprop_momentum": (
        "rmsprop_momentum",
        {"decay": 0.9, "eps_root": 1e-8, "centered": False, "lr_inside": True},
        None,
    ),
    "optax:adam": ("adam", {}, None),
    "optax:adamw": ("decay[adam]", {"weight_decay": 1e-4}, None),
    "optax:nadam": ("nadam", {"psi": 1e9}, None),
    "optax:nadamw": ("decay[nadam]", {"psi": 1e9, "weight_decay": 1e-4}, None),
    "optax:adamax": ("adamax", {}, None),
    "optax:adamaxw": ("decay[adamax]", {"weight_decay": 1e-4}, None),
    "optax:amsgrad": ("amsgrad", {"correction": 2}, None),
    "optax:radam": ("radam", {"threshold": 5}, None),
    "optax:yogi": ("yogi", {"initial_m": 1e-6, "debias": True}, None),
    "optax:adabelief": ("adabelief", {}, None),
    "optax:adan": ("adan", {"ahead": 0.08, "eps_root": 1e-8, "debias": True}, None),
    "optax:lion": ("lion", {"weight_decay": 1e-3}, None),
    "optax:signsgd": ("signsgd", {}, None),
    "optax:signum": ("signum", {}, None),
    "optax:lars": ("lars", {}, None),
    "optax:lamb": ("lamb", {}, None),
    "optax:novograd": ("novograd", {"beta1": 0.9, "beta2": 0.25, "eps": 1e-6}, None),
    "optax:sm3": ("sm3", {"momentum": 0.9, "eps_root": 1e-8}, None),
    "optax:adafactor": ("adafactor", {}, None),
    "optax:sps": ("sps", {"c": 1}, 1.0),
    "optax:ademamix": ("ademamix", {}, None),
    "optax:adopt": ("adopt", {}, None),
    "optax:dadapt_adam": ("dadapt_adam", {"debias": True, "lagged": True}, 1.0),
    "optax:prodigy": ("prodigy", {"debias": True, "fresh": True}, 1.0),
    "optax:dog": ("dog", {"eps": 1e-8}, 1.0),
    "optax:dowg": ("dowg", {"eps": 1e-4, "reps": 1e-2}, 1.0),
    "optax:madgrad": ("madgrad", {}, None),
    "optax:muon": (
        "muon",
        {"eps": 1e-8, "debias": True, "otherwise_ratio": 1, "otherwise": "optax:nadam"},
        None,
    ),
    "optax:schedule_free_sgd": ("schedule_free_sgd", {}, 1.0),
    "optax:schedule_free_adamw": ("schedule_free_adamw", {"warm": False}, 2.5e-3),
}
