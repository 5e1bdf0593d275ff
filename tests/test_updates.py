"""Every registered optimizer against its plain NumPy twin; a rule without a twin fails here."""

import naive
import numpy as np
import optbench as ob
import pytest
from optbench.kernels.grammar import parse
from optbench.kernels.optimizer import registered

VARIANTS = [
    "momentum[momentum=0.5]",
    "nesterov[momentum=0.99]",
    "adagrad[eps=0.1]",
    "rmsprop[decay=0.5,eps=1e-4]",
    "adam[beta1=0.5,beta2=0.9,eps=1e-4]",
    "adamw[beta1=0.8,weight_decay=0.05]",
    "lion[beta1=0.5,beta2=0.9,weight_decay=0.1]",
]
OURS = [name for name, rule in registered().items() if rule.owner.startswith("optbench.")]
RULES = [*(name for name in ob.list_optimizers() if name in OURS or not OURS), *VARIANTS]


def gradients(n=5, steps=200):
    """Random gradients of changing scale, with exact zeros among them."""
    random = np.random.default_rng(7)
    g = random.normal(size=(steps, n)) * 10 ** random.uniform(-3, 3, size=(steps, 1))
    g[random.uniform(size=g.shape) < 0.05] = 0.0
    return g


def twin_points(name, x, g, lr):
    family, settings = parse(name)
    state = {}
    for t, slope in enumerate(g, 1):
        x = naive.UPDATES[family](x, slope, t, state, lr, **settings)
        yield x


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("lr", [1e-3, 0.3])
def test_rule_equals_its_twin(name, lr):
    """200 updates with random gradients agree with the twin to 1e-12 relative to the point's size, at each step."""
    x0 = np.random.default_rng(3).normal(size=5)
    walk = ob.get_optimizer(name, lr=lr).start(x0)
    g = gradients()
    for slope, expected in zip(g, twin_points(name, x0, g, lr), strict=True):
        x = walk.step(slope)

        assert np.abs(x - expected).max() <= 1e-12 * np.abs(expected).max()
    assert walk.t == 200


@pytest.mark.parametrize("name", RULES)
def test_float32_stays_near_float64(name):
    """50 updates in float32 storage stay within 1e-5 of float64, relative to how far the run went."""
    x0 = np.random.default_rng(3).normal(size=5).astype(np.float32).astype(float)
    rule = ob.get_optimizer(name, lr=1e-2)
    wide, narrow = rule.start(x0), rule.start(x0, dtype="float32")
    g = np.random.default_rng(5).normal(size=(50, 5)).astype(np.float32)
    for slope in g:
        wide.step(slope.astype(float))
        narrow.step(slope)
    a, b = wide.x, narrow.x

    assert b.dtype == np.float32
    assert np.abs(a - b).max() <= 1e-5 * max(1.0, np.abs(a).max())


@pytest.mark.parametrize("name", RULES)
def test_the_schedule_scales_lr(name):
    """A step with scale s is the step of lr times s (for AdamW the decay too), from the same state."""
    g = gradients(steps=20)
    rule = ob.get_optimizer(name, lr=0.02)
    halved = ob.get_optimizer(name, lr=0.01)
    if "weight_decay" in rule.settings and parse(name)[0] == "adamw":
        halved = halved.configured(weight_decay=rule.settings["weight_decay"] / 2)
    a, b = rule.start(np.ones(5)), halved.start(np.ones(5))
    for slope in g:
        a.step(slope, scale=0.5)
        b.step(slope)

    np.testing.assert_allclose(a.x, b.x, rtol=1e-13)


@pytest.mark.parametrize("name", RULES)
def test_nan_is_never_hidden(name):
    """A NaN in the gradient makes its coordinate NaN, and leaves the others as they are."""
    walk, calm = (ob.get_optimizer(name, lr=0.1).start(np.ones(3)) for _ in range(2))
    walk.step(np.array([1.0, np.nan, -2.0]))
    calm.step(np.array([1.0, 5.0, -2.0]))

    assert np.isnan(walk.x[1])
    assert walk.x[[0, 2]].tobytes() == calm.x[[0, 2]].tobytes()


