"""The axes are literals and agree with the package's lists; asv finds these benchmarks alone."""

import ast
import inspect
import json
import math
import re
import sys
import tomllib
from pathlib import Path

import optbench as ob
import pytest
from optbench.bench.plugins import discovery
from optbench.bench.sweep import suites

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "bench" / "benchmarks"
MODULES = sorted(FOLDER.glob("*.py"))
TIMED_ONLY = {"digits", "digits[hidden=0]"}
"""Problems that the suite times though the default sweep has them not."""
ATTRIBUTES = ("version", "unit", "params", "param_names")
AXES = {
    "OPTIMIZERS",
    "PROBLEMS",
    "STEPS",
    "SIZES",
    "LRS",
    "DIMS",
    "SCALABLE",
    "SCHEDULES",
    "SINGLE_PROBLEMS",
    "DTYPES",
}
"""The names under which the modules hold their parameters."""
BENCHMARKS = {
    "compilation.track_cold_start",
    "compilation.track_optimizer",
    "compilation.track_problem",
    "Dtypes.track_best_gap",
    "Dtypes.track_fingerprint",
    "Dtypes.track_steps_to_target",
    "Schedules.track_best_gap",
    "Schedules.track_fingerprint",
    "Schedules.track_steps_to_target",
    "Convergence.track_best_gap",
    "Convergence.track_diverged",
    "Convergence.track_fingerprint",
    "Convergence.track_steps_to_target",
    "footprint.track_import_time",
    "footprint.track_run_memory",
    "footprint.track_run_time",
    "footprint.track_state",
    "OptimizerDimensions.track_step_time",
    "ProblemDimensions.track_step_time",
    "Speed.track_relative_step_time",
    "Speed.track_step_time",
}


def test_optimizers_are_the_default_sweep(suite):
    """The suite's optimizers are those of the default sweep, sorted."""
    assert list(suite.OPTIMIZERS) == list(discovery.COMMON)
    assert list(suite.OPTIMIZERS) == sorted(set(ob.list_optimizers()) & set(suite.OPTIMIZERS))


def test_problems_are_the_default_sweep(suite):
    """The suite's problems are those of the default sweep with their variants, sorted, where they
    were published: it compares a rule with itself, which a minimizer at the origin doesn't favour,
    and its history is kept by these names.
    """
    default = [
        problem for problem in suites.default_problems() if problem.owner.startswith("optbench.")
    ]
    parameters = [
        {word: value for word, value in problem.parameters.items() if word != "shift"}
        for problem in default
    ]
    ours = sorted(
        ob.get_problem(one.family, **given).name
        for one, given in zip(default, parameters, strict=True)
    )

    assert list(suite.convergence.PROBLEMS) == ours


def test_steps_are_the_budgets(suite):
    """A run of the suite has its problem's budget; a loss whose minimum isn't known is above 0,
    which then counts as it.
    """
    steps = suite.convergence.STEPS

    assert steps == {name: ob.get_problem(name).budget for name in steps}
    for name in steps:
        problem = ob.get_problem(name)
        assert problem.minimum is not None or problem.targets[-1] > 0


def test_timed_pairs_are_those_of_the_convergence(suite):
    """Every problem is timed, with a learning rate for every optimizer."""
    timed = suite.speed

    assert set(timed.PROBLEMS) == {*suite.convergence.PROBLEMS, *TIMED_ONLY}
    assert tuple(timed.LRS) == suite.OPTIMIZERS


@pytest.mark.parametrize("lrs", ["convergence", "speed", "variants"])
def test_learning_rates_are_canonical_texts(suite, lrs):
    """A learning rate is a text with one way to write it, positive and finite."""
    texts = getattr(suite, lrs).LRS
    texts = list(texts.values() if isinstance(texts, dict) else texts)

    assert [f"{float(text):.1e}" for text in texts] == texts
    assert all(0 < float(text) < math.inf for text in texts)


def test_the_axis_of_learning_rates_ascends(suite):
    """The learning rates of the convergence are sorted as numbers and distinct."""
    rates = [float(text) for text in suite.convergence.LRS]

    assert rates == sorted(set(rates))


