"""`python -m optbench` is the command `optbench`."""

from .bench.cli.main import main

if __name__ == "__main__":
    main(prog_name="optbench")
