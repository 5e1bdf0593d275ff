"""What asv measures of every commit of this package: optbench's own measures, on the names in
rules.py.
"""
