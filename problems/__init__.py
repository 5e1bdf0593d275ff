"""Problems: a loss with its gradient, a start, a budget, targets and the minimum, one idea a
file.
"""
