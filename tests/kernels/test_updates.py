"""Every registered optimizer against a plain NumPy transcription of its paper; a rule without one
fails here.
"""

import inspect

import numpy as np
import optbench as ob
import pytest
from optbench.kernels.grammar import parse
from optbench.kernels.registry import registered
from twins import by_name

VARIANTS = [
    "momentum[momentum=0.5]",
    "nesterov[momentum=0.99]",
    "averaged_sgd[alpha=0.6,begin=20,lambd=0.1]",
    "rprop[backtrack=False,eta_minus=0.7,largest=2.0]",
    "adagrad[eps=0.1,initial=0.5]",
    "adadelta[rho=0.5]",
    "rmsprop[decay=0.5,eps=1e-4]",
    "rmsprop_centered[decay=0.5,eps=1e-4]",
    "rmsprop_momentum[centered=False,momentum=0.5]",
    "adam[beta1=0.5,beta2=0.9,eps=1e-4]",
    "adamw[beta1=0.8,weight_decay=0.05]",
    "amsgrad[correction=1]",
    "amsgrad[beta2=0.5,correction=2]",
    "radam[beta2=0.9,eps_hat,eps=0.1]",
    "yogi[debias,initial=0.1,initial_m=0.2]",
    "adabelief[beta2=0.9,eps_root=0.01]",
    "adabound[final=0.01,gamma=0.1]",
    "padam[partial=0.4]",
    "adan[weight_decay=0.1]",
    "adan[debias]",
    "adopt[beta2=0.9,clip=0.0]",
    "ademamix[warmup=100,weight_decay=0.1]",
    "qhadam[nu1=0.5,nu2=0.8]",
    "aggmo[beta1=0.5,beta3=0.999]",
    "lion[beta1=0.5,beta2=0.9,weight_decay=0.1]",
    "schedule_free_adamw[beta1=0.5,weight_decay=0.1]",
    "lars[trust=0.1,weight_decay=0.1]",
    "lamb[weight_decay=0.1]",
    "novograd[weight_decay=0.1]",
    "dadapt_sgd[d0=0.1,growth=1.02]",
    "prodigy[beta3=0.9,d_coef=2.0]",
    "barzilai_borwein[long=False]",
    "muon[nesterov=False,weight_decay=0.1]",
    "soap[every=1]",
    "adafactor[relative=False]",
    "sm3[momentum=0.9]",
    "lookahead[signum,alpha=0.8,every=3]",
    "cautious[lion]",
    "selective[lookahead[adam]]",
    "clip_norm[adam[beta1=0.5],limit=0.01]",
    "clip_value[l2[nesterov]]",
    "averaged[sgd,beta=0.9]",
]
RULES = [*by_name.names("rules"), *VARIANTS]
SHAPES = (("w", (2, 2)), ("b", (2,)))
EVALUATING = {
    name
    for name in RULES
    if ob.get_optimizer(name).chain.uses("loss") or ob.get_optimizer(name).evaluations != 1
}
"""Rules that see more of the problem than its gradients."""
BLIND = [name for name in RULES if name not in EVALUATING]


def gradients(n=6, steps=200):
    """Random gradients of changing scale, with exact zeros among them."""
    random = np.random.default_rng(7)
    g = random.normal(size=(steps, n)) * 10 ** random.uniform(-3, 3, size=(steps, 1))
    g[random.uniform(size=g.shape) < 0.05] = 0.0
    return g


def twin(rule, lr, **known):
    """The rule's transcription with all its settings: (x, g, t, state) -> x; known : what some of
    them are given besides.
    """
    function = by_name.rule(rule.rule.name)
    first = (twin(rule.wrapped, lr, **known),) if rule.wrapped else ()
    taken = inspect.signature(function).parameters
    settings = {}
    for word, value in rule.settings.items():
        if (
            value != rule.rule.settings[word] or word in taken
        ):  # a paper may lack what a setting's default turns off
            settings[word] = int(value) if type(taken[word].default) is int else value
    if rule.fallback:
        settings["other"] = rule.fallback.settings

    def step(x, g, t, state):
        given = {word: known[word] for word in known if word in taken}
        return function(*first, x, g, t, state, lr, **settings, **given)

    return step


def test_every_rule_has_its_transcription():
    """A rule joins with its paper's lines in plain NumPy, in a file of its name."""
    ours = [name for name, rule in registered().items() if rule.owner.startswith("optbench.")]

    assert by_name.names("rules") == sorted(ours)


@pytest.mark.parametrize("name", BLIND)
@pytest.mark.parametrize("lr", [1e-3, 0.3])
def test_rule_equals_its_transcription(name, lr):
    """200 updates with random gradients agree with the transcription to 1e-12 relative to the
    point's size, at each step.
    """
    x = np.random.default_rng(3).normal(size=6)
    rule = ob.get_optimizer(name, lr=lr)
    walk, step, state = rule.start(x, shapes=SHAPES), twin(rule, lr, shapes=SHAPES), {}
    for t, slope in enumerate(gradients(), 1):
        x = step(x, slope, t, state)
        found = walk.step(slope)

        assert np.abs(found - x).max() <= 1e-12 * np.abs(x).max()
        if rule.reported:
            assert (
                np.abs(walk.reported - state["reported"]).max()
                <= 1e-12 * np.abs(state["reported"]).max()
            )
    assert walk.t == 200


