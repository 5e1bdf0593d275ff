"""Regressions on real data. One idea, one file."""
