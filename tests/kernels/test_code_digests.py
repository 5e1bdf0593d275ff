"""Code of every form has a digest, and an edit to it is another one."""

import sys

from optbench.kernels import dependencies, known_modules, sources


def test_a_foreign_overload_of_a_numpy_function_counts(package):
    """Another package may teach Numba a NumPy function that Numba doesn't know: its code is part of
    the kernel.
    """
    rule = """
    import numpy as np, numba
    from numba.extending import overload
    def made(x):
        return lambda x: {factor} * x
    overload(np.i0)(made)
    def rule(x, g, lr=0.1):
        return x - lr * np.i0(g)
    """
    first = dependencies.of(package(rule=rule.format(factor=2.0))).digest
    second = dependencies.of(package(rule=rule.format(factor=3.0))).digest

    assert second != first


def test_the_body_of_a_try_is_part_of_the_code(package):
    """Two functions of equal instructions whose `try` begins elsewhere are two."""
    head, step, rest = (
        "def rule(x, g, lr=0.1):\n",
        "x = x + 1\n",
        "        y = 1 / x\n    except Exception:\n        y = x\n    return y\n",
    )
    one, other = f"{head}    try:\n        {step}{rest}", f"{head}    {step}    try:\n{rest}"

    assert dependencies.of(package(rule=one)).digest != dependencies.of(package(rule=other)).digest


def test_a_rule_s_own_defaults_are_no_code(package):
    """The default learning rate and settings are given in each call and stand in a run's name:
    another default is no edit.
    """
    digests = [
        dependencies.of(package(rule=f"def rule(x, g, lr={lr}):\n    return x - lr * g\n")).digest
        for lr in (0.1, 0.2)
    ]

    assert digests[0] == digests[1]


def test_an_edit_to_a_kernel_module_of_ours_counts(package, monkeypatch):
    """A rule that names one of optbench's modules depends on that module's source, as one that
    names its function does.
    """
    rule = package(
        rule=(
            "from optbench.kernels import linear\ndef rule(x, g, lr=0.1):\n    return x - lr *"
            " linear.norm(g)\n"
        )
    )
    before = sources.identity(rule)
    monkeypatch.setattr(dependencies, "_builtin_source", lambda module: f"edited {module}")

    assert sources.identity(rule) != before


def test_circles_end(package):
    """Functions that call each other have a digest, and an edit to either changes it."""
    text = """
    import numba
    @numba.njit
    def one(n):
        return 1.0 if n < 1 else {factor} * other(n - 1)
    @numba.njit
    def other(n):
        return 0.5 if n < 1 else one(n - 1)
    def rule(x, g, lr=0.1):
        return x - lr * g * one(3)
    """
    first, second = (
        dependencies.of(package(rule=text.format(factor=factor))) for factor in (2.0, 3.0)
    )

    assert first.unknown == ()
    assert first.digest != second.digest


def test_a_module_called_like_one_of_pythons_counts_by_its_contents(package, tmp_path):
    """A file beside the plugin with the name of a module of the standard library is the author's
    all the same.
    """
    sys.modules.pop("antigravity", None)
    digests = []
    for gain in (1.0, 2.0):
        (tmp_path / "antigravity.py").write_text(f"GAIN = {gain}\n")
        sys.modules.pop("antigravity", None)
        known_modules._stands_in.cache_clear()
        rule = package(
            rule=(
                "import antigravity\ndef rule(x, g, lr=0.1):\n    return x - lr * g *"
                " antigravity.GAIN\n"
            )
        )
        digests.append(dependencies.of(rule).digest)
    sys.modules.pop("antigravity", None)
    known_modules._stands_in.cache_clear()

    assert digests[0] != digests[1]
