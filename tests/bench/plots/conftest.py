"""Results that the figures are drawn of, and axes to draw on."""

import matplotlib.pyplot as plt
import optbench as ob
import pytest
from drawn_lines import BOWL, LRS
from matplotlib.figure import Figure


@pytest.fixture(scope="module")
def results():
    """Two optimizers on two problems at four learning rates, of which sgd diverges at some; three
    seeds.
    """
    return ob.run(["rosenbrock", BOWL], ["sgd", "adam"], lrs=LRS, seeds=3, steps=200)


@pytest.fixture
def ax():
    return Figure().subplots()


@pytest.fixture(autouse=True)
def _closed():
    """Figures of pyplot are closed after each test."""
    yield
    plt.close("all")