@pytest.mark.parametrize("name", [name for name in RULES if "adam" in name or "rms" in name])
def test_first_adam_steps_by_hand(name):
    """slots hold what the paper calls m and v: after one step m = (1 - beta1) g and v = (1 - beta2) g²."""
    rule = ob.get_optimizer(name, lr=0.1)
    walk = rule.start(np.zeros(2))
    walk.step(np.array([3.0, -4.0]))
    beta2 = rule.settings.get("beta2", rule.settings.get("decay"))

    np.testing.assert_allclose(walk.slots["v"], (1 - beta2) * np.array([9.0, 16.0]), rtol=1e-14)
    if "m" in walk.slots:
        np.testing.assert_allclose(walk.slots["m"], (1 - rule.settings["beta1"]) * np.array([3.0, -4.0]), rtol=1e-14)


@pytest.mark.parametrize("name", OURS)
def test_a_rule_tells_its_paper(name):
    """The docstring names a year and the settings' units: what `optbench list` prints as the source."""
    rule = ob.get_optimizer(name)

    assert any(f"({year})" in rule.source for year in range(1900, 2100))
    assert "lr :" in (rule.rule.__doc__ or "")


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("adm", {}, "did you mean 'adam'"),
        ("adam", {"beta": 0.9}, "did you mean 'beta2' or 'beta1'|did you mean 'beta1' or 'beta2'"),
        ("adam[beta1]", {}, "float"),
        ("adam", {"beta1": float("nan")}, "finite"),
        ("adam", {"lr": -1.0}, "positive"),
        ("adam[beta1=0.9", {}, "can't read"),
        ("adam[beta1=0.9,beta1=0.8]", {}, "twice"),
    ],
)
def test_bad_words_are_refused(name, given, reason):
    """An unknown optimizer or setting, or a value out of range, is one line with a way out."""
    with pytest.raises(ValueError, match=reason) as error:
        ob.get_optimizer(name, **given)
    assert "\n" not in str(error.value)


def test_names_leave_defaults_and_lr_out():
    """The canonical name has sorted keys, defaults left out, and no lr, which is a run's own."""
    assert ob.get_optimizer("adam[eps=1e-4,beta1=0.5,beta2=0.999]", lr=0.5).name == "adam[beta1=0.5,eps=0.0001]"
    assert ob.get_optimizer("adam", lr=0.5).lr == 0.5


def test_a_rule_that_averages_reports_its_slot():
    """`init` starts a slot at x or a number, and `reported` is the point to evaluate."""

    @ob.optimizer(init={"mean": "x", "count": 1.0}, reported="mean")
    def averaging_probe(x, g, mean, count, lr=0.1):
        """A test's rule (2000): x moves, the running mean is reported. lr : units of x."""
        x = x - lr * g
        count = count + 1
        return x, mean + (x - mean) / count, count

    walk, seen = averaging_probe.start(np.array([1.0, -2.0])), [np.array([1.0, -2.0])]
    for g in gradients(n=2, steps=10):
        seen.append(walk.step(g))

        np.testing.assert_allclose(walk.reported, np.mean(seen, axis=0), rtol=1e-12)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (lambda: ob.optimizer(lambda g, x: x), "first arguments"),
        (lambda: ob.optimizer(init={"w": 0.0})(_bare), "no slot 'w'"),
        (lambda: ob.optimizer(reported="w")(_bare), "no slot 'w'"),
    ],
)
def test_bad_rules_are_refused(rule, reason):
    """A signature that can't be read is refused when it is decorated."""
    with pytest.raises(ValueError, match=reason):
        rule()


def _bare(x, g, m, lr=0.1):
    return x, m


def test_walk_refuses_wrong_shapes():
    """A start that isn't a finite vector, or a gradient of another shape, is an error."""
    rule = ob.get_optimizer("sgd")
    with pytest.raises(ValueError, match="finite vector"):
        rule.start(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="finite vector"):
        rule.start([np.nan])
    with pytest.raises(ValueError, match="shape"):
        rule.start([1.0, 2.0]).step([1.0])
