"""What the decorator makes of a rule: names and settings of wrappers and presets, declared slots,
refusals.
"""

import json

import numpy as np
import optbench as ob
import pytest
from optbench.kernels.presets import PRESETS


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("lookahead", "lookahead[adam]"),
        ("lookahead[adam,every=5]", "lookahead[adam]"),
        ("lookahead[every=6,sgd]", "lookahead[sgd,every=6.0]"),
        ("lookahead[adam[beta1=0.8]]", "lookahead[adam[beta1=0.8]]"),
        ("lookahead[adam,beta1=0.8]", "lookahead[adam[beta1=0.8]]"),
        (
            "clip_norm[l2[momentum,weight_decay=0.1],limit=2]",
            "clip_norm[l2[momentum,weight_decay=0.1],limit=2.0]",
        ),
        ("cautious[torch:adamw,beta2=0.9]", "cautious[torch:adamw[beta2=0.9]]"),
        ("torch:adam", "torch:adam"),
        ("torch:adamw[beta1=0.5,weight_decay=0.01]", "torch:adamw[beta1=0.5]"),
        ("optax:muon", "optax:muon"),
    ],
)
def test_names_are_canonical(given, name):
    """What a wrapper wraps comes first, settings that it lacks are the wrapped rule's, and defaults
    are left out.
    """
    rule = ob.get_optimizer(given)

    assert rule.name == name
    assert ob.get_optimizer(name).name == name
    assert ob.get_optimizer(name).written == rule.written


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("lookahead[adam,sgd]", {}, "one optimizer"),
        ("lookahead[nothing_at_all]", {}, "unknown optimizer 'nothing_at_all'"),
        ("lookahead[foo.bar]", {}, "unknown optimizer 'foo.bar'"),
        ("lookahead[adam,beta9=0.1]", {}, "unknown setting of lookahead 'beta9'"),
        ("torch:adm", {}, "did you mean 'torch:adam'"),
        ("lbfgs[memory=0]", {}, "at least 1"),
        ("lookahead[adam", {}, "brackets|can't read"),
        ("lookahead", {"lr": 0.0}, "positive"),
    ],
)
def test_bad_words_are_refused(name, given, reason):
    """A wrapper around nothing known, an unknown setting or preset, and a slot without room are
    errors of one line.
    """
    with pytest.raises(ValueError, match=reason) as error:
        ob.get_optimizer(name, **given)
    assert "\n" not in str(error.value)


def test_every_listed_name_is_an_optimizer():
    """Every name that list_optimizers gives, and every preset, can be had, sorted, with a learning
    rate.
    """
    for name in (*ob.list_optimizers(), *PRESETS):
        assert ob.get_optimizer(name).lr > 0
    assert ob.list_optimizers() == sorted(ob.list_optimizers())
    assert len(ob.list_optimizers()) >= 60


def test_a_wrapper_has_the_wrapped_rules_learning_rate():
    """The grid of lookahead[sgd] is centred where sgd's is, and lr as a setting moves it."""
    assert ob.get_optimizer("lookahead[sgd]").lr == ob.get_optimizer("sgd").lr
    assert ob.get_optimizer("clip_norm[lookahead[sgd]]", lr=0.5).lr == 0.5
    assert ob.get_optimizer("lookahead[sgd]", lr=0.5).wrapped.lr == 0.5


@pytest.mark.parametrize(
    ("name", "wrapped", "fallback"),
    [
        ("adam", None, None),
        ("lookahead[sgd]", "sgd", None),
        ("muon", None, "adam"),
        ("optax:muon", None, "optax:nadam"),
        ("cautious[muon]", "muon", None),
    ],
)
def test_a_rule_has_a_wrapped_rule_or_a_fallback(name, wrapped, fallback):
    """What a wrapper wraps, and what takes the tensors that aren't matrices, are told apart."""
    rule = ob.get_optimizer(name)
    found = [other and other.name for other in (rule.wrapped, rule.fallback)]

    assert found == [wrapped, fallback]


def test_runs_keep_all_settings_of_a_wrapper():
    """The settings of a wrapped rule are kept beside the wrapper's own, as JSON."""
    runs = ob.run(
        ["quadratic"], ["lookahead[momentum[momentum=0.5]]"], lrs=[0.1], seeds=1, steps=3
    ).runs

    assert json.loads(runs["settings"][0]) == {
        "alpha": 0.5,
        "every": 5.0,
        "momentum": {"momentum": 0.5},
    }
    assert runs["optimizer"][0] == "lookahead[momentum[momentum=0.5]]"


