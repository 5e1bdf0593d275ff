"""examples/xor.py does what docs/xor.md says of it, to the numbers."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import optbench as ob
import pytest
from twins.networks import network_gradient, network_loss

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/xor.md").read_text()
CODE = (ROOT / "examples/xor.py").read_text()
ROWS, TRUTH = (
    np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
    np.array([[0.0], [1.0], [1.0], [0.0]]),
)


@pytest.fixture(scope="module")
def lesson():
    spec = importlib.util.spec_from_file_location("xor_lesson", ROOT / "examples/xor.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_gradient_by_hand_is_the_plain_networks(lesson):
    """Loss and gradient of the kernels called by hand equal the plain network's."""
    x, g = np.random.default_rng(0).normal(size=9), np.zeros((9, 1))
    loss = lesson.gradient(x.reshape(9, 1), g)
    layers = [2, 2, 1], "tanh", "mean_squared_error", ROWS, TRUTH

    assert loss == pytest.approx(network_loss(x, *layers), rel=1e-14)
    np.testing.assert_allclose(g[:, 0], network_gradient(x, *layers), rtol=1e-12, atol=1e-15)


@pytest.mark.slow
def test_by_hand_and_through_the_command_are_the_same_run(lesson):
    """10 000 epochs of plain gradient descent from a standard normal start: the losses agree to
    1e-12, all along.
    """
    losses, curve = np.array(lesson.by_hand(seed=4)), lesson.through_the_command(seed=4)

    assert len(losses) == 10_001
    assert curve["step"].iloc[-1] == 10_000
    np.testing.assert_allclose(losses[curve["step"]], curve["loss"], atol=1e-12, rtol=0)
    assert losses[0] == pytest.approx(
        ob.get_problem("xor").value_and_grad(ob.get_problem("xor").start(4))[0]
    )


def test_the_code_that_the_page_shows_is_the_examples():
    """Every line of code on the page stands in the example, or in it with the name of a
    constant.
    """
    known = CODE.replace("lr=LR", "lr=0.1")
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        for line in block.splitlines():
            shown = line.split("  #")[0].strip()

            assert not shown or shown in known, shown


@pytest.mark.slow
def test_the_numbers_of_the_page_are_those_that_the_example_prints():
    """Counts agree to 10, losses to 2 %, and what is rounding on the page is rounding here."""
    done = subprocess.run(
        [sys.executable, ROOT / "examples/xor.py"], capture_output=True, text=True, check=True
    )
    number = re.compile(r"-?\d[\d,]*\.?\d*(?:e[-+]\d+)?")
    printed = [line.split() for line in done.stdout.splitlines() if line]
    shown = [
        line.split()
        for line in re.findall(r"```\n(by hand.*?)```", PAGE, re.DOTALL)[0].splitlines()
        if line
    ]

    assert len(printed) == len(shown) == 16
    for ours, page in zip(printed, shown, strict=True):
        for a, b in zip(ours, page, strict=True):
            if not number.fullmatch(b.rstrip(",;")):
                assert a == b
                continue
            one, other = (float(word.rstrip(",;").replace(",", "")) for word in (a, b))
            assert abs(one - other) <= max(10 if other >= 10 else 1e-12, 0.02 * other), (
                f"{a} and not {b}"
            )