@pytest.mark.parametrize("name", sorted(EVALUATING))
@pytest.mark.parametrize("lr", [1e-3, 0.5])
def test_rule_that_evaluates_equals_its_transcription(name, lr):
    """50 updates on Rosenbrock's function, with its losses and minimum, agree with the
    transcription to 1e-9.
    """
    problem = ob.get_problem("rosenbrock")
    rule = ob.get_optimizer(name, lr=lr)
    x = problem.start(0)
    walk, state = rule.start(x, problem=problem), {}
    for t in range(1, 51):
        loss, g = problem.value_and_grad(x)
        step = twin(
            rule, lr, shapes=problem.shapes, loss=loss, minimum=0.0, fun=problem.value_and_grad
        )
        x = step(x, g, t, state)
        found = walk.step(problem.value_and_grad(walk.x)[1], loss=problem.value_and_grad(walk.x)[0])
        if not np.abs(x).max() < 1e6:
            break

        assert np.abs(found - x).max() <= 1e-9 * np.abs(x).max()


# Barzilai and Borwein's short step divides by the difference of two gradients, most of which is
# rounding in float32
@pytest.mark.parametrize("name", [name for name in BLIND if "long=False" not in name])
def test_float32_stays_near_float64(name):
    """50 updates in float32 storage stay within 1e-5 of float64, relative to how far the run
    went.
    """
    x0 = np.random.default_rng(3).normal(size=6).astype(np.float32).astype(float)
    rule = ob.get_optimizer(name, lr=1e-2)
    wide, narrow = rule.start(x0, shapes=SHAPES), rule.start(x0, shapes=SHAPES, dtype="float32")
    g = np.random.default_rng(5).normal(size=(50, 6)).astype(np.float32)
    for slope in g:
        wide.step(slope.astype(float))
        narrow.step(slope)
    a, b = wide.x, narrow.x

    assert b.dtype == np.float32
    assert np.abs(a - b).max() <= 1e-5 * max(1.0, np.abs(a).max())


OWN_STEP = ("adabound", "adaptive_gd", "barzilai_borwein")
"""Rules whose bounds or steps aren't lr's; the schedule scales those."""


@pytest.mark.parametrize("name", [name for name in BLIND if not name.startswith(OWN_STEP)])
def test_the_schedule_scales_lr(name):
    """A step with scale s is the step of lr times s (for AdamW the decay too), from the same
    state.
    """
    g = gradients(steps=20)
    rule = ob.get_optimizer(name, lr=0.02)
    halved = ob.get_optimizer(name, lr=0.01)
    if ("adamw" in parse(name)[0] and "schedule" not in name) or name == "cautious":
        halved = halved.configured(weight_decay=rule.flat["weight_decay"] / 2)
    a, b = rule.start(np.ones(6), shapes=SHAPES), halved.start(np.ones(6), shapes=SHAPES)
    for slope in g:
        a.step(slope, scale=0.5)
        b.step(slope)

    np.testing.assert_allclose(a.x, b.x, rtol=1e-13)


@pytest.mark.parametrize("name", BLIND)
def test_nan_is_never_hidden(name):
    """A NaN in the gradient makes its coordinate NaN, and leaves the others as they are if the rule
    is coordinate-wise.
    """
    rule = ob.get_optimizer(name, lr=0.1)
    walk, calm = (rule.start(np.ones(3)) for _ in range(2))
    for _ in range(2):  # some rules don't move at first
        walk.step(np.array([1.0, np.nan, -2.0]))
        calm.step(np.array([1.0, 5.0, -2.0]))

    assert np.isnan(walk.x[1])
    if rule.rule.per == "coordinate" and (not rule.other or rule.other.rule.per == "coordinate"):
        assert walk.x[[0, 2]].tobytes() == calm.x[[0, 2]].tobytes()


@pytest.mark.parametrize("name", ["lars", "lamb", "lars[weight_decay=0.1]"])
def test_a_tensor_of_zeros_moves(name):
    """Layer-wise norms of zero stop nothing: a tensor that begins at zero moves, and agrees with
    the transcription.
    """
    rule, x, state = ob.get_optimizer(name, lr=0.1), np.zeros(6), {}
    walk, step = rule.start(x, shapes=SHAPES), twin(rule, 0.1, shapes=SHAPES)
    for t, g in enumerate(gradients(steps=5), 1):
        x = step(x, g, t, state)

        np.testing.assert_allclose(walk.step(g), x, rtol=1e-12)
    assert (x != 0).all()


@pytest.mark.parametrize("name", BLIND)
def test_zero_gradients_leave_the_numbers_finite(name):
    """Three zero gradients at the start, and after them some that aren't, make no NaN."""
    walk = ob.get_optimizer(name, lr=0.01).start(np.array([1.0, -2.0, 0.0]))
    for g in ([0.0] * 3, [0.0] * 3, [0.0] * 3, [1.0, 0.0, -1.0], [0.0] * 3):
        assert np.isfinite(walk.step(np.array(g))).all()


@pytest.mark.parametrize(
    "name", ["adam", "adamw", "rmsprop", "rmsprop_centered", "adam[beta1=0.5,beta2=0.9]"]
)
def test_first_adam_steps_by_hand(name):
    """slots hold what the paper calls m and v: after one step m = (1 - beta1) g and v = (1 - beta2)
    g².
    """
    rule = ob.get_optimizer(name, lr=0.1)
    walk = rule.start(np.zeros(2))
    walk.step(np.array([3.0, -4.0]))
    beta2 = rule.settings.get("beta2", rule.settings.get("decay"))

    np.testing.assert_allclose(walk.slots["v"], (1 - beta2) * np.array([9.0, 16.0]), rtol=1e-14)
    if "m" in walk.slots:
        np.testing.assert_allclose(
            walk.slots["m"], (1 - rule.settings["beta1"]) * np.array([3.0, -4.0]), rtol=1e-14
        )
