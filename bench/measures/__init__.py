"""Pure functions of runs: costs, rankings, intervals."""
