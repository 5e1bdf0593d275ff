"""What commits ask for beside what runs, an environment for each, and what their processes cost."""

import os
import subprocess
import sys
import zipfile

import numpy
import pytest
from optbench.bench.history import costs, environments, requirements
from optbench.bench.history.processes import Deadline
from optbench.bench.history.requirements import Requirements

RUNS = numpy.__version__


def commit(folder, dependencies=(), matrix="{}"):
    """A commit's files, with what it asks for."""
    folder.mkdir()
    lines = ", ".join(f'"{line}"' for line in dependencies)
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "mine"\nversion = "1"\ndependencies = [{lines}]\n'
    )
    (folder / "asv.conf.json").write_text(f'{{"project": "mine", "matrix": {matrix}}}')
    return requirements.of_commit(folder)


def test_a_requirement_that_changed_is_reported_with_what_runs(tmp_path):
    """A bump of a library that neither side of the comparison has is no silence."""
    base = commit(tmp_path / "base", ["numpy>=2", "click>=8"])
    head = commit(tmp_path / "head", [f"numpy>=2,!={RUNS}", "click>=8"])
    first, second = requirements.lines(base, head, "mine")

    assert first == f"numpy: HEAD asks for numpy>=2,!={RUNS}, BASE for numpy>=2; here runs {RUNS}"
    assert "--environments" in second


def test_what_runs_is_not_what_head_asks_for(tmp_path):
    """Though nothing changed: what is measured isn't what users get."""
    both = [
        commit(tmp_path / side, ["numpy>=99", "no-such-package>=1"]) for side in ("base", "head")
    ]
    lines = requirements.lines(*both, "mine")

    assert f"numpy: HEAD asks for numpy>=99; here runs {RUNS}" in lines
    assert "no-such-package: HEAD asks for no-such-package>=1; here runs none" in lines


def test_what_is_satisfied_is_not_reported(tmp_path):
    """Nor a dependency of another platform, nor the package itself, nor what asv alone needs."""
    packages = (
        f'{{"numpy": ["{RUNS}"], "mine": ["7"], "setuptools": ["1"], "pip+asv_runner": ["0.1"]}}'
    )
    matrix = f'{{"req": {packages}, "env": {{"A": "1"}}}}'
    both = [
        commit(tmp_path / side, ["numpy>=2", "nothing>=1; sys_platform == 'atari'"], matrix)
        for side in ("base", "head")
    ]

    assert requirements.lines(*both, "mine") == []


def test_asvs_versions_are_compared_too(tmp_path):
    """They may change alone; others than those that run are one line together."""
    base = commit(
        tmp_path / "base",
        matrix='{"req": {"numba": ["0.68.1"], "numpy": ["1.0"], "scipy": ["1.0"]}}',
    )
    head = commit(
        tmp_path / "head",
        matrix='{"req": {"numba": ["0.68.0"], "numpy": ["1.0"], "scipy": ["1.0"]}}',
    )
    lines = requirements.lines(base, head, "mine")

    assert lines[0].startswith(
        "numba: asv.conf.json of HEAD has 0.68.0, of BASE 0.68.1; here runs "
    )
    assert len(lines) == 3
    assert f"numpy {RUNS} (asv: 1.0), scipy " in lines[2]


def test_a_matrix_without_kinds_is_one_of_packages(tmp_path):
    """As asv has it since long; of several versions the last counts, an empty one is any."""
    found = commit(tmp_path / "base", matrix='{"Num_Py": ["1.0", "2.0"], "six": ""}')

    assert found.pinned == {"num-py": "2.0", "six": ""}
    assert requirements.wanted(found, "mine") == ["num-py==2.0", "six"]


def test_an_environment_has_what_both_files_ask_for(tmp_path):
    """asv's versions and pyproject.toml's lines, without the package itself: pip says where they
    contradict each other.
    """
    found = commit(
        tmp_path / "base", ["numba>=0.68", "rich"], '{"req": {"numba": ["0.68.1"], "mine": [""]}}'
    )

    assert requirements.wanted(found, "mine") == ["numba==0.68.1", "numba>=0.68", "rich"]


