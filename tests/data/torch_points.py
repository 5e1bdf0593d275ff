"""What torch.optim computes."""

# pyright: reportMissingImports=false
# torch, jax and optax come with the extra `peers` alone

from collections.abc import Callable

import numpy as np
import schedules
import torch
from cases import UPDATES, Case
from given_problems import cut, rosenbrock


def torch_run(case: Case, call: str) -> Callable[..., list[np.ndarray]]:
    """A function of start (n,), gradients, and factors (300, n) to the points, and the reported
    ones if any.

    factors : of the gradients, or where they belong to a function of the points at which they are
    taken; they are 1 or so.
    """

    def run(start: np.ndarray, gradients: np.ndarray, factors: np.ndarray) -> list[np.ndarray]:
        params = [
            torch.tensor(part, requires_grad=True) for part in cut(start, case.shapes).values()
        ]
        optimizer = eval(call, {"torch": torch, "params": params, "lr": case.lr})
        multipliers = (
            [*schedules.multipliers(case.schedule), 0.0] if case.schedule else [1.0] * (UPDATES + 1)
        )
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda k: multipliers[k])
        points, reported = [start], [start]
        for gradient, factor in zip(gradients, factors, strict=True):
            if case.on != "random":
                optimizer.zero_grad()
                rosenbrock(
                    torch.cat([p.flatten() for p in params]) * torch.tensor(factor)
                ).backward()
                gradient = np.concatenate([p.grad.numpy().ravel() for p in params])
            else:
                gradient = gradient * factor
            for p, part in zip(params, cut(gradient, case.shapes).values(), strict=True):
                p.grad = torch.tensor(part)
            optimizer.step()
            scheduler.step()
            points.append(np.concatenate([p.detach().numpy().ravel() for p in params]))
            if "ASGD" in call:
                reported.append(
                    np.concatenate([optimizer.state[p]["ax"].numpy().ravel() for p in params])
                )
        return [np.array(points), *([np.array(reported)] if "ASGD" in call else [])]

    return run
