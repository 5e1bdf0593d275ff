"""Where optimizers and problems come from, and what is wrong with one that does not load."""
