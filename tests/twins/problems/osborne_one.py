import numpy as np
from twins.residuals import squared


def osborne_one(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 17."""
    x1, x2, x3, x4, x5 = x
    thousandths = np.array(
        [
            844,
            908,
            932,
            936,
            925,
            908,
            881,
            850,
            818,
            784,
            751,
            718,
            685,
            658,
            628,
            603,
            580,
            558,
            538,
            522,
            506,
            490,
            478,
            467,
            457,
            448,
            438,
            431,
            424,
            420,
            414,
            411,
            406,
        ]
    )
    t = 10 * np.arange(33)
    return squared(thousandths / 1000 - (x1 + x2 * np.exp(-t * x4) + x3 * np.exp(-t * x5)))
