"""What is asked, as data: suites, sweeps, blocks, and the digests of the code behind them."""
