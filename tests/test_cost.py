"""`optbench cost`: counts are right, shares add up, and what is asked wrongly is told."""

import json

import pytest
from click.testing import CliRunner
from optbench.bench.cli import main
from optbench.kernels.network import product_operations


def cost(*words, status=0):
    done = CliRunner().invoke(main, ["cost", *words])

    assert done.exit_code == status, done.output
    return done


def test_product_operations_are_those_of_the_six_products():
    """A multiplication and an addition for each number and each term: the first layer has two products, others three."""
    forward = [(64, 64, 32), (64, 32, 10)]
    backward = [(64, 64, 32), (32, 64, 10), (64, 10, 32)]  # slopes of both layers' weights, and of the hidden values

    assert product_operations([64, 32, 10], 64) == sum(2 * a * b * c for a, b, c in forward + backward)
    assert product_operations([30, 1], 7) == 2 * 7 * 30 * 2


@pytest.mark.parametrize(("dtype", "bytes_a_number"), [("float64", 8), ("float32", 4)])
def test_the_cost_of_adam_on_the_digits(dtype, bytes_a_number):
    """Gradient and update add up to the step, two slots a parameter are its state, the share of the peak is below 1."""
    told = json.loads(cost("--quick", "--json", "--dtype", dtype, "--lanes", "16").stdout)

    assert told["lanes"] == 16
    assert told["ns_gradient"] + told["ns_update"] == pytest.approx(told["ns_per_step"])
    assert told["ns_gradient"] > told["ns_update"] > 0
    assert told["state_bytes_per_parameter"] == 2 * bytes_a_number
    assert told["bytes_per_run"] == 4 * bytes_a_number * 2410
    assert 0.1 < told["share_of_peak"] < 1
    assert told["gflops"] == pytest.approx(told["share_of_peak"] * told["peak_gflops"])
    assert "compile_seconds" not in told


def test_compiling_is_timed_anew():
    """Seconds of compilation are those of a process with nothing kept, for a formula without products too."""
    told = json.loads(cost("-p", "rosenbrock", "-o", "sgd", "--json").stdout)

    assert told["product_operations"] is None
    assert told["lanes"] == 45  # nine rates and five seeds
    assert told["state_bytes_per_parameter"] == 0
    assert min(told["compile_seconds"].values()) > 0.01
    assert set(told["compile_seconds"]) == {"gradient", "update", "loop"}


@pytest.mark.parametrize(
    ("words", "reason"),
    [(["-p", "digit"], "digits"), (["-o", "adm"], "adam"), (["--dtype", "half"], "float32"), (["--lanes", "0"], "from 1")],
)
def test_wrong_words_are_told_in_a_line(words, reason):
    """A wrong name or number ends with status 2 and a line that says what there is."""
    done = cost("--quick", *words, status=2)

    assert reason in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
