"""The calls of torch.optim whose trajectories are kept."""

from cases import SHAPES, Case


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