def written_out(axis):
    """Whether the expression holds nothing but constants, in rows of axes.py's two kinds."""
    rows = (ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Call, ast.Name, ast.Load)
    names = {node.id for node in ast.walk(axis) if isinstance(node, ast.Name)}
    return names <= {"Problem", "Optimizer"} and all(isinstance(n, rows) for n in ast.walk(axis))


def taken_from_axes(axis):
    """Whether the expression reads axes.py's lists, or what was made of them, and nothing else."""
    names = [node for node in ast.walk(axis) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return {node.id for node in names} - bound <= {"axes", "tuple", "STEPS", "SIZES"}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_parameters_are_literals(file):
    """Parameters are written out, so that no commit's registry can relabel another commit's
    numbers.
    """
    assigned = [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.Assign)]
    axes = [
        node.value
        for node in assigned
        if isinstance(node.targets[0], ast.Name) and node.targets[0].id in AXES
    ]

    assert all(written_out(axis) or taken_from_axes(axis) for axis in axes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("('sgd', 'adam')", True),
        ("{'xor': Problem(10_000, 64, 1000, False)}", True),
        ("{name: own.lr for name, own in axes.OPTIMIZERS.items()}", True),
        ("tuple(STEPS)", True),
        ("tuple(ob.list_optimizers())", False),
        ("{name: budget(name) for name in axes.PROBLEMS}", False),
        ("{'xor': budget('xor')}", False),
    ],
)
def test_what_counts_as_a_literal(text, expected):
    """A call of the package in an axis is seen, a row of axes.py is none."""
    axis = ast.parse(text, mode="eval").body

    assert (written_out(axis) or taken_from_axes(axis)) == expected


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_top_level_imports_are_the_standard_library(file):
    """Importing a module of the suite loads nothing but the standard library and the suite."""
    found = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.split(".")[0])

    assert found <= sys.stdlib_module_names


def test_nothing_but_the_benchmarks_is_taken_for_one(suite):
    """By asv's rule for names, the suite has these benchmarks, each with a version and a unit, its
    axes named.
    """
    found = {}
    for module in [
        suite,
        *(getattr(suite, file.stem) for file in MODULES if file.stem != "__init__"),
    ]:
        for owner in [
            module,
            *(
                c
                for c in vars(module).values()
                if inspect.isclass(c)
                and c.__module__ == module.__name__
                # asv passes over such names, and takes what a class inherits
                and not c.__name__.startswith("_")
            ),
        ]:
            members = inspect.getmembers(owner) if inspect.isclass(owner) else vars(owner).items()
            for name, function in members:
                if re.match("(track|time|mem|peakmem|timeraw)_|(Track|Time|Mem|Peak)", name):
                    attributes = {
                        word: getattr(function, word, getattr(owner, word, None))
                        for word in ATTRIBUTES
                    }
                    found[f"{owner.__name__.split('.')[-1]}.{name}"] = attributes

    assert set(found) == BENCHMARKS
    for attributes in found.values():
        assert isinstance(attributes["version"], str)
        assert isinstance(attributes["unit"], str)
        assert len(attributes["params"] or ()) == len(attributes["param_names"] or ())
        assert all(list(axis) == list(dict.fromkeys(axis)) for axis in attributes["params"] or ())


@pytest.fixture(scope="module")
def settings():
    """asv.conf.json without its comments."""
    text = (ROOT / "asv.conf.json").read_text()
    return json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))


def test_the_environment_has_every_dependency(settings):
    """asv installs commits without dependencies: its matrix names all of pyproject.toml's, at
    versions that satisfy them.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = dict(
        entry.split(">=")
        for entry in project["project"]["dependencies"] + project["build-system"]["requires"]
    )
    given = settings["matrix"]["req"]

    assert set(given) - {"pip+asv_runner"} == set(wanted)
    for name, least in wanted.items():
        (version,) = given[name]
        assert [int(part) for part in version.split(".")] >= [
            int(part) for part in least.split(".")
        ], name


def test_asv_reads_this_suite(settings):
    """The settings point at the suite, and every tracked name has a threshold of its own."""
    assert ROOT / settings["benchmark_dir"] == FOLDER
    for name in BENCHMARKS:
        assert sum(bool(re.match(p, name)) for p in settings["regressions_thresholds"]) == 1, name
