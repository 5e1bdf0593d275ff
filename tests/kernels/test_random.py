"""Random numbers: the published generator, the same numbers for all, and honest permutations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from optbench.kernels import random
from scipy import stats
from twins.philox import philox4x32


@njit
def kernel(c0, c1, c2, c3, k0, k1):
    return random.philox(c0, c1, c2, c3, k0, k1)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ([0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xA4093822, 0x299F31D0],
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_philox_gives_the_published_words(counter, key, expected):
    """Philox4x32-10 on the known-answer vectors that its authors publish with Random123."""
    words = [int(word, 16) for word in expected.split()]

    assert list(kernel(*counter, *key)) == words
    assert philox4x32(counter, key) == words


@given(st.lists(st.integers(0, 2**32 - 1), min_size=6, max_size=6))
def test_philox_equals_python_integers(words):
    """The compiled generator equals one in unbounded integers for any counter and key."""
    assert list(kernel(*words)) == philox4x32(words[:4], words[4:])


def test_start_normals_are_standard_normal():
    """100 000 draws pass Kolmogorov-Smirnov, and coordinates and seeds are uncorrelated."""
    drawn = random.start_normals(random.mix("some problem", np.arange(1000)), 100)

    assert stats.kstest(drawn.ravel(), "norm").pvalue > 1e-3
    assert np.abs(np.corrcoef(drawn) - np.eye(100)).max() < 0.2
    assert np.unique(drawn).size == drawn.size


def test_a_seed_keeps_its_numbers_in_any_company():
    """A seed's draw doesn't depend on which other seeds are drawn with it, nor on the dimension."""
    alone = random.start_normals(random.mix("p", [7]), 3)[:, 0]
    together = random.start_normals(random.mix("p", [5, 7, 9]), 20)[:3, 1]

    assert alone.tobytes() == together.tobytes()
    assert not np.array_equal(alone, random.start_normals(random.mix("q", [7]), 3)[:, 0])


@given(seed=st.integers(0, 2**32 - 1), samples=st.integers(1, 60), batch=st.integers(1, 70))
def test_every_epoch_sees_every_row_once(seed, samples, batch):
    """The mini-batches of an epoch are a permutation of the rows, the last one short."""
    batch = min(batch, samples)
    per_epoch = -(-samples // batch)
    key = random.mix("p", [seed])[0]
    epochs = [
        [
            random.mini_batch(key, epoch * per_epoch + part + 1, samples, batch)
            for part in range(per_epoch)
        ]
        for epoch in range(2)
    ]

    for parts in epochs:
        assert sorted(np.concatenate(parts)) == list(range(samples))
        assert [part.size for part in parts[:-1]] == [batch] * (per_epoch - 1)


def test_orders_differ_between_epochs_and_seeds():
    """Order is drawn per epoch and per seed, and all first rows are equally likely."""
    first = [random.mini_batch(random.mix("p", [seed])[0], 1, 50, 50) for seed in range(400)]
    later = random.mini_batch(random.mix("p", [0])[0], 2, 50, 50)
    counts = np.bincount([order[0] for order in first], minlength=50)

    assert not np.array_equal(first[0], later)
    assert not np.array_equal(first[0], first[1])
    assert stats.chisquare(counts).pvalue > 1e-3
