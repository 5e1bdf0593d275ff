"""Dense networks: activations, layers forward and backward, losses and metrics."""
