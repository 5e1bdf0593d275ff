def sps(x, g, t, state, lr, *, loss, minimum, c=0.5):
    """Loizou et al. 2021 (2002.10542) eq. SPS_max; gamma_b is lr."""
    gap, square = max(loss - minimum, 0.0), g @ g  # guard: 0
    return x - min(gap / (c * square), lr) * g if square > 0 else x
