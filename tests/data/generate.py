"""Reference trajectories: what torch.optim and optax themselves do, in float64, for the names that
should reproduce them.

    pip install -e '.[peers]' && python tests/data/generate.py

Writes problems.npz, torch.npz and optax.npz beside this file; README.md says what they hold. Every
case is run again from a start, and with gradients, that are off by rounding; where that makes a
difference the script stops, for then the case could not tell a wrong rule from a right one.
"""

# pyright: reportMissingImports=false
# torch, jax and optax come with the extra `peers` alone

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import jax
import numpy as np
import torch
from cases import Case, scheduled
from given_problems import problems
from optax_cases import optax_cases
from optax_points import optax_run
from torch_cases import torch_cases
from torch_points import torch_run

NUDGE, LARGEST, NUDGES = 1e-15, 1e-12, 8
"""What starts and gradients are put off by, the most that a point may differ then, and how often
that is tried.
"""


def trajectory(case: Case, given: dict[str, np.ndarray]) -> list[np.ndarray]:
    """The points of a case after every update, start first, and the reported points if it has any.

    Raises ValueError where rounding decides them: a nudged start or nudged gradients, or the call
    that a user would write.
    """
    start = given[f"{case.on}/start"]
    gradients = (
        given["random/gradients"][: case.updates]
        if case.on == "random"
        else np.zeros((case.updates, start.size))
    )
    nudges = np.random.default_rng(1).choice(
        [-NUDGE, NUDGE], size=(NUDGES, case.updates + 1, start.size)
    )
    ones = np.ones_like(gradients)
    run = (
        torch_run(case, case.call) if case.library == "torch" else optax_run(case, case.call, start)
    )
    found = run(start, gradients, ones)

    def hold(others: Sequence[np.ndarray], largest: float, what: str) -> None:
        off = max(
            np.max(np.abs(a - b) / np.maximum(1, np.abs(a)))
            for a, b in zip(found, others, strict=True)
        )
        if not off < largest:
            where = f"{case.name} on {case.on}, lr={case.lr} {case.schedule}"
            raise ValueError(f"{where}: {what} moves the points by {off:.0e}; choose another lr")

    for first, *later in nudges:
        hold(run(start + first, gradients, ones), LARGEST, "rounding of the start")
        hold(run(start, gradients, 1 + np.array(later)), LARGEST, "rounding of the gradients")
    if case.twin:
        hold(optax_run(case, case.twin, start)(start, gradients, ones), 1e-4, "optax's float32")
    return found


def collect(
    cases: Sequence[Case], given: dict[str, np.ndarray], verbose: bool = False
) -> dict[str, np.ndarray]:
    """The arrays of one file: `<k>/x` and `<k>/reported` for the k-th case, and `cases`, their list
    as JSON.

    Ends the script, with all reasons, where a case is no good.
    """
    arrays, wrong = {"cases": np.array(json.dumps([asdict(case) for case in cases]))}, []
    for k, case in enumerate(cases):
        try:
            found = trajectory(case, given)
        except ValueError as error:
            wrong.append(str(error))
            continue
        for name, rows in zip(("x", "reported"), found, strict=False):
            arrays[f"{k}/{name}"] = rows[case.rows]
        if verbose:
            x = arrays[f"{k}/x"]
            print(
                f"{case.name:70} {case.on:12} {case.lr:<7} {case.schedule:20} moved"
                f" {np.abs(x - x[0]).max():.3g}"
            )
    if wrong:
        sys.exit("\n".join(wrong))
    return arrays


def main() -> None:
    """Write the files, or with --check hold those that are there against what the libraries
    installed here compute.
    """
    parser = argparse.ArgumentParser(
        description=str(__doc__), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only",
        default="",
        metavar="TEXT",
        help="try cases with this in their names; nothing is written",
    )
    parser.add_argument(
        "--check", action="store_true", help="compare with the files, to 1e-12; nothing is written"
    )
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, metavar="DIR", help="where the files are"
    )
    given = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)  # else ASGD and NAdam keep scalars in float32
    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_enable_x64", True)
    made = {"problems": problems()}
    for library, cases in (("torch", torch_cases()), ("optax", optax_cases())):
        chosen = [case for case in (*cases, *scheduled(cases)) if given.only in case.name]
        made[library] = collect(chosen, made["problems"], verbose=bool(given.only))
    if given.only:
        return
    wrong: list[str] = []
    for library, arrays in made.items():
        path = given.out / f"{library}.npz"
        if given.check:
            with np.load(path) as stored:
                wrong += [
                    f"{path}: {name}"
                    for name in sorted({*stored, *arrays})
                    if not _same(stored.get(name), arrays.get(name))
                ]
        else:
            np.savez_compressed(path, **arrays)
            print(f"{path}: {len(arrays)} arrays, {path.stat().st_size / 1e3:.0f} kB")
    if wrong:
        sys.exit("these differ:\n" + "\n".join(wrong))


def _same(a: np.ndarray | None, b: np.ndarray | None) -> bool:
    if a is None or b is None or a.shape != b.shape:
        return False
    return bool(
        (a == b).all() if a.dtype.kind == "U" else np.allclose(a, b, rtol=1e-12, atol=1e-12)
    )


if __name__ == "__main__":
    main()
