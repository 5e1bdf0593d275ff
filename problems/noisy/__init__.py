"""Formulas with noisy gradients. One idea, one file."""
