"""What every room writes to: the console, and notices of one line."""
