"""What a code object does and what it loads: names of globals, of attributes behind them, of
modules.
"""

import dis
import types
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from .digests import digest

ATTRIBUTES = ("LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR")


class Loaded(NamedTuple):
    """What a code object and those nested in it load.

    names : of each global, the attributes that stand behind it in the code.
    alone : those of them that also stand without one, for a variable or an argument.
    attributes : all attributes, and all texts, which may name one.
    imports : modules that the code imports itself.
    """

    names: Mapping[str, frozenset[str]]
    alone: frozenset[str]
    attributes: frozenset[str]
    imports: frozenset[str]

    def of_module(self, name: str) -> frozenset[str]:
        """What may be loaded from the global `name`, if it is a module."""
        return self.attributes if name in self.alone else self.names[name]


@cache
def loaded(code: types.CodeType) -> Loaded:
    """What the code loads. Nested code has the same globals."""
    behind, alone, attributes, imports = {}, set(), set(), set()
    instructions = list(dis.get_instructions(code))
    for place, instruction in enumerate(instructions):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            chain = _chain(instructions[place + 1 :])
            behind.setdefault(instruction.argval, set()).update(chain)
            if not chain:
                alone.add(instruction.argval)
        elif instruction.opname in (*ATTRIBUTES, "IMPORT_FROM"):
            attributes.add(instruction.argval)
        elif instruction.opname == "IMPORT_NAME":
            imports.add(instruction.argval)
    attributes |= {
        constant for constant in code.co_consts if isinstance(constant, str)
    }  # getattr(module, "name")
    names = {name: frozenset(chain) for name, chain in behind.items()}
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            inner = loaded(constant)
            names = {
                name: names.get(name, frozenset()) | inner.names.get(name, frozenset())
                for name in {*names, *inner.names}
            }
            alone |= inner.alone
            attributes |= inner.attributes
            imports |= inner.imports
    return Loaded(names, frozenset(alone), frozenset(attributes), frozenset(imports))


def _chain(following: list[dis.Instruction]) -> list[str]:
    """The attributes loaded one from the other at once: of `lib.deeper.SCALE`, deeper and SCALE."""
    chain = []
    for instruction in following:
        if instruction.opname not in ATTRIBUTES:
            break
        chain.append(instruction.argval)
    return chain


@cache
def of(code: types.CodeType) -> str:
    """Digest of a code object: what it does, not where it stands. A docstring is one of its
    constants.
    """
    # in 3.11 and later co_code is without what the interpreter has specialised
    shape = (
        code.co_argcount,
        code.co_kwonlyargcount,
        code.co_posonlyargcount,
        code.co_flags,
        code.co_stacksize,
    )
    names = (code.co_name, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return digest(
        repr((shape, names)), code.co_code, code.co_exceptiontable, *map(_constant, code.co_consts)
    )


def _constant(value: object) -> str:
    if isinstance(value, types.CodeType):
        return of(value)
    if isinstance(value, (tuple, frozenset)):
        entries = list(map(_constant, value))
        # a frozen set's order differs from process to process
        entries = sorted(entries) if isinstance(value, frozenset) else entries
        return f"{type(value).__name__}({', '.join(entries)})"
    return repr(value)
