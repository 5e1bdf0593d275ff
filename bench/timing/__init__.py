"""What a step costs: ours, written by hand, and in other libraries."""
