"""The history of a package: what its commits did to the speed and the convergence of its
optimizers.
"""
