"""Networks. One idea, one file."""
