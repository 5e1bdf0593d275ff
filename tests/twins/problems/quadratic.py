import numpy as np


def quadratic(x, condition=100.0, spectrum="log_uniform"):
    """Nocedal & Wright (2006), Numerical Optimization, section 3.3, in its eigenvectors."""
    half = x.size // 2
    eigenvalues = {
        "log_uniform": np.geomspace(1 / condition, 1, x.size),
        "one_outlier": [1 / condition] * (x.size - 1) + [1],
        "two_clusters": [
            *np.linspace(1 / condition, 2 / condition, half),
            *np.linspace(0.9, 1, x.size - half),
        ],
    }
    return 0.5 * np.dot(eigenvalues[spectrum], x**2)


VARIANTS = ("condition=1000.0", "spectrum=one_outlier", "dim=5,spectrum=two_clusters")
