"""The same bits everywhere on one machine: in any company of lanes, on any number of threads, in
either storage.
"""

import numpy as np
import optbench as ob
import pytest
from optbench.kernels.blas import one_thread
from optbench.kernels.padding import padded, padded_seeds

WIDTHS = [1, 7, 16, 17, 64, 200]
PROBLEMS = [
    "rosenbrock[dim=3]",
    "quadratic[rotated]",
    "xor",
    "xor[activation=sigmoid,hidden=3,loss=binary_cross_entropy]",
    "linear_regression",
    "logistic_regression",
    pytest.param("digits", marks=pytest.mark.slow),
    pytest.param("digits[hidden=0]", marks=pytest.mark.slow),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", PROBLEMS)
def test_a_run_has_the_same_bits_in_any_company(name, dtype, run_lanes):
    """A run computed in 1, 7, 16, 17, 64 and 200 lanes, first or last among them, is the same to
    the last bit.
    """
    problem = ob.get_problem(name)
    steps = 25 if problem.batch else 60  # an epoch of digits has 23
    random = np.random.default_rng(2)
    for optimizer in ("adam", "momentum"):
        rule, alone = ob.get_optimizer(optimizer), None
        for width in WIDTHS:
            # a data problem's lanes share their seed; among the others some diverge and end early
            lrs = 10 ** random.uniform(-4, 1, width)
            seeds = np.full(width, 3) if problem.batch else random.integers(0, 1000, width)
            place = width - 1
            lrs[place], seeds[place] = 0.01, 3
            record = run_lanes(problem, rule, lrs, seeds, steps, dtype=dtype)
            bits = record.curves[:, place].tobytes() + record.hit_steps[:, place].tobytes()
            alone = alone or bits

            assert bits == alone, f"{optimizer}: {width} lanes"


@pytest.mark.parametrize("hidden", [(), (17,)], ids=["linear", "hidden"])
@pytest.mark.parametrize("units_out", [1, 2, 9, 10])
@pytest.mark.parametrize("units_in", [64, 784])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_products_have_the_same_bits_at_any_width(units_in, units_out, hidden, dtype):
    """A lane's loss and gradient don't change with the number of lanes, for shapes at which a
    shared product's would.

    Few rows go through loops over lanes, many through products of each run, some in several passes.
    """
    random = np.random.default_rng(4)
    samples, widths = 200, [units_in, *hidden, units_out]
    inputs, targets = (
        random.normal(size=(samples, units_in)),
        random.normal(size=(samples, units_out)),
    )
    problem = ob.dense_problem(
        widths,
        "tanh",
        "mean_squared_error",
        inputs,
        targets,
        budget=1,
        source="test",
        family="wide",
        levels=(0.0,),
    )
    own = random.normal(size=problem.dim).astype(dtype)
    for count in (1, 5, 29, 64, 200):
        rows, seen = random.permutation(samples)[:count], set()
        for lanes in (1, 7, 16, 17, 64):
            x = random.normal(size=(problem.dim, lanes)).astype(dtype)
            x[:, -1] = own
            whole = padded(x)
            g, loss = np.zeros_like(whole), np.empty(whole.shape[1])
            with one_thread():
                problem.kernel(dtype)(
                    whole,
                    g,
                    loss,
                    problem.data_as(dtype),
                    rows,
                    padded_seeds(problem.keys(range(lanes))),
                    1,
                )
            seen.add(g[:, lanes - 1].tobytes() + loss[lanes - 1].tobytes())
            # padding lanes repeat the last
            assert (g[:, lanes:] == g[:, lanes - 1 : lanes]).all()

        assert len(seen) == 1, f"{count} rows"


@pytest.mark.parametrize(
    "name", ["rosenbrock", "xor", "digits", "digits[hidden=0]", "logistic_regression"]
)
def test_threads_change_nothing(name):
    """A sweep on one thread and on two gives the same runs and curves, bit for bit."""
    sweeps = [
        ob.run([name], ["sgd", "adam"], lrs=[1e-3, 1e-2, 1e-1], seeds=4, steps=40, workers=workers)
        for workers in (1, 2)
    ]
    one, two = (sweep.runs.drop(columns="ns_per_step") for sweep in sweeps)

    assert one.equals(two)
    assert sweeps[0].curves.equals(sweeps[1].curves)


def test_seeds_and_learning_rates_are_paired():
    """Every optimizer and learning rate begins where the others begin, seed by seed."""
    results = ob.run(
        ["xor", "digits[hidden=0]"], ["sgd", "adam", "lion"], lrs=[1e-3, 1e-2], seeds=3, steps=5
    )
    first = results.curves[results.curves["step"] == 0]

    assert (first.groupby(["problem", "seed"], observed=True)["loss"].nunique() == 1).all()
    assert (first.groupby("problem", observed=True)["loss"].nunique() == 3).all()


@pytest.mark.cold
def test_a_second_process_gives_the_same_bits(python, tmp_path):
    """The same sweep in two processes, one with a cold cache, gives the same curves to the last
    bit.
    """
    code = (
        "import hashlib, optbench as ob\n"
        "r = ob.run(['rosenbrock', 'quadratic'], ['adam'], lrs=[1e-2], seeds=2, steps=50)\n"
        "print(hashlib.sha256(r.curves['loss'].to_numpy().tobytes()).hexdigest())"
    )

    assert python(code, OPTBENCH_CACHE_DIR=str(tmp_path)) == python(code)
