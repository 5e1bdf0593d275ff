"""`optbench cost`: counts are right, shares add up, and wrong options end in a line."""

import json
from types import SimpleNamespace

import optbench as ob
import pytest
from click.testing import CliRunner
from optbench.bench.cli.main import main
from optbench.bench.plugins import discovery
from optbench.bench.plugins.by_name import request_for, subject_of
from optbench.bench.timing import step as costs
from optbench.kernels.network.dense import product_operations


def cost(*arguments, status=0):
    done = CliRunner().invoke(main, ["cost", *arguments])

    assert done.exit_code == status, done.output
    return done


def test_product_operations_are_those_of_the_six_products():
    """A multiplication and an addition for each number and each term: the first layer has two
    products, others three.
    """
    forward = [(64, 64, 32), (64, 32, 10)]
    backward = [
        (64, 64, 32),
        (32, 64, 10),
        (64, 10, 32),
    ]  # slopes of both layers' weights, and of the hidden values

    assert 64 * product_operations([64, 32, 10]) == sum(
        2 * a * b * c for a, b, c in forward + backward
    )
    assert product_operations([30, 1]) == 2 * 30 * 2


@pytest.mark.parametrize(
    "name",
    ["digits", "digits[batch=0]", "digits[batch=1437]", "digits[batch=1]", "xor", "rosenbrock"],
)
def test_rows_seen_are_those_of_the_mini_batches(name):
    """Rows are counted as the loop feeds them, the short last batch of an epoch included."""
    problem = ob.get_problem(name)
    for steps in (1, 2, 23, 50):
        assert problem.data_set.rows_seen(steps) == sum(
            problem.rows(0, step).size for step in range(1, steps + 1)
        )


@pytest.mark.parametrize(
    ("name", "further"), [("digits", 0), ("digits[batch=0]", 1), ("xor", 1), ("noisy_quadratic", 0)]
)
def test_time_is_divided_by_what_was_done(name, further, monkeypatch):
    """Of a loop whose gradients take 700 ns and updates 300, cost says just that, with the last
    objective or without.
    """
    done = []

    def clockwork(block, grid, update=None):
        done.append(block.steps)
        time = 700.0 * (block.steps + further) + (300.0 * block.steps if update is None else 0.0)
        return SimpleNamespace(
            nanoseconds=time * block.lrs.size, lane_steps=block.steps * block.lrs.size
        )

    monkeypatch.setattr(costs, "run_block", clockwork)
    problem = ob.get_problem(name)
    found = costs.measured(costs._block(problem, ob.get_optimizer("adam"), "float64", 16))
    epoch = sum(
        problem.rows(0, step).size for step in range(1, 1 + problem.data_set.steps_per_epoch)
    )

    assert found["ns_gradient"] == pytest.approx(700.0)
    assert found["ns_update"] == pytest.approx(300.0)
    assert found["ns_per_step"] == pytest.approx(1000.0)
    assert done[-1] >= 20
    if problem.data_set.product_operations:
        expected = (
            problem.data_set.product_operations * epoch / problem.data_set.steps_per_epoch / 700.0
        )

        assert found["gflops"] == pytest.approx(expected, rel=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize(("dtype", "bytes_a_number"), [("float64", 8), ("float32", 4)])
def test_the_cost_of_adam_on_the_digits(dtype, bytes_a_number):
    """Adam has two slots a parameter, and its runs x and a gradient besides; compiling is left
    out.
    """
    found = json.loads(cost("--json", "--dtype", dtype, "--lanes", "16").stdout)

    assert found["lanes"] == 16
    assert found["parameters"] == 2410
    assert found["state_bytes_per_parameter"] == 2 * bytes_a_number
    assert found["bytes_per_run"] == 4 * bytes_a_number * 2410
    assert min(found["ns_gradient"], found["peak_gflops"], found["share_of_peak"]) > 0
    assert "compile_seconds" not in found


def test_what_cannot_be_timed_ends_in_a_line(tmp_path):
    """A plugin whose rule can't be compiled ends the command with status 1, and its reason."""
    plugin = tmp_path / "unfit_rule.py"
    plugin.write_text(
        "import optbench as ob\n\n\n@ob.optimizer\ndef unfit_rule(x, g, lr=0.1):\n    return x - lr"
        " * g + 'text'\n"
    )
    done = cost("--plugin", str(plugin), "-o", "unfit_rule", "-p", "rosenbrock", status=1)

    assert "unfit_rule on rosenbrock can't be timed" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_network_of_a_plugin_file_is_found_by_other_processes(tmp_path):
    """What a file makes with ob.dense_problem is the file's, though its formula is optbench's:
    timed, and checked, apart.
    """
    plugin = tmp_path / "two_rows.py"
    plugin.write_text(
        "import optbench as ob\n\n\n@ob.problem\ndef two_rows(hidden=2):\n    return"
        " ob.dense_problem([1, hidden, 1], 'tanh', 'mean_squared_error', [[0.0], [1.0]], [[1.0],"
        " [0.0]],\n                            budget=100, source='here', levels=(0.1,))\n"
    )
    discovery.load_file(str(plugin))
    problem = ob.get_problem("two_rows")

    assert problem.owner.startswith("optbench_plugin_")
    assert subject_of(json.loads(json.dumps(request_for(problem)))).name == "two_rows"
    assert str(plugin) in json.dumps(request_for(problem))


@pytest.mark.slow
def test_compiling_is_timed_anew():
    """Seconds of compilation are those of a process with nothing kept, for a formula without
    products too.
    """
    found = json.loads(cost("-p", "rosenbrock", "-o", "sgd", "--json", "--compile").stdout)

    assert found["product_operations"] is None
    assert found["lanes"] == 45  # nine rates and five seeds
    assert found["state_bytes_per_parameter"] == 0
    assert min(found["compile_seconds"].values()) > 0.01
    assert set(found["compile_seconds"]) == {"gradient", "update", "loop"}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["-p", "digit"], "digits"),
        (["-o", "adam,muon"], "one optimizer at a time"),
        (["-o", "adm"], "adam"),
        (["--dtype", "half"], "float32"),
        (["--lanes", "0"], "from 1"),
    ],
)
def test_wrong_options_end_in_a_line(options, reason):
    """A wrong name or number ends with status 2 and a line that says what there is."""
    done = cost(*options, status=2)

    assert reason in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
