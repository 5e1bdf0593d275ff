"""Where compiled kernels can't be kept, all works, and one line says so; and the host program's
Numba is left alone.
"""

import os
import subprocess
import sys

import pytest


def test_the_hosts_numba_is_left_alone(python, tmp_path):
    """Using optbench changes neither Numba's cache directory nor what the host's own functions
    do.
    """
    printed = python(
        "import numba\n"
        "numba.config.CACHE_DIR = 'mine'\n"
        "import optbench as ob\n"
        "ob.get_problem('rosenbrock').value_and_grad([0.0, 0.0])\n"
        "ob.get_optimizer('adam').start([1.0]).step([1.0])\n"
        "print(numba.config.CACHE_DIR)",
        cwd=tmp_path,
    )

    assert printed.strip() == "mine"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.cold
def test_an_unwritable_cache_costs_only_time(python, tmp_path):
    """Where the cache can't be written, kernels are compiled all the same, and one line says so."""
    blocker = tmp_path / "file"
    blocker.write_text("")
    printed = python(
        "import contextlib, io\n"
        "with contextlib.redirect_stderr(io.StringIO()) as err:\n"
        "    import optbench as ob\n"
        "    print(ob.get_problem('rosenbrock').value_and_grad([1.0, 1.0])[0])\n"
        "    ob.get_optimizer('sgd').start([1.0]).step([1.0])\n"
        "print(err.getvalue().count('OPTBENCH_CACHE_DIR'))",
        OPTBENCH_CACHE_DIR=str(blocker / "below"),
    )

    assert printed.split() == ["0.0", "1"]


@pytest.mark.cold
def test_a_full_disk_costs_only_time(python, tmp_path):
    """Where no byte can be written any more, kernels are compiled all the same, one line says so,
    and no half file is left.
    """
    printed = python(
        "import contextlib, io, resource\n"
        # each write ends in an error, as on a full disk
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "with contextlib.redirect_stderr(io.StringIO()) as err:\n"
        "    import optbench as ob\n"
        "    print(ob.get_problem('rosenbrock').value_and_grad([1.0, 1.0])[0])\n"
        "    ob.get_optimizer('sgd').start([1.0]).step([1.0])\n"
        "print(err.getvalue().count('OPTBENCH_CACHE_DIR'), err.getvalue().count(chr(10)))",
        OPTBENCH_CACHE_DIR=str(tmp_path),
        PYTHONDONTWRITEBYTECODE="1",
    )

    assert printed.split() == ["0.0", "1", "1"]
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


@pytest.mark.cold
def test_an_unknown_user_without_a_home_costs_only_time(python):
    """Without HOME and without an entry in the system's list of users, nothing fails, and one line
    says what to do.
    """
    environment = {
        word: value for word, value in os.environ.items() if word not in ("HOME", "XDG_CACHE_HOME")
    }
    environment.pop("OPTBENCH_CACHE_DIR", None)
    code = (
        "import contextlib, io, pwd\n"
        "def unknown(*_): raise KeyError('getpwuid(): uid not found')\n"
        "pwd.getpwuid = unknown\n"
        "with contextlib.redirect_stderr(io.StringIO()) as err:\n"
        "    import optbench as ob\n"
        "    print(ob.get_problem('rosenbrock').value_and_grad([1.0, 1.0])[0])\n"
        "print(err.getvalue())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    loss, *said = done.stdout.strip().splitlines()

    assert loss == "0.0"
    assert len(said) == 1
    assert "OPTBENCH_CACHE_DIR" in said[0]


@pytest.mark.cold
def test_a_rule_that_names_what_has_no_digest_says_so(python, tmp_path):
    """A rule whose Python part reads a data frame works, is compiled anew in each process, and one
    line says why.
    """
    code = (
        "import contextlib, io, warnings\nimport numba, pandas as pd, optbench as ob\n"
        # object mode holds Python's lock
        "warnings.simplefilter('ignore', numba.errors.NumbaWarning)\n"
        "table = pd.DataFrame({'a': [2.0]})\n"
        "@ob.optimizer(per='run')\n"
        "def looked_up(x, g, lr=0.1):\n"
        "    'A test (2000). lr : units of x.'\n"
        "    with numba.objmode(factor='float64'):\n        factor = float(table['a'][0])\n"
        "    for i in range(x.size):\n        x[i] -= lr * factor * g[i]\n"
        "with contextlib.redirect_stderr(io.StringIO()) as err:\n"
        "    print(looked_up.start([1.0]).step([1.0])[0], looked_up.start([1.0]).step([1.0])[0])\n"
        "print(err.getvalue().strip())"
    )
    numbers, said = python(code, OPTBENCH_CACHE_DIR=str(tmp_path)).splitlines()

    assert numbers == "0.8 0.8"
    assert said.startswith("optbench: 'looked_up' uses table of type DataFrame;")
    assert said.endswith("compiled anew in each process")


@pytest.mark.cold
@pytest.mark.parametrize("array", ["np.ones(200_000)", "np.ones(40)[::2]", "np.ones(20)"])
def test_a_formula_that_holds_a_large_array_says_that_it_is_not_kept(array, python, tmp_path):
    """Numba puts the address of such an array, or of one with gaps, into the code: no other process
    could use it.
    """
    code = (
        f"import contextlib, io\nimport numpy as np, optbench as ob\nTABLE = {array}\ndef tabled(x,"
        " g):\n    g[0] = 2.0 * (x[0] - TABLE[-1])\n    return (x[0] - TABLE[-1]) ** 2\nwith"
        " contextlib.redirect_stderr(io.StringIO()) as err:\n    problem ="
        " ob.Problem(formula=tabled, center=np.zeros(1), spread=0.1, budget=9, source='a test',"
        " minimum=0.0)\n    print(problem.gradient(np.array([3.0]))[0],"
        " problem.gradient(np.array([3.0]))[0])\nprint(err.getvalue().strip())"
    )
    numbers, said = python(code, OPTBENCH_CACHE_DIR=str(tmp_path)).split("\n", 1)

    assert numbers == "4.0 4.0"
    large = "an array of more than a megabyte, or one that isn't contiguous (np.ascontiguousarray)"
    line = f"optbench: 'tabled' holds {large}, so it is compiled anew in each process"
    assert said.strip() == ("" if array == "np.ones(20)" else line)
