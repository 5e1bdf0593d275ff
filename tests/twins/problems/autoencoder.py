from twins.networks import Network
from twins.tables import rows


def autoencoder(hidden=8, activation="tanh"):
    """Bourlard & Kamp (1988), Biological Cybernetics 59(4-5), 291-294.

    The targets are the pixels that go in.
    """
    (pixels, _), (held, _) = rows("digits")
    widths = [64, hidden, 64]
    return Network(widths, activation, "mean_squared_error", 0.0, (pixels, pixels), (held, held))


VARIANTS = ("activation=relu,batch=0,hidden=3",)
