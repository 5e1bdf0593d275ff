"""What a repository tracks, as data: grids of cases whose convergence is judged, and pairs whose
step times are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product
from typing import TypeVar

T = TypeVar("T")
Pair = tuple[str, str]
"""The names of a problem and an optimizer."""


@dataclass(frozen=True)
class Grid:
    """Cases that are judged: problems × optimizers × learning rates (texts), under one schedule, in
    one dtype.
    """

    problems: tuple[str, ...]
    optimizers: tuple[str, ...]
    lrs: tuple[str, ...]
    schedule: str = "constant"
    dtype: str = "float64"

    def narrowed(self, problems: Sequence[str] | None, optimizers: Sequence[str] | None) -> "Grid":
        """These problems and optimizers alone, in the order that they stand in."""
        return replace(
            self,
            problems=tuple(name for name in self.problems if not problems or name in problems),
            optimizers=tuple(
                name for name in self.optimizers if not optimizers or name in optimizers
            ),
        )

    @property
    def is_variant(self) -> bool:
        """Whether it has another schedule or dtype than the usual ones."""
        return (self.schedule, self.dtype) != ("constant", "float64")

    @property
    def size(self) -> int:
        """How many cases these are."""
        return len(self.problems) * len(self.optimizers) * len(self.lrs)


@dataclass(frozen=True)
class Tracked:
    """What a repository's suite says is judged.

    main : at a constant learning rate, in float64.  variants : under other schedules and dtypes.
    pairs : for speed.
    dropped : names that BASE's suite has and HEAD's hasn't.
    """

    main: Grid
    variants: tuple[Grid, ...]
    pairs: tuple[Pair, ...]
    dropped: tuple[str, ...] = ()

    @property
    def grids(self) -> tuple[Grid, ...]:
        """All that are judged for convergence."""
        return (self.main, *self.variants)

    @property
    def problems(self) -> tuple[str, ...]:
        """Every problem that is tracked somewhere."""
        return _distinct(
            chain((p for grid in self.grids for p in grid.problems), (p for p, _ in self.pairs))
        )

    @property
    def optimizers(self) -> tuple[str, ...]:
        """Every optimizer that is tracked somewhere."""
        return _distinct(
            chain((o for grid in self.grids for o in grid.optimizers), (o for _, o in self.pairs))
        )

    @property
    def names(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Problems, optimizers and learning rates."""
        return self.problems, self.optimizers, self.main.lrs

    def narrowed(
        self, problems: Sequence[str] | None, optimizers: Sequence[str] | None
    ) -> "Tracked":
        """These problems and optimizers alone. A name that isn't tracked is judged as if it were,
        with those that are.
        """
        new_problems = tuple(name for name in problems or () if name not in self.main.problems)
        new_optimizers = tuple(
            name for name in optimizers or () if name not in self.main.optimizers
        )
        main = replace(
            self.main,
            problems=self.main.problems + new_problems,
            optimizers=self.main.optimizers + new_optimizers,
        )
        return replace(
            self,
            main=main.narrowed(problems, optimizers),
            variants=tuple(
                grid for own in self.variants if (grid := own.narrowed(problems, optimizers)).size
            ),
            pairs=tuple(
                (p, o)
                for p, o in self._pairs_with(new_problems, new_optimizers)
                if (not problems or p in problems) and (not optimizers or o in optimizers)
            ),
        )

    def _pairs_with(
        self, problems: tuple[str, ...], optimizers: tuple[str, ...]
    ) -> tuple[Pair, ...]:
        """The pairs, and those of further names with each other and with the names that are timed.

        Where nothing is timed, it stays so.
        """
        if not self.pairs:
            return ()
        timed_problems, timed_optimizers = map(_distinct, zip(*self.pairs, strict=True))
        problems = tuple(name for name in problems if name not in timed_problems)
        optimizers = tuple(name for name in optimizers if name not in timed_optimizers)
        return _distinct(
            (
                *self.pairs,
                *product(problems, timed_optimizers + optimizers),
                *product(timed_problems, optimizers),
            )
        )


def joined(grids: Sequence[Grid]) -> Grid:
    """The grid of all their names. They have one schedule and dtype."""
    first = grids[0]
    return Grid(
        problems=_distinct(chain.from_iterable(grid.problems for grid in grids)),
        optimizers=_distinct(chain.from_iterable(grid.optimizers for grid in grids)),
        lrs=_distinct(chain.from_iterable(grid.lrs for grid in grids)),
        schedule=first.schedule,
        dtype=first.dtype,
    )


def joined_variants(grids: Sequence[Grid]) -> tuple[Grid, ...]:
    """One grid for each schedule and dtype, of all the names that stand under them."""
    kinds = _distinct((grid.schedule, grid.dtype) for grid in grids)
    return tuple(
        joined([grid for grid in grids if (grid.schedule, grid.dtype) == kind]) for kind in kinds
    )


def either(before: Tracked, after: Tracked) -> Tracked:
    """What either commit tracks: what HEAD tracks no longer is judged this last time."""
    names = zip(before.names, after.names, strict=True)
    return Tracked(
        main=joined([after.main, before.main]),
        variants=joined_variants([*after.variants, *before.variants]),
        pairs=_distinct(after.pairs + before.pairs),
        dropped=tuple(name for old, new in names for name in old if name not in new),
    )


def _distinct(values: Iterable[T]) -> tuple[T, ...]:
    """The values without repeats, in the order in which they first stand."""
    return tuple(dict.fromkeys(values))
