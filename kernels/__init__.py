"""Arithmetic: the update rules, forward and backward passes, schedules and the one loop. No files,
no problems.
"""
