"""What an optimizer is called, and how a name or a rule that can't be read is refused."""

import optbench as ob
import pytest
from twins import by_name


@pytest.mark.parametrize("name", by_name.names("rules"))
def test_a_rule_names_its_paper(name):
    """The docstring names a year and the hyperparameters' units: what `optbench list` prints as the
    source.
    """
    rule = ob.get_optimizer(name)
    text = " ".join((rule.rule.function.__doc__ or "").split())

    assert any(f"({year})" in rule.source for year in range(1900, 2100))
    assert rule.rule.lr is None or "lr : " in text


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
def test_bad_names_are_refused(name, given, reason):
    """An unknown optimizer or setting, or a value out of range, is one line with a way out."""
    with pytest.raises(ValueError, match=reason) as error:
        ob.get_optimizer(name, **given)
    assert "\n" not in str(error.value)


def test_names_leave_defaults_and_lr_out():
    """The canonical name has sorted keys, defaults left out, and no lr, which is a run's own."""
    assert (
        ob.get_optimizer("adam[eps=1e-4,beta1=0.5,beta2=0.999]", lr=0.5).name
        == "adam[beta1=0.5,eps=0.0001]"
    )
    assert ob.get_optimizer("adam", lr=0.5).lr == 0.5


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (lambda: ob.optimizer(_turned), "first arguments"),
        (lambda: ob.optimizer(lambda x, g: x), "a plain function"),
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


def _turned(g, x):
    return x
