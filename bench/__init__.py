"""Running, storing, comparing and drawing: what is asked, which runs it means, and what came of
them.
"""
