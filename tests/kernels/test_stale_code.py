"""What was compiled is found by every later process, and never after an edit to what it was made
of.
"""

import shutil

import package_copy
import pytest


@pytest.fixture
def copy(tmp_path):
    """A copy of the package that a test may edit: tmp_path/src/optbench."""
    return package_copy.copied(tmp_path)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """What the package as it is compiles and answers in a process with an empty cache, once for
    each code -> (its cache, kernels compiled, last loss).
    """
    known = {}

    def _compiled(code):
        if code not in known:
            folder = tmp_path_factory.mktemp("compiled")
            cache, copy = folder / "cache", package_copy.copied(folder)
            known[code] = cache, *package_copy.run(copy, code, cache)
        return known[code]

    return _compiled


@pytest.fixture
def outcome(tmp_path):
    """Run code on a copy in a fresh process, with the cache of this test, at first a copy of
    `cache` or empty -> (kernels compiled, last loss).
    """

    def _outcome(copy, code, cache=None, **environment):
        if cache is not None:
            shutil.copytree(cache, tmp_path / "cache")
        return package_copy.run(copy, code, tmp_path / "cache", **environment)

    return _outcome


@pytest.mark.cold
def test_a_second_process_compiles_nothing(copy, outcome):
    """Everything compiled is kept: rules, formulas, the loop, the starts; for every optimizer and
    in mini-batches.
    """
    code = package_copy.sweep(
        problems=["rosenbrock", "quadratic"], optimizers=None, dtype="float64"
    )
    cold, loss = outcome(copy, code)
    warm, again = outcome(copy, code)

    assert cold > 10
    assert warm == 0
    assert again == loss


@pytest.mark.cold
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_second_process_compiles_no_network(copy, outcome, dtype):
    """The network kernels, their mini-batches and their products are kept too, in both dtypes."""
    code = package_copy.sweep(
        problems=["xor", "digits", "logistic_regression"], optimizers=["adam", "sgd"], dtype=dtype
    )
    cold, loss = outcome(copy, code)
    warm, again = outcome(copy, code)

    assert (cold > 10, warm, again) == (True, 0, loss)


@pytest.mark.cold
def test_a_copy_elsewhere_compiles_nothing(copy, compiled, outcome):
    """The same code in another folder, with a copy of the cache, finds all that was compiled."""
    code = package_copy.step(problem="rosenbrock", optimizer="adam")
    cache, count, loss = compiled(code)

    assert count > 0
    assert outcome(copy, code, cache) == (0, loss)


@pytest.mark.cold
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("kernels/update/adam.py", "return x - lr *", "return x - 2 * lr *"),
        (
            "problems/analytic/rosenbrock.py",
            "left = b - a * a, 1.0 - a",
            "left = b - a * a, 2.0 - a",
        ),
        ("kernels/random.py", "radius * (cos(angle)", "radius * (0.5 * cos(angle)"),
    ],
    ids=["rule", "formula", "helper in another file"],
)
def test_edited_code_is_never_answered_by_stale_code(copy, compiled, outcome, file, old, new):
    """After an edit to a rule, a formula, or a helper that a kernel calls, the next process runs
    the new code.
    """
    code = package_copy.step(problem="rosenbrock", optimizer="adam")
    cache, _, before = compiled(code)
    package_copy.edit(copy / file, old, new)
    anew, after = outcome(copy, code, cache)

    assert anew > 0
    assert after != before


@pytest.mark.cold
def test_an_edited_activation_reaches_the_networks(copy, outcome):
    """A scalar formula inlined through three files into the network kernel is not kept beyond its
    package_copy.edit.
    """
    code = package_copy.step(problem="xor", optimizer="sgd")
    _, before = outcome(copy, code)
    package_copy.edit(
        copy / "kernels/network/activations.py",
        "return rise / (rise + two)",
        "return rise / (rise + one)",
    )
    _, after = outcome(copy, code)

    assert after != before


@pytest.mark.cold
def test_kernels_of_other_compiler_settings_are_others(copy, compiled, outcome):
    """A process without vectorised loops runs none of what a plain one compiled, and both find
    their own again.
    """
    code = package_copy.step(problem="rosenbrock", optimizer="adam")
    scalar = {"NUMBA_LOOP_VECTORIZE": "0"}
    cache, plain, _ = compiled(code)
    first, _ = outcome(copy, code, cache, **scalar)
    again = [outcome(copy, code, **settings)[0] for settings in ({}, scalar)]

    assert min(plain, first) > 0
    assert again == [0, 0]
