"""`optbench show`: what is told of an optimizer or a problem is what it is."""

import inspect
import json
import re

import numpy as np
import optbench as ob
import pytest
from click.testing import CliRunner
from optbench.bench.cli.main import main
from optbench.kernels.compose import source
from optbench.kernels.update.adam import adam

PLUGIN = '''
import optbench as ob


@ob.optimizer(
    per="run", slots={"span": ("size", "memory"), "count": ()}, init={"count": 2.0, "first": "x"}
)
def shown_rule(x, g, first, span, count, lr=0.25, memory=3, bold=True):
    """Someone (2001), A Paper, eq. 7.

    lr : units of x per unit of g.
    """
    for i in range(x.size):
        x[i] -= lr * g[i]


@ob.optimizer
def broken_rule(x, g, m, lr=0.25):
    """Someone (2001), A Paper, eq. 8."""
    return x - lr * g
'''


def optbench(*words, **environment):
    return CliRunner().invoke(main, [str(word) for word in words], env=environment)


def shown(*words):
    """The JSON document of `optbench show`."""
    result = optbench("show", *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def plugin(tmp_path):
    file = tmp_path / "shown.py"
    file.write_text(PLUGIN)
    return ["--plugin", file]


def test_the_source_code_is_shown_plainly_in_a_pipe():
    """Piped, the rule's text stands there as it is in its file, without colours."""
    result = optbench("show", "adam")

    assert result.exit_code == 0
    assert inspect.getsource(adam.rule.function).rstrip() in result.stdout
    assert "\x1b" not in result.stdout


def test_the_source_code_is_coloured_in_a_terminal():
    """In a terminal the text has colours, and is the same without them."""
    result = optbench("show", "adam", FORCE_COLOR="1", COLUMNS="200", TERM="xterm-256color")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", result.stdout)
    lines = [line.rstrip() for line in inspect.getsource(adam.rule.function).splitlines()]

    assert "\x1b[" in result.stdout
    assert [
        line for line in lines if line not in [text.rstrip() for text in plain.splitlines()]
    ] == []


def test_a_rule_tells_what_it_is():
    """Name, paper, lr and settings are those of the object; Adam has two slots of 8 bytes and takes
    one evaluation.
    """
    known = shown("adam[beta1=0.5]")

    assert known["name"] == "adam[beta1=0.5]"
    assert known["source"] == adam.source
    assert known["lr"] == 1e-3
    assert known["settings"] == {"beta1": 0.5, "beta2": 0.999, "eps": 1e-8}
    assert known["slots"] == {"m": "like x", "v": "like x"}
    assert known["evaluations_an_update"] == 1
    assert known["bytes_of_state_a_parameter"] == 16
    assert all(
        np.isfinite(known[word]) for word in ("ns_a_coordinate", "ratio_to_sgd", "ratio_to_adam")
    )


def test_a_plugins_rule_tells_its_declarations(plugin):
    """Slots with shapes and beginnings, settings and the file's own code are shown of a plugin."""
    known = shown("shown_rule", *plugin)

    assert known["slots"] == {
        "first": "like x, begins at x",
        "span": "(size, memory)",
        "count": "(), begins at 2.0",
    }
    assert known["settings"] == {"memory": 3.0, "bold": True}
    assert known["sees"] == "all of x"
    assert known["bytes_of_state_a_parameter"] == 8 * (1 + 3) + 8 / 64
    assert known["code"] in PLUGIN


def test_a_wrapper_names_what_it_wraps():
    """A wrapper tells what it makes and of which rule; a rule for matrices who takes the other
    tensors.
    """
    assert shown("lookahead[lion]")["wraps"] == "lion"
    assert shown("lookahead[lion]")["makes"] == "the point"
    assert shown("muon")["other_tensors"] == "adam"
    assert shown("sam")["evaluations_an_update"] == 2
    assert shown("lbfgs")["evaluations_an_update"] == "differs from update to update"
    assert shown("schedule_free_sgd")["reported"] == "mean"


def test_state_is_measured_on_the_problem_named():
    """-p says on whose tensors: Shampoo keeps two square matrices a weight matrix."""
    small, large = (shown("shampoo", "-p", f"xor[hidden={hidden}]") for hidden in (2, 20))

    assert large["bytes_of_state_a_parameter"] > 2 * small["bytes_of_state_a_parameter"]
    assert "(2, 20)" in large["measured_on"]


def test_a_preset_is_shown_with_its_values():
    """`torch:adagrad` has torch's eps and lr."""
    known = shown("torch:adagrad")

    assert (known["name"], known["lr"], known["settings"]["eps"]) == ("torch:adagrad", 1e-2, 1e-10)


def test_a_problem_tells_what_it_is():
    """Dimension, minimum, budget, targets and source are those of the object; its formula's code
    follows.
    """
    known, problem = shown("rosenbrock[dim=3]"), ob.get_problem("rosenbrock[dim=3]")

    assert known["name"] == "rosenbrock[dim=3]"
    assert (known["dim"], known["minimum"], known["budget"]) == (3, 0.0, problem.budget)
    assert known["targets"] == list(problem.targets)
    assert known["minimizers"] == [[1.0, 1.0, 1.0]]
    assert known["start_loss"] == problem.value_and_grad(problem.start(0))[0]
    assert "def valley(x, g, loss):" in known["code"]
    assert "def rosenbrock(dim=2):" in known["code"]


def test_a_problem_tells_its_numbers():
    """Docstring, kind, tags, condition number at the minimum, and the metric of one on data."""
    known, fitted = shown("rosenbrock"), shown("logistic_regression")

    assert known["about"].startswith("The chained Rosenbrock function")
    assert (known["is"], known["tags"], known["metric"]) == ("analytic", None, None)
    assert known["condition_number_there"] == pytest.approx(2508, rel=1e-3)
    assert fitted["metric"] == "accuracy on 114 rows held out"
    assert shown("powell_singular")["condition_number_there"] == "singular"


def test_a_landscape_is_drawn(tmp_path):
    """`optbench show NAME --plot` draws the problem's landscape beside the table, and says
    where.
    """
    result = optbench("show", "rosenbrock[rotated]", "--plot", "--out", tmp_path)
    file = tmp_path / "landscape-rosenbrock-rotated.png"

    assert result.exit_code == 0
    assert file.name in result.stderr.replace("\n", "")
    assert file.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_rule_has_no_landscape():
    """--plot with an optimizer is one line that says so."""
    result = optbench("show", "sgd", "--plot")

    assert result.exit_code == 2
    assert "draws a problem's landscape" in result.stderr


def test_an_unknown_minimum_is_called_unknown():
    """Where f* isn't known the table says so."""
    words = " ".join(optbench("show", "xor[hidden=1]").stdout.split())

    assert "minimum │ unknown" in words


def test_a_rule_that_does_not_compile_is_shown_with_the_reason(plugin):
    """What is known without compiling is shown, and the line at fault."""
    known = shown("broken_rule", *plugin)

    assert known["can't_be_compiled"] == (
        f"shown.py, line {len(PLUGIN.splitlines())}: returns 1 value, must return x, m"
    )
    assert "ns_a_coordinate" not in known


@pytest.mark.slow
def test_every_rule_and_problem_can_be_shown(monkeypatch):
    """Each registered name is shown, its cost left out."""
    from optbench.bench.cli import show
    from optbench.bench.sweep import suites
    from optbench.bench.timing import update_cost

    monkeypatch.setattr(show, "_cost", lambda optimizer: {})
    for rule in ob.list_optimizers():
        assert show.of_optimizer(ob.get_optimizer(rule), update_cost.SHAPES)["code"].startswith(
            "@optimizer"
        )
    for problem in suites.every_problem():
        assert json.dumps(show.of_problem(problem), allow_nan=False)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["adm"], "did you mean 'adam'"),
        (["adam[beta=1]"], "unknown setting of adam 'beta'"),
        (["xer"], "did you mean 'xor'"),
        (["adam", "-p", "rosenbrok"], "did you mean 'rosenbrock'"),
        ([], "NAME"),
    ],
)
def test_wrong_words_end_in_one_line(words, reason):
    """Unknown names: one line on stderr, exit status 2, nothing on stdout."""
    result = optbench("show", *words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert reason in result.stderr


def test_the_kernel_is_what_is_compiled():
    """--kernel prints the generated text alone, of a wrapper that of the wrapped rule too."""
    result = optbench("show", "lookahead[adam]", "--kernel")

    assert result.exit_code == 0
    assert result.stdout.startswith('"""lookahead[adam]: its rule over lanes')
    assert result.stdout.rstrip().endswith(source(adam.chain).rstrip())
    assert "seconds to compile" not in result.stdout


def test_the_kernel_as_json():
    """--kernel --json has the name and a text a kernel, outermost first."""
    found = shown("lookahead[adam]", "--kernel")

    assert found["name"] == "lookahead[adam]"
    assert found["kernels"][1] == source(adam.chain).rstrip()


def test_a_problem_has_no_kernel_to_show():
    """--kernel for a problem is an error of one line that says what shows its formula."""
    result = optbench("show", "rosenbrock", "--kernel")

    assert result.exit_code == 2
    assert "rosenbrock is a problem" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not result.stdout
