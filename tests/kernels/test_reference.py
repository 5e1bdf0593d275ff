"""Rules against trajectories, networks against gradients, that torch and optax themselves computed
(tests/data/).
"""

import json
from pathlib import Path

import numpy as np
import optbench as ob
import pytest
from optbench.kernels.network.dense import network
from optbench.kernels.network.layout import describe
from optbench.kernels.presets import PRESETS
from optbench.kernels.schedule import multipliers

FOLDER = Path(__file__).resolve().parents[1] / "data"
PROBLEMS = dict(np.load(FOLDER / "problems.npz"))
LIBRARIES = {library: np.load(FOLDER / f"{library}.npz") for library in ("torch", "optax")}
CASES = [
    pytest.param(
        library, k, case, id=f"{case['name']} lr {case['lr']:g} {case['schedule']} on {case['on']}"
    )
    for library, data in LIBRARIES.items()
    for k, case in enumerate(json.loads(str(data["cases"])))
]

NETWORKS = np.load(FOLDER / "networks.npz")
NETWORK_CASES = [
    pytest.param(
        k, case, id=f"{case['shape']} {case['activation']} {case['loss']} x {case['size']:g}"
    )
    for k, case in enumerate(json.loads(str(NETWORKS["cases"])))
]


def rosenbrock(x):
    """The loss and gradient of the extended Rosenbrock function."""
    rise, left = x[1:] - x[:-1] ** 2, 1 - x[:-1]
    g = np.zeros_like(x)
    g[:-1] = -400 * x[:-1] * rise - 2 * left
    g[1:] += 200 * rise
    return np.sum(100 * rise**2 + left**2), g


@pytest.mark.parametrize(("library", "k", "case"), CASES)
def test_rule_equals_the_library(library, k, case):
    """At each kept update max|a - b| / max|b| is at most 1e-10, for the point and for the one to
    evaluate; lr constant, or under a schedule that the library itself went through.
    """
    data = LIBRARIES[library]
    expected, on = data[f"{k}/x"], case["on"]
    reported = data[f"{k}/reported"] if f"{k}/reported" in data.files else expected
    kept = {
        int(update): row
        for row, update in enumerate(PROBLEMS[f"{'scheduled' if case['schedule'] else on}/updates"])
    }
    scales = PROBLEMS[f"scheduled/{case['schedule']}"] if case["schedule"] else np.ones(max(kept))
    problem = None if on == "random" else ob.get_problem("rosenbrock", dim=expected.shape[1])
    shapes = tuple((name, tuple(shape)) for name, shape in case["shapes"].items())
    walk = ob.get_optimizer(case["name"], lr=case["lr"]).start(
        expected[kept[0]], problem=problem, shapes=shapes
    )
    for update in range(1, max(kept) + 1):
        if on == "random":
            loss, g = 0.0, PROBLEMS["random/gradients"][update - 1]
        else:
            loss, g = rosenbrock(walk.x)
        x = walk.step(g, loss=loss, scale=scales[update - 1])
        if update in kept:
            row = kept[update]

            assert np.abs(x - expected[row]).max() <= 1e-10 * np.abs(expected[row]).max(), (
                f"update {update}"
            )
            assert (
                np.abs(walk.reported - reported[row]).max() <= 1e-10 * np.abs(reported[row]).max()
            ), f"update {update}"


def test_every_preset_is_held_to_its_library_under_schedules():
    """Each preset has trajectories under a cosine, a warm-up and a step schedule, whose multipliers
    are those of ours.
    """
    under = {schedule: set() for schedule in ("cosine", "constant[warmup=20]", "step[every=20]")}
    cases: list[dict] = [parameters.values[2] for parameters in CASES]  # type: ignore[assignment, misc]
    for case in cases:
        if case["schedule"] in under:
            under[case["schedule"]].add(case["name"])
    for schedule, names in under.items():
        assert sorted(names) == sorted(PRESETS)
        np.testing.assert_allclose(
            multipliers(schedule, 60), PROBLEMS[f"scheduled/{schedule}"], rtol=1e-14, atol=1e-16
        )


@pytest.mark.parametrize(("k", "case"), NETWORK_CASES)
def test_network_equals_autograd(k, case):
    """Loss and gradient of a network are torch's, to 1e-12 at weights as drawn and to 1e-9 where
    units saturate.
    """
    inputs, targets, x = (
        NETWORKS[f"{case['shape']}/{case['loss']}/{name}"] for name in ("inputs", "targets", "x")
    )
    data = describe(case["widths"], case["activation"], case["loss"], inputs, targets)
    problem = ob.Problem(
        network,
        np.zeros(x.size),
        1.0,
        1,
        "test",
        data=data,
        samples=len(inputs),
        family="network",
        levels=(0.0,),
    )
    loss, g = problem.value_and_grad(case["size"] * x)
    expected, accuracy = NETWORKS[f"{k}/g"], 1e-12 if case["size"] == 1 else 1e-9

    assert abs(loss - NETWORKS[f"{k}/loss"]) <= accuracy * max(1.0, abs(NETWORKS[f"{k}/loss"]))
    assert np.abs(g - expected).max() <= accuracy * max(1.0, np.abs(expected).max())
