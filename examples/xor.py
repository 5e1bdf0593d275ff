"""The classic lesson: a two-layer network learns XOR, by hand and through optbench. docs/xor.md
explains it step by step.

python examples/xor.py                          # prints every number of the page, in half a minute
python examples/xor.py --figure xor.png         # and draws its figure
"""

import argparse
import subprocess
import sys
import tempfile

import numba
import numpy as np
import optbench as ob
from optbench.kernels.network import backward, forward
from optbench.kernels.network.activations import Activation
from optbench.kernels.network.losses import Loss

INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = np.array([0.0, 1.0, 1.0, 0.0]).reshape(
    1, 4, 1
)  # (units, samples, lanes): one output, four rows, one run
LR, EPOCHS = 0.1, 10_000
UNDECIDED = {"mean_squared_error": 0.25, "binary_cross_entropy": np.log(2)}
"""The loss of a row at which the output says neither 0 nor 1."""


@numba.njit
def gradient(x, g):
    """Loss of the 2-2-1 tanh network at x (9, 1), and its gradient in g, (9, 1): kernels called by
    hand.

    x holds W1 (2, 2), b1 (2,), W2 (2, 1), b2 (1,), in C order, one lane wide.
    """
    hidden, output, loss = np.empty((2, 4, 1)), np.empty((1, 4, 1)), np.zeros(1)
    flat, unused = hidden.reshape(hidden.size), np.empty(0)
    # forward
    forward.data_layer(INPUTS, x[0:4], x[4:6], hidden)
    # flat: the same numbers as hidden, in one dimension
    forward.activation(Activation.TANH, flat, unused)
    forward.layer(hidden, x[6:8], x[8:9], output)
    forward.loss(Loss.MEAN_SQUARED_ERROR, output, TARGETS, loss)
    # backward, in the opposite order
    # output then holds its own gradient
    backward.loss(Loss.MEAN_SQUARED_ERROR, output, TARGETS, 0.25)
    hidden_slope = np.empty_like(hidden)
    backward.layer(hidden, x[6:8], output, g[6:8], g[8:9], hidden_slope)
    backward.activation(Activation.TANH, flat, unused, hidden_slope.reshape(hidden.size))
    backward.data_layer(INPUTS, hidden_slope, g[0:4], g[4:6])
    return 0.25 * loss[0]


def by_hand(seed=0):
    """The losses after 0, 1, ... EPOCHS steps of gradient descent, batch 4: forward, backward,
    update.
    """
    walk = ob.get_optimizer("sgd", lr=LR).start(ob.get_problem("xor").start(seed))
    g, losses = np.zeros((9, 1)), []
    for _ in range(EPOCHS):
        losses.append(gradient(walk.x.reshape(9, 1), g))
        walk.step(g[:, 0])
    return [*losses, gradient(walk.x.reshape(9, 1), g)]


def through_the_command(seed=0):
    """The same run by `optbench run`: its curve, a data frame."""
    with tempfile.TemporaryDirectory() as folder:
        options = (
            f"run -p xor -o sgd --lr {LR} --seeds {seed}, --steps {EPOCHS} --no-figures --quiet"
            f" --out {folder}"
        )
        code = "from optbench.bench.cli.main import main; main()"  # `optbench`, with this Python
        subprocess.run(
            [sys.executable, "-c", code, *options.split()], check=True, capture_output=True
        )
        return ob.load(f"{folder}/runs").curves


def stuck(seeds):
    """How many starts are stuck at the end: activation, loss and schedule -> final losses
    (seeds,).
    """
    found = {}
    for activation in ("sigmoid", "tanh", "relu"):
        for loss in UNDECIDED:
            for schedule in ("constant", "cosine"):
                problem = ob.get_problem("xor", activation=activation, loss=loss)
                runs = ob.run(
                    [problem], ["sgd"], lrs=[LR], seeds=seeds, steps=EPOCHS, schedule=schedule
                ).runs
                found[activation, loss, schedule] = np.where(
                    runs["status"] == "diverged", np.inf, runs["final_loss"]
                )
    return found


def learnt(final, loss):
    """Whether no row can be undecided: the mean over four rows is below a quarter of an undecided
    one's loss.
    """
    return final < UNDECIDED[loss] / 4


def stopped(seeds):
    """Steps of all runs to the budget, and with a stop at convergence; and whether the hits are the
    same.
    """
    whole, short = (
        ob.run(["xor"], ["sgd"], lrs=[LR], seeds=seeds, stop=stop) for stop in ("budget", "target")
    )
    columns = ["seed", "target", "step"]
    return (
        whole.runs["steps"].sum(),
        short.runs["steps"].sum(),
        whole.hits[columns].equals(short.hits[columns]),
    )


def onto_the_saddle():
    """Gradient descent from the ridge of the saddle problem: gradient and height where it ends, and
    after a nudge.
    """
    saddle, rows = ob.get_problem("saddle"), []
    for apart in (0.0, 1e-12):
        walk = ob.get_optimizer("sgd", lr=LR).start(np.array([4 / 3 + apart, 4 / 3 - apart]))
        for _ in range(1000):
            walk.step(saddle.value_and_grad(walk.x)[1])
        value, g = saddle.value_and_grad(walk.x)
        rows.append((apart, np.abs(g).max(), value - saddle.minimum))
    return rows


