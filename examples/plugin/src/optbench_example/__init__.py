"""A rule and a problem that optbench finds by this package's entry points."""
