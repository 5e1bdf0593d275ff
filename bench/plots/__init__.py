"""One figure = one file: a function of the results and an Axes that returns the Axes."""
