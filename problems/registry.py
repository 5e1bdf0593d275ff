"""`@problem` registers a function that makes a Problem from its parameters; names find it again."""

import copyreg
import importlib.util
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, overload

from ..kernels import grammar, pickling, redefinition, sources
from ..kernels.blas import one_thread
from ..kernels.known_modules import is_builtin
from . import transform
from .problem import Problem

Parameters = Sequence[Mapping[str, Any]]
"""Of several problems of one family, each one's parameters."""

_registry: dict[str, "Family"] = {}


@dataclass(frozen=True, eq=False)
class Family:
    """A registered problem: `make` with its parameters' defaults.

    variants : parameters of further problems that the suites by kind hold.
    ladder : parameters of ever harder problems, the first the easiest.
    needs : a package that only this problem needs, "" for none.
    """

    name: str
    make: Callable[..., Problem]
    defaults: Mapping[str, Any]
    variants: tuple[Mapping[str, Any], ...]
    ladder: tuple[Mapping[str, Any], ...]
    needs: str = ""

    @property
    def present(self) -> bool:
        """Whether the package that it needs is installed."""
        return not self.needs or importlib.util.find_spec(self.needs) is not None

    @property
    def ours(self) -> bool:
        """Whether it comes with optbench."""
        return is_builtin(self.make.__module__)

    def problem(self, **given: object) -> Problem:
        """The problem with these parameters, of its own or of transform.py.

        Raises InputError for unknown ones or values out of range.
        """
        # a parameter that the problem itself has (noise) is the problem's own
        shared = {
            name: value for name, value in transform.OPTIONS.items() if name not in self.defaults
        }
        values = grammar.fill("parameter", self.name, given, {**self.defaults, **shared})
        own = {name: values[name] for name in self.defaults}
        try:
            # a minimum's last bits depend on how many share a product, and two threads may take 50
            # x as long
            with one_thread():
                made: Any = self.make(**own)
        except grammar.InputError:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
            raise grammar.InputError(f"problem {self.name!r} can't be made: {reason}") from error
        if not isinstance(made, Problem):
            raise grammar.InputError(
                f"problem {self.name!r} can't be made: its function returned {type(made).__name__}"
            )
        made = replace(
            made, family=self.name, parameters=own, defaults=self.defaults, maker=self.make
        )
        view = {name: values[name] for name in shared}
        return made if view == shared else self._transformed(made, view, shared)

    def _transformed(
        self, made: Problem, given: dict[str, Any], unchanged: dict[str, Any]
    ) -> Problem:
        """The problem seen in other coordinates; unchanged : parameters that change nothing."""
        view = transform.Transform.of(made.dim, **{**transform.OPTIONS, **given})
        if view.moves and made.project is not None:
            raise grammar.InputError(
                f"{self.name} keeps x in a set of its own: shift, rotated, rescale and permuted"
                " don't go"
            )
        minimizers = None if made.minimizers is None else view.back(made.minimizers.T).T
        parameters = {**made.parameters, **given}
        defaults = {**made.defaults, **unchanged}
        kind = "noisy" if view.noise or view.bits or view.delay else made.kind
        return replace(
            made,
            minimizers=minimizers,
            kind=kind,
            transform=view,
            parameters=parameters,
            defaults=defaults,
        )

    __call__ = problem

    def __deepcopy__(self, memo: dict[int, Any]) -> "Family":
        return self  # nothing of it can be changed

    def __reduce__(self) -> tuple[Any, ...]:
        if _registry.get(self.name) is self and pickling.by_name([self.make]):
            return pickling.found(family_of, self.name, {}, [self.make])
        pickling.by_value("problem", self.name)
        return Family, (self.name, self.make, self.defaults, self.variants, self.ladder, self.needs)


@overload
def problem(make: Callable[..., Problem]) -> Family: ...
@overload
def problem(
    *,
    variants: Parameters = (),
    ladder: Parameters = (),
    needs: str = "",
) -> Callable[[Callable[..., Problem]], Family]: ...
def problem(
    make: Callable[..., Problem] | None = None,
    *,
    variants: Parameters = (),
    ladder: Parameters = (),
    needs: str = "",
) -> Family | Callable[[Callable[..., Problem]], Family]:
    """Register a function that returns a Problem; its arguments, all with defaults, are the
    problem's parameters.

    variants : parameters of further problems that the suites by kind hold.
    ladder : parameters of ever harder problems, the first the easiest; the audit holds the order.
    needs : the module of a package that only this problem needs; without it the problem is in no
    suite. Raises InputError where an argument has no default or another owner has the name.
    """

    def register(function: Callable[..., Problem]) -> Family:
        return _register(function, variants, ladder, needs)

    return register if make is None else register(make)


def _register(
    make: Callable[..., Problem], variants: Parameters, ladder: Parameters, needs: str
) -> Family:
    name = make.__name__
    parameters = inspect.signature(make).parameters
    bare = [parameter for parameter, p in parameters.items() if p.default is p.empty]
    if bare:
        raise grammar.InputError(f"problem {name!r}: its parameter {bare[0]!r} needs a default")
    known = _registry.get(name)
    if known is not None and known.make.__module__ != make.__module__:
        raise grammar.InputError(
            f"problem {name!r} is registered twice: by {known.make.__module__} and by"
            f" {make.__module__}"
        )
    reason = redefinition.mistaken(known.make, make) if known else None
    if reason:
        raise grammar.InputError(f"problem {name!r} is registered twice: {reason}")
    pickling.remember(make)
    defaults = {parameter: p.default for parameter, p in parameters.items()}
    _registry[name] = Family(name, make, defaults, tuple(variants), tuple(ladder), needs)
    return _registry[name]


def registered() -> dict[str, Family]:
    """All families registered so far, by name, sorted."""
    return dict(sorted(_registry.items()))


def family_of(name: str) -> Family:
    """The registered problem of that name. Raises InputError where there is none."""
    if name not in _registry:
        raise grammar.unknown("problem", name, _registry, "optbench list problems")
    return _registry[name]


def find(name: str, **given: object) -> Problem:
    """The problem of that name in the grammar, with parameters. Raises InputError (a ValueError)
    for unknown names and parameters.
    """
    family, inside = grammar.parse(name)
    made = family_of(family)
    try:
        parameters = {**inside, **given}
        state = sources.maker_state(made.make)
        if state is None:  # what it reads may have changed
            return made.problem(**parameters)
        return _made(tuple(sorted(parameters.items())), made, state)
    except TypeError as error:  # a list can't be a parameter's value
        raise grammar.InputError(
            f"problem {family!r}: a parameter's value must be a number or a word"
        ) from error


def _reduced(made: Problem) -> tuple[Any, ...]:
    """How pickle writes a problem: by its name and parameters, with the fields that `replace` has
    changed since; one made by hand by its fields, its formula as a function.
    """
    if not made.maker:
        return pickling.by_fields(made)
    own = next((family for family in _registry.values() if family.make is made.maker), None)
    if own is None or not pickling.by_name([own.make]):
        pickling.by_value("problem", made.name)
        return pickling.by_fields(made)
    given = {name: value for name, value in made.parameters.items() if value != made.defaults[name]}
    changed = pickling.differing(made, find(own.name, **given))
    return pickling.found(find, own.name, given, [own.make], changed)


copyreg.pickle(Problem, _reduced)


@cache
def _made(given: tuple[tuple[str, Any], ...], family: Family, state: str) -> Problem:
    return family.problem(**dict(given))
