"""Plugins with one fault each, for the tests of `optbench check`."""

from .problems import PROBLEMS
from .rules import RULES

__all__ = ["PROBLEMS", "RULES"]