def wheel(folder, version):
    """A wheel of a package without code."""
    name = f"tiny_part-{version}"
    with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as file:
        file.writestr("tiny_part.py", f"version = {version!r}\n")
        file.writestr(
            f"{name}.dist-info/METADATA",
            f"Metadata-Version: 2.1\nName: tiny-part\nVersion: {version}\n",
        )
        file.writestr(
            f"{name}.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        file.writestr(f"{name}.dist-info/RECORD", "")


@pytest.fixture
def offline(tmp_path, monkeypatch):
    """pip without a network: two versions of a package lie in a folder."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for version in ("1.0", "2.0"):
        wheel(shelf, version)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))


@pytest.mark.slow
def test_each_commit_has_what_it_asks_for(tmp_path, offline):
    """An environment each, where pip's variables count; commits that ask for the same share one."""
    old, new = (
        Requirements({"tiny-part": f"tiny-part=={version}"}, {}) for version in ("1.0", "2.0")
    )
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    pythons = environments.built([old, new], ["BASE", "HEAD"], "mine", tmp_path / "a", Deadline())
    alike = environments.built([new, new], ["BASE", "HEAD"], "mine", tmp_path / "b", Deadline())
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    found = [
        subprocess.run(
            [python, "-c", "import tiny_part; print(tiny_part.version)"],
            env=alone,
            capture_output=True,
            text=True,
        )
        for python in pythons
    ]

    assert [run.stdout.strip() for run in found] == ["1.0", "2.0"]
    assert alike[0] == alike[1] != sys.executable
    assert environments.differences(pythons, Deadline()) == [
        "in an environment each: tiny-part 1.0 → 2.0"
    ]
    assert environments.differences(alike, Deadline()) == []


@pytest.mark.slow
def test_an_environment_that_cannot_be_made_is_reported(tmp_path, offline):
    """With the commit and pip's reason."""
    impossible = Requirements({"tiny-part": "tiny-part>=3"}, {})
    with pytest.raises(
        RuntimeError,
        match="no environment for HEAD: No matching distribution found for tiny-part>=3",
    ):
        environments.built([impossible] * 2, ["BASE", "HEAD"], "mine", tmp_path, Deadline())


def samples(monkeypatch, *rounds):
    """Let the processes of both commits cost this, round by round: (import, names, memory) of
    each.
    """
    answers = iter(rounds)
    asked = []

    def measured(module, request, both, deadline):
        asked.append(module)
        return [
            {**dict(zip(("import", "names", "memory"), side, strict=True)), "broken": []}
            for side in next(answers)
        ]

    monkeypatch.setattr(costs, "measured", measured)
    return asked


def test_an_import_two_seconds_slower_is_found(monkeypatch):
    """In all of six pairs of processes; both imports are slower, and the memory is the same."""
    samples(monkeypatch, *[[(0.1, 1.5, 2e8), (2.1, 3.5, 2.02e8)]] * 6)
    found = costs.compared([], [], Deadline())

    assert [(row.what, row.verdict) for row in found] == [("import", "costs more")] * 2
    assert found[0].change == "import optbench: 0.1 → 2.1 s"


def test_what_disturbs_one_process_is_no_finding(monkeypatch):
    """The least of several counts, and more are measured where the first two leave a doubt."""
    busy = [(0.1, 1.5, 2e8), (5.0, 9.0, 2.1e8)]
    asked = samples(monkeypatch, busy, busy, [(0.1, 1.5, 2e8), (0.11, 1.6, 2.02e8)], *[busy] * 3)

    assert costs.compared([], [], Deadline()) == []
    assert len(asked) == 6


def test_equal_costs_are_measured_twice(monkeypatch):
    """And no more; 2 % more memory is the same."""
    asked = samples(monkeypatch, *[[(0.1, 1.5, 2e8), (0.12, 1.6, 2.04e8)]] * 6)

    assert costs.compared([], [], Deadline()) == []
    assert len(asked) == 2


def test_memory_that_each_block_keeps_is_found(monkeypatch):
    """32 MB of each of 16 blocks."""
    samples(monkeypatch, *[[(0.1, 1.5, 2e8), (0.1, 1.5, 2e8 + 16 * 32e6)]] * 6)
    (found,) = costs.compared([], [], Deadline())

    assert (found.what, found.change) == ("memory", "peak memory: 200 → 712 MB")
