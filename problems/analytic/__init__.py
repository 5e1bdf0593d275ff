"""Formulas. One idea, one file."""
