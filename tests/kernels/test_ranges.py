"""Settings have ranges: what lies outside is one line, what lies at an end runs, a plugin's own
names have its own.
"""

import numpy as np
import optbench as ob
import pytest
from click.testing import CliRunner
from optbench.bench.cli.main import main
from optbench.bench.sweep.request import Request
from optbench.bench.sweep.sweep import plan
from optbench.kernels.presets import PRESETS
from optbench.kernels.ranges import Range, interval

OURS = [
    name for name in ob.list_optimizers() if ob.get_optimizer(name).owner.startswith("optbench.")
]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("adam[beta2=1.0]", "adam[beta2=1.0]: out of range, it lies in [0, 1)"),
        ("adam[beta1=1.5]", "adam[beta1=1.5]: out of range, it lies in [0, 1)"),
        ("adam[eps=-1e-8]", "adam[eps=-1e-08]: out of range, it lies in [0, inf)"),
        ("torch:adam[beta1=-0.1]", "torch:adam[beta1=-0.1]: out of range, it lies in [0, 1)"),
        ("clip_norm[sgd,limit=-1]", "clip_norm[limit=-1.0]: out of range, it lies in (0, inf)"),
        ("clip_norm[adam[beta1=2],limit=1]", "adam[beta1=2.0]: out of range, it lies in [0, 1)"),
        (
            "lookahead[every=0]",
            "lookahead[every=0.0]: out of range, it is a whole number in [1, inf)",
        ),
        (
            "lookahead[every=2.5]",
            "lookahead[every=2.5]: out of range, it is a whole number in [1, inf)",
        ),
        ("lookahead[alpha=0]", "lookahead[alpha=0.0]: out of range, it lies in (0, 1]"),
        ("lbfgs[memory=2.5]", "lbfgs[memory=2.5]: out of range, it is a whole number in [1, inf)"),
        ("lbfgs[c1=0.95]", "lbfgs[c1=0.95]: out of range, it lies in (0, c2)"),
        ("rprop[smallest=60]", "rprop[smallest=60.0]: out of range, it lies in [0, largest]"),
        ("muon[steps=0]", "muon[steps=0.0]: out of range, it is a whole number in [1, inf)"),
        ("muon[otherwise_ratio=0]", "muon[otherwise_ratio=0.0]: out of range, it lies in (0, inf)"),
        (
            "amsgrad[correction=3]",
            "amsgrad[correction=3.0]: out of range, it is a whole number in [0, 2]",
        ),
        ("adam[lr=-0.1]", "adam[lr=-0.1]: a learning rate must be positive"),
        ("adam[eps=nan]", "adam[eps=nan]: the value must be finite"),
        ("adam[lr=inf]", "adam[lr=inf]: the value must be finite"),
    ],
)
def test_a_setting_out_of_range_is_one_line(name, line):
    """The line names the setting, its value and where it lies; `optbench run` prints it and ends
    with status 2.
    """
    with pytest.raises(ValueError, match=r"range|must be") as error:
        ob.get_optimizer(name)
    done = CliRunner().invoke(main, ["run", "-p", "quadratic", "-o", name, "--steps", "1"])

    assert str(error.value) == line
    assert done.exit_code == 2
    assert line in " ".join(done.stderr.split())


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 10**400])
def test_what_is_no_finite_number_is_refused_for_every_setting(value):
    """NaN, the infinities, and a whole number beyond float64 are no setting's value, nor a learning
    rate's.
    """
    for name in OURS:
        rule = ob.get_optimizer(name)
        for word in [
            word for word, given in rule.settings.items() if not isinstance(given, bool)
        ] + ["lr"]:
            if word != "lr" or rule.lr is not None:
                with pytest.raises(ValueError, match="must be finite"):
                    ob.get_optimizer(name, **{word: value})


def test_every_setting_has_a_range():
    """All numbers of all rules have a range, the learning rate included, in which the defaults and
    the presets lie.
    """
    for name in [*OURS, *PRESETS]:
        rule = ob.get_optimizer(name)
        for one in rule.rules:
            numbers = [word for word, value in one.settings.items() if not isinstance(value, bool)]

            assert [word for word in numbers if one.ranges[word] is None] == []
            assert one.lr is None or one.ranges["lr"] == Range(
                0.0, float("inf"), True, True, log=True
            )


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in OURS if ob.get_optimizer(name).settings])
def test_a_rule_runs_at_the_ends_of_its_ranges(name):
    """With a setting at an end that belongs to its range, 30 updates on a quadratic leave every
    number finite.
    """
    problem, rule = ob.get_problem("quadratic", dim=4), ob.get_optimizer(name)
    for word, own in rule.rule.ranges.items():
        for end, is_open in (
            ((own.low, own.low_open), (own.high, own.high_open)) if own and word != "lr" else ()
        ):
            if is_open:
                continue
            value = rule.settings[end] if isinstance(end, str) else end
            walk = ob.get_optimizer(name, **{word: value}).start(problem.start(1), problem=problem)
            for _ in range(30):
                loss, g = problem.value_and_grad(walk.x)
                walk.step(g, loss=loss)

            assert np.isfinite(walk.x).all(), f"{word}={value:g}"
            assert np.isfinite(walk.reported).all(), f"{word}={value:g}"


