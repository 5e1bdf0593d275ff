"""The calls of optax.contrib, and of wrappers, whose trajectories are kept; columns as in
optax_calls.py.
"""

CALLS: list[tuple] = [
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