def test_slots_have_their_declared_shapes_and_values():
    """Slots of other shapes than x are one number, a row's or a square of numbers a tensor, from 0,
    a number or a setting.
    """

    @ob.optimizer(
        per="matrix",
        slots={
            "count": (),
            "left": ("rows", "rows"),
            "right": ("columns",),
            "past": ("memory", "size"),
        },
        init={"left": 2.0, "right": "begin", "m": "x"},
    )
    def shaped_probe(x, g, m, count, left, right, past, lr=0.1, begin=3.0, memory=2):
        """A test's rule (2000). lr : units of x."""
        count[0] += x.shape[0] * 10 + x.shape[1]
        left[0, x.shape[0] - 1] += 1
        right[x.shape[1] - 1] += 1
        past[1, x.size - 1] = x[x.shape[0] - 1, x.shape[1] - 1]
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                x[i, j] -= lr * g[i, j]

    x = np.arange(1.0, 9.0)
    walk = shaped_probe.start(x, shapes=(("w", (3, 2)), ("b", (2,))))
    before = walk.slots
    walk.step(np.ones(8))
    slots = walk.slots

    np.testing.assert_array_equal(before["m"], x)
    np.testing.assert_array_equal(before["right"], [3, 3, 3])  # two columns, and the vector's one
    np.testing.assert_array_equal(before["left"], 2 * np.ones(9 + 4))
    np.testing.assert_array_equal(slots["count"], [32, 21])
    np.testing.assert_array_equal(slots["left"], [2, 2, 3, *[2] * 6, 2, 3, 2, 2])
    np.testing.assert_array_equal(slots["right"], [3, 4, 4])
    np.testing.assert_array_equal(slots["past"], [*[0] * 11, 6, 0, 0, 0, 8])
    np.testing.assert_allclose(walk.x, x - 0.1)


def test_other_tensors_follow_the_other_rule():
    """With `otherwise` a vector moves as under that rule, at its share of the learning rate."""
    g = np.random.default_rng(0).normal(size=(20, 6))
    shapes = (("b", (6,)),)
    muon = ob.get_optimizer("muon", lr=0.4, otherwise_ratio=0.25).start(np.ones(6), shapes=shapes)
    adam = ob.get_optimizer("adam", lr=0.1).start(np.ones(6))
    for slope in g:
        muon.step(slope)
        adam.step(slope)

    np.testing.assert_allclose(muon.x, adam.x, rtol=1e-14)
    np.testing.assert_allclose(muon.slots["adam.v"], adam.slots["v"], rtol=1e-14)


@pytest.mark.parametrize("wraps", ["gradient", "point", "probe"])
def test_a_matrix_wrapper_leaves_other_tensors_to_the_wrapped_rule(wraps):
    """A wrapper per matrix sees vectors as one column; one that changes nothing leaves the wrapped
    rule as it is.
    """

    @ob.optimizer(per="matrix", wraps=wraps, partner="sgd")
    def idle_probe(x, g, y):
        """A test's wrapper (2000): nothing."""

    problem = ob.get_problem("xor")
    runs = ob.run([problem], ["idle_probe[sgd]", "sgd"], lrs=[0.1], seeds=3, steps=60).runs
    walks = [
        ob.get_optimizer(name).start(problem.start(0), problem=problem)
        for name in ("idle_probe", "sgd")
    ]
    for walk in walks:
        walk.step(problem.value_and_grad(walk.x)[1])

    assert walks[0].x.tobytes() == walks[1].x.tobytes()
    assert (runs["status"] != "diverged").all()


def test_flags_of_a_wrapped_rule_may_stand_in_the_wrapper():
    """A bare word that is no optimizer is a flag of the wrapped rule."""
    assert ob.get_optimizer("lookahead[adan,debias]").name == "lookahead[adan[debias]]"
    assert ob.get_optimizer("lookahead[debias,adan]").name == "lookahead[adan[debias]]"


def test_two_rules_of_one_name_are_not_run_as_one():
    """Two different rules with one name in a sweep are an error, not a silent choice."""

    def made(factor):
        def twice_probe(x, g, lr=0.1):
            """A test's rule (2000). lr : units of x."""
            return x - factor * lr * g

        return ob.optimizer(twice_probe)

    with pytest.raises(ValueError, match="two different optimizers are called 'twice_probe'"):
        ob.run(["quadratic"], [made(1.0), made(2.0)], lrs=[0.1], seeds=1, steps=2)