def test_a_plugins_own_names_have_the_ranges_that_it_declares():
    """A name that nobody knows has no range; a declared one holds, whichever way it is written;
    None lifts a known one.
    """

    @ob.optimizer(
        ranges={"turns": "[1, 9] whole", "share": (0, 1), "beta": None, "low": "(0, high)"}
    )
    def ranged_probe(x, g, lr=0.1, turns=3, share=0.5, beta=2.0, low=1.0, high=2.0, anything=-5.0):
        """A test's rule (2000)."""
        return x - lr * share * g * beta * turns * low / high * anything

    assert ranged_probe.configured(share=1, beta=-7, anything=1e9, turns=9).settings["beta"] == -7
    for word, value, where in (
        ("turns", 2.5, "a whole number in [1, 9]"),
        ("share", 1.01, "in [0, 1]"),
        ("low", 2.0, "in (0, high)"),
        ("lr", 0.0, "positive"),
    ):
        with pytest.raises(ValueError, match=r"range|must be") as error:
            ranged_probe.configured(**{word: value})
        assert where in str(error.value)


def test_a_learning_rates_declared_range_holds():
    """In a name, as a setting, among lrs and inside a wrapper; the default grid ends where the
    range does.
    """

    @ob.optimizer(ranges={"lr": "(0, 1]"})
    def rated_probe(x, g, lr=0.1):
        """A test's rule (2000)."""
        return x - lr * g

    def planned(optimizer, lrs=None):
        return plan(Request(problems=["quadratic"], optimizers=[optimizer], lrs=lrs, seeds=1))

    line = r"rated_probe\[lr=5.0\]: out of range, it lies in \(0, 1\]"
    asked = [
        lambda: ob.get_optimizer("rated_probe[lr=5]"),
        lambda: ob.get_optimizer("rated_probe", lr=5.0),
        lambda: ob.get_optimizer("lookahead[rated_probe[lr=5]]"),
        lambda: ob.get_optimizer("lookahead[rated_probe]", lr=5.0),
        lambda: planned("rated_probe", lrs=[0.1, 5.0]),
        lambda: planned("lookahead[rated_probe]", lrs=[5.0]),
    ]
    for ask in asked:
        with pytest.raises(ValueError, match=line):
            ask()
    made = planned("rated_probe")

    assert made.lrs["rated_probe"] == (0.001, 0.00316, 0.01, 0.0316, 0.1, 0.316, 1.0)


@pytest.mark.parametrize(
    ("words", "default", "reason"),
    [
        (
            {},
            1.5,
            (
                "beta=1.5.: out of range, it lies in .0, 1.; where it means something else, declare"
                " ranges="
            ),
        ),
        ({}, float("nan"), "'beta' must be a finite number"),
        ({"ranges": {"beta": "[0, 1"}}, 0.5, "can't read the range"),
        ({"ranges": {"beta": (2, 1)}}, 0.5, "wrong order"),
        ({"ranges": {"beta": "(0, top)"}}, 0.5, "'top', which is none of its settings: beta"),
        ({"ranges": {"gamma": (0, 1)}}, 0.5, "no setting 'gamma'; its settings: beta"),
    ],
)
def test_a_rule_is_registered_with_sound_ranges_alone(words, default, reason):
    """A default out of its range, and a range that can't be read or is of no setting, are refused
    when the rule is declared.
    """

    def unsound_probe(x, g, lr=0.1, beta=default):
        """A test's rule (2000)."""
        return x - lr * beta * g

    with pytest.raises(ValueError, match=reason):
        ob.optimizer(**words)(unsound_probe)


def test_a_range_tells_a_search_how_to_spread():
    """The ends as numbers, whether whole numbers are meant, and whether ratios count: what a search
    space is made of.
    """
    ranges = ob.get_optimizer("lbfgs").rule.ranges

    assert ranges["memory"] == Range(1.0, float("inf"), False, True, whole=True)
    assert ranges["c1"] == Range(0.0, "c2", True, True, log=True)
    assert ranges["c2"] == interval("(0, 1)")
    assert interval("(-inf, 3]") == Range(-float("inf"), 3.0, True, False)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("rosenbrock[dim=0]", "dim must be at least 2"),
        ("noisy_beale[level=-1]", "level"),
        ("quadratic[condition=0.5]", "condition"),
        ("quadratic[dim=-1]", "dim and condition must be at least 1"),
        ("sphere[noise=-0.1]", "noise at least 0"),
        ("sphere[shift=1e300]", "shift goes from -1e6 to 1e6"),
        ("sphere[rescale=1e300]", "at most 1e12"),
        ("plateau[sharpness=1e-300]", "sharpness"),
    ],
)
def test_a_problems_parameter_out_of_range_is_one_line(name, reason):
    """A problem that has no meaning isn't made: sizes, noise, and a shift that would swallow the
    start's digits.
    """
    with pytest.raises(ValueError, match=reason) as error:
        ob.get_problem(name)
    assert "\n" not in str(error.value)
    assert "can't be made" not in str(error.value)