def from_zeros():
    """XOR from zero weights: the largest slope and the loss in the end. Every hidden unit is like
    every other.
    """
    problem = ob.get_problem("xor", init="zeros")
    walk = ob.get_optimizer("sgd", lr=LR).start(problem.start(0))
    for _ in range(EPOCHS):
        walk.step(problem.value_and_grad(walk.x)[1])
    value, g = problem.value_and_grad(walk.x)
    return np.abs(g).max(), value


def skipping(seeds):
    """Runs that end elsewhere when coordinates without slope are skipped: rule -> how many of
    `seeds`.
    """
    changed = {}
    for rule in ("sgd", "momentum"):
        # ReLU units that are off for all four rows have no slope
        runs = ob.run(
            ["xor[activation=relu]"],
            [rule, f"selective[{rule}]"],
            lrs=[0.03],
            seeds=seeds,
            steps=EPOCHS,
        ).runs
        ends = runs.pivot(index="seed", columns="optimizer", values="final_loss")
        changed[rule] = int((ends[rule] != ends[f"selective[{rule}]"]).sum())
    return changed


def draw(file, losses, curve, final):
    """The figure of docs/xor.md: one run both ways, and how all starts end."""
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.plot(
        np.arange(1, len(losses) + 1), losses, color="#0072B2", label="kernels called by hand"
    )
    left.plot(curve["step"] + 1, curve["loss"], "o", ms=3.5, color="#D55E00", label="optbench run")
    left.set(
        xscale="log",
        yscale="log",
        xlabel="updates + 1",
        ylabel="mean squared error",
        title="seed 0, tanh, sgd, lr 0.1",
    )
    left.legend()
    colours = {"sigmoid": "#009E73", "tanh": "#0072B2", "relu": "#D55E00"}
    for (activation, loss, schedule), ends in final.items():
        if loss == "mean_squared_error" and schedule == "constant":
            ends = np.sort(np.maximum(ends[np.isfinite(ends)], 1e-16))
            share = np.arange(1, len(ends) + 1) / len(final[activation, loss, schedule])
            right.step(ends, share, where="post", color=colours[activation], label=activation)
    right.axvline(0.25 / 4, color="0.6", lw=1)
    right.annotate(
        "learnt",
        (0.25 / 4, 1.0),
        ha="right",
        va="top",
        xytext=(-4, -2),
        textcoords="offset points",
        color="0.4",
    )
    right.set(
        xscale="log",
        ylim=(0, 1.02),
        xlabel=f"mean squared error after {EPOCHS:,} updates",
        ylabel="share of starts",
    )
    right.set_title("how all starts end")
    right.legend(loc="center", bbox_to_anchor=(0.4, 0.55))
    figure.savefig(file, dpi=130)
    print(f"figure: {file}")


def main():
    """Print every number of the page."""
    parser = argparse.ArgumentParser(
        description="XOR by hand and through optbench: the numbers of docs/xor.md."
    )
    parser.add_argument("--seeds", type=int, default=1000, help="starts of each experiment (1000)")
    parser.add_argument("--figure", help="a PNG file to draw")
    given = parser.parse_args()

    losses, curve = by_hand(), through_the_command()
    difference = np.abs(np.array(losses)[curve["step"]] - curve["loss"]).max()
    print(f"by hand: loss {losses[0]:.6f} at the start, {losses[-1]:.3e} after {EPOCHS:,} epochs")
    print(
        f"through optbench run: {curve['loss'].iloc[-1]:.3e}; largest difference {difference:.1e}\n"
    )

    final = stuck(given.seeds)
    print(f"starts of {given.seeds:,} that have not learnt XOR after {EPOCHS:,} epochs, lr {LR}")
    print(f"{'':10}{'':24}{'constant':>10}{'cosine':>10}")
    for activation, loss in dict.fromkeys(key[:2] for key in final):
        counts = [
            int((~learnt(final[activation, loss, schedule], loss)).sum())
            for schedule in ("constant", "cosine")
        ]
        print(f"{activation:10}{loss:24}{counts[0]:>10}{counts[1]:>10}")

    whole, short, same = stopped(given.seeds)
    print(
        f"\nstop at convergence: {short:,} steps and not {whole:,}; the hits are"
        f" {'the same' if same else 'NOT the same'}\n"
    )

    for apart, slope, height in onto_the_saddle():
        print(
            f"saddle, {apart:g} off its ridge: largest slope {slope:.1e}, {height:.3f} above the"
            " minimum"
        )
    slope, value = from_zeros()
    print(f"XOR from zeros: largest slope {slope:.1e}, loss {value:.4f}\n")

    for rule, count in skipping(given.seeds).items():
        print(
            f"{rule}: skipping coordinates without slope changes the end of {count:,} of"
            f" {given.seeds:,} runs"
        )
    if given.figure:
        draw(given.figure, losses, curve, final)


if __name__ == "__main__":
    main()
