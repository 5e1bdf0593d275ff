"""A plugin file whose problems have one fault each."""

PROBLEMS = """
import numpy as np
import optbench as ob


def square(x, g):
    for i in range(x.size):
        g[i] = 2.0 * x[i]
    return (x * x).sum()


def steep(x, g):
    for i in range(x.size):
        g[i] = 3.0 * x[i]
    return (x * x).sum()


def slanted(x, g):
    for i in range(x.size):
        g[i] = 2.0 * x[i]
    g[0] += 1e-4
    return (x * x).sum()


def shaky(x, g, step):
    for i in range(x.size):
        g[i] = 2.0 * x[i]
    return (x * x).sum() + 0.125 * max(step, 0)


def nearly(x, g):
    for i in range(x.size):
        g[i] = 2.0 * x[i]
    g[0] += 1e-9 * x[1]  # too little for central differences
    return (x * x).sum()


def valley(x, g):
    for i in range(x.size):
        g[i] = 2.0 * x[i] * (1.0 - (x * x).sum())
    return 1.0 - (1.0 - (x * x).sum()) ** 2 / 2  # uphill from the start, then down for ever


def needle(x, g):
    away = ((x - 3.0) ** 2).sum()
    for i in range(x.size):
        g[i] = 2.0 * (x[i] - 3.0) * np.exp(-1500.0 * away) * 1500.0
    return 1.0 - np.exp(-1500.0 * away)


def unknown(x, g):
    return square_of(x, g)


def past(x, g):
    for i in range(x.size):
        g[i] = 2.0 * x[i]
    return (x * x).sum() + 0.0 * x[x.size]  # past's fault


def mixing(x, g, loss):
    n, lanes = x.shape
    for lane in range(lanes):
        loss[lane] = 1e-12 * abs(x[0, 0])
        for i in range(n):
            g[i, lane] = 2.0 * x[i, lane]
            loss[lane] += x[i, lane] * x[i, lane]


def made(formula=square, center=2.0, **words):
    known = {"minimum": 0.0, "minimizers": np.zeros((1, 3))}
    given = {**known, "source": "a test", "spread": 0.1, **words}
    return ob.Problem(formula=formula, center=np.full(3, center), budget=40, **given)


@ob.problem
def sound_problem():
    return made()


@ob.problem
def sourceless_problem():
    return made(source=" ")


@ob.problem
def steep_problem():
    return made(steep)


@ob.problem
def slanted_problem():
    return made(slanted, minimizers=None)


@ob.problem
def unknown_problem():
    return made(unknown)


@ob.problem
def past_problem():
    return made(past)


@ob.problem
def mixing_problem():
    return made(mixing, minimum=0.0, minimizers=None)


@ob.problem
def aimless_problem():
    return made(minimum=None, minimizers=None)


@ob.problem
def solved_problem():
    return made(center=0.0, spread=0.0)


@ob.problem
def misplaced_problem():
    return made(minimizers=np.ones((1, 3)))


@ob.problem
def undercut_problem():
    return made(minimum=100.0, minimizers=None)


@ob.problem
def infinite_problem():
    return made(center=1e200, minimum=None, minimizers=None, levels=(1.0,))


@ob.problem
def wide_problem():
    return made(center=1e30, minimum=None, minimizers=None, levels=(1.0,))


@ob.problem
def shaky_problem():
    return made(shaky, minimizers=None)


@ob.problem
def nearly_problem():
    return made(nearly)


@ob.problem
def misprinted_problem():
    return made(start_loss="12.01")


@ob.problem
def misquoted_problem():
    return made(least_loss="1e-3")


@ob.problem
def easy_problem():
    return made(minimum=None, minimizers=None, levels=(0.5,), center=0.5)


@ob.problem
def crest_problem():
    return made(valley, minimum=None, minimizers=None, levels=(-100.0,), center=0.2)


@ob.problem
def hopeless_problem():
    return made(needle, center=-3.0, minimizers=np.full((1, 3), 3.0))


@ob.problem
def needle_problem():
    minimizers = np.full((1, 3), 3.0)
    return made(needle, center=2.55, spread=0.4, minimizers=minimizers, tags=("multimodal",))


@ob.problem
def open_problem():
    return made(tags=("open",))


@ob.problem(ladder=[{"dim": 3}, {"dim": 2}])
def shrinking_problem(dim=3):
    return made(center=2.0 if dim == 2 else 2e6)


@ob.problem
def generous_problem():
    return made(minimum=None, minimizers=None, levels=(100.0, 50.0))
"""
