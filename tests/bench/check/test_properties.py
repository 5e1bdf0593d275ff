"""What is measured of a rule and not judged: invariances, the schedule, memory, cost."""

import numpy as np
import optbench as ob
import pytest
from optbench.bench.check import properties, trial_problem
from optbench.bench.timing import update_cost

INVARIANT = {
    "gradient scale": {"adam", "signsgd", "lars", "normalized_sgd"},
    "parameter scale": {"lars"},
    "translation": {"adam", "sgd", "signsgd", "lbfgs", "normalized_sgd"},
    "rotation": {"sgd", "momentum"},
    "permutation": {"sgd", "adam", "signsgd", "momentum", "lbfgs"},
    "signs": {"sgd", "adam", "signsgd", "momentum", "lars", "lbfgs", "lamb", "normalized_sgd"},
}
VARIANT = {
    "gradient scale": {"sgd", "momentum", "clip_norm"},
    "parameter scale": {"sgd", "adam", "signsgd", "normalized_sgd"},
    "translation": {"lars", "adamw", "lamb"},
    "rotation": {"adam", "signsgd", "adamw", "lamb"},
    "permutation": {"muon"},
    "signs": {"muon"},
}


@pytest.mark.parametrize("name", sorted(set.union(*INVARIANT.values(), *VARIANT.values())))
def test_invariances_are_the_known_ones(name):
    """What follows from a rule's formula is what is measured: Adam forgets the gradient's scale,
    SGD turns with the axes.
    """
    measured = {
        found.name: found.values["invariant"]
        for found in properties.invariances(ob.get_optimizer(name))
    }
    for words, wanted in ((INVARIANT, True), (VARIANT, False)):
        for prefix in words:
            if name in words[prefix]:
                assert (
                    next(held for seen, held in measured.items() if seen.startswith(prefix))
                    is wanted
                ), prefix


def test_the_schedule_is_measured():
    """scale multiplies lr in Adam; AdamW's weight decay is lr's own share, so halving lr is not
    halving the scale.
    """
    found = {
        name: properties.schedule(ob.get_optimizer(name)).values["scales_lr"]
        for name in ("adam", "adamw")
    }

    assert found == {"adam": True, "adamw": False}


@pytest.mark.parametrize(
    ("name", "size"), [("sgd", 0), ("adam", 16), ("lookahead[adam]", 24), ("shampoo", None)]
)
def test_bytes_of_state(name, size):
    """Two slots of float64 are 16 bytes a parameter; Shampoo's two square matrices go with the
    tensor's sides.
    """
    found = update_cost.state_bytes(ob.get_optimizer(name), (("w", (8, 4)),))

    assert found == (size if size is not None else 8 * (8 * 8 + 4 * 4) / 32 + 8 * found_plain(name))


def found_plain(name):
    """Slots shaped like x, those of the wrapped rule or the fallback too."""
    rule = ob.get_optimizer(name)
    return len(rule.rule.plain) + (len(rule.other.rule.plain) if rule.other else 0)


def test_the_cost_is_beside_that_of_known_rules(monkeypatch):
    """The cost is in nanoseconds a coordinate, and as a multiple of what sgd and adam take."""
    monkeypatch.setattr(update_cost, "nanoseconds", lambda rules: [6.0, 2.0, 4.0])
    found = properties.cost(ob.get_optimizer("lion"))

    assert found.values == {"ns": 6.0, "ratio_to_sgd": 3.0, "ratio_to_adam": 1.5}
    assert found.text == "6.00 ns a coordinate, 3.0 × sgd, 1.50 × adam"


def test_trial_twins_are_the_same_problem():
    """A transformed twin's loss at a transformed point is the original's, times the gain."""
    turn, x = trial_problem.orthogonal(5), np.linspace(-1, 1, trial_problem.DIM)
    twin, own = trial_problem.trial(turn=turn, size=3.0, shift=2.0, gain=7.0), trial_problem.trial()
    f, g = own.value_and_grad(x)
    f_twin, g_twin = twin.value_and_grad(3.0 * turn @ x + 2.0)

    np.testing.assert_allclose(f_twin, 7.0 * f, rtol=1e-12)
    np.testing.assert_allclose(g_twin, 7.0 / 3.0 * turn @ g, rtol=1e-10)
