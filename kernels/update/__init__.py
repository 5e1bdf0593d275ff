"""Update rules, one paper a file; every module here is imported, and so registered, by
`bench.plugins`.
"""
