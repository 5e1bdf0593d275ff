"""The command `optbench`: click commands, thin."""
