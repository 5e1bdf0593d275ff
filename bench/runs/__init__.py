"""Blocks become results: executors, progress, schema, store."""