def test_a_scalar_tensor_is_one_number():
    """A tensor of shape () has one coordinate."""
    walk = ob.get_optimizer("lamb").start(np.ones(3), shapes=(("a", ()), ("b", (2,))))
    walk.step(np.ones(3))

    assert (walk.x != 1).all()


def test_selective_leaves_untouched_coordinates_alone():
    """Where a gradient is exactly zero neither x nor its slots move, to the last bit; elsewhere all
    is as without.
    """
    walk, bare = (
        ob.get_optimizer("selective[adam]").start(np.ones(3)),
        ob.get_optimizer("adam").start(np.ones(3)),
    )
    for slope in ([1.0, 2.0, -1.0], [0.5, 0.0, 1.0], [-1.0, 0.0, 2.0]):
        before = walk.slots["adam.m"][1], walk.slots["adam.v"][1], walk.x[1]
        walk.step(slope)
        bare.step(slope)
        if slope[1] == 0.0:
            assert (walk.slots["adam.m"][1], walk.slots["adam.v"][1], walk.x[1]) == before

    assert walk.x[[0, 2]].tobytes() == bare.x[[0, 2]].tobytes()
    assert bare.x[1] != walk.x[1]


def test_a_wrapper_reports_what_the_wrapped_rule_reports():
    """lookahead[schedule_free_sgd] is judged at the mean of its points; averaged[...] at its
    own.
    """
    problem = ob.get_problem("quadratic")
    for name, slot in (
        ("lookahead[schedule_free_sgd]", "schedule_free_sgd.mean"),
        ("averaged[sgd]", "mean"),
    ):
        walk = ob.get_optimizer(name, lr=0.1).start(problem.start(0))
        for _ in range(7):
            walk.step(problem.value_and_grad(walk.x)[1])

        assert walk.reported.tobytes() == walk.slots[slot].tobytes()
        assert not np.array_equal(walk.reported, walk.x)


@pytest.mark.parametrize(
    ("words", "signature", "reason"),
    [
        ({"per": "layer"}, "x, g, lr=0.1", "per='layer'"),
        ({"wraps": "loss", "partner": "sgd"}, "x, y", "wraps='loss'"),
        ({"wraps": "point"}, "x, y", "partner="),
        ({"otherwise": "adam"}, "x, g, lr=0.1", 'per="matrix"'),
        ({"partner": "sgd"}, "x, g, lr=0.1", "wraps= isn't there"),
        ({"per": "matrix", "partner": "sgd"}, "x, g, lr=0.1", "is otherwise="),
        (
            {"per": "matrix", "wraps": "point", "partner": "sgd", "otherwise": "adam"},
            "x, y",
            "otherwise= is not for wrappers",
        ),
        ({"per": "matrix", "otherwise": "dog"}, "x, g, lr=0.1", "per coordinate"),
        ({"slots": {"m": ()}}, "x, g, m, lr=0.1", 'need per="run"'),
        ({"per": "run", "slots": {"m": ("width",)}}, "x, g, m, lr=0.1", "'width'"),
        ({"per": "run", "slots": {"w": ()}}, "x, g, m, lr=0.1", "no slot 'w'"),
        ({"per": "run", "slots": {"m": ()}, "init": {"m": "x"}}, "x, g, m, lr=0.1", "begin at"),
        ({"per": "run", "slots": {"m": ()}, "reported": "m"}, "x, g, m, lr=0.1", "shaped like x"),
        ({}, "x, g, fun, lr=0.1", 'per="run"'),
        ({"per": "run", "slots": {"m": ("size",)}}, "x, g, m, lr=0.1, size=3", "called 'size'"),
        ({"wraps": "point", "partner": "sgd"}, "x, y, lr=0.1", "without a default"),
    ],
)
def test_bad_declarations_are_refused(words, signature, reason):
    """What a decorator can't mean is an error of one line when the rule is decorated, and registers
    nothing.
    """
    space: dict = {}
    exec(f"def wrong_probe({signature}): return x", space)
    with pytest.raises(ValueError, match=reason) as error:
        ob.optimizer(**words)(space["wrong_probe"])

    assert "\n" not in str(error.value)
    assert "wrong_probe" not in ob.list_optimizers()


@pytest.mark.parametrize("name", ["sps", "armijo", "sam", "lookahead[sam]"])
def test_a_walk_needs_the_problem_that_its_rule_evaluates(name):
    """A rule that evaluates again or knows f* says so when it is started without a problem."""
    with pytest.raises(ValueError, match="problem"):
        ob.get_optimizer(name).start([1.0, 2.0])
