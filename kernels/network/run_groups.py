"""The parameters of a group of runs, copied out of a block so that each run's are contiguous, and
their slopes copied back.

In a block a layer is (units_in + 1, units_out, L), the bias after the weights. In a group it is
(GROUP, units_out, units_in + 1), as BLAS products of each run take it; layer follows layer.
"""

from ..jit import jit, joined

GROUP = 8
"""Runs whose parameters are copied from the block and back together: a cache line of float64."""

ONE_BY_ONE = 2
"""Runs up to which they are copied one by one."""


@joined
def of_layer(numbers, at, fan_in, fan_out):
    """The weights of a group of runs, or their slopes, of the layer that begins at coordinate `at`:
    a view (GROUP, fan_out, fan_in + 1).
    """
    begin = GROUP * at
    return numbers[begin : begin + GROUP * (fan_in + 1) * fan_out].reshape(
        GROUP, fan_out, fan_in + 1
    )


@joined
def gather(x, first_lane, group, widths, weights):
    """Copy the parameters of `group` runs from lane `first_lane` on into `weights`."""
    at = 0
    for i in range(widths.size - 1):
        fan_in, fan_out = int(widths[i]), int(widths[i + 1])
        end = at + (fan_in + 1) * fan_out
        # the biases follow the weights, as one more row
        block = x[at:end].reshape(fan_in + 1, fan_out, x.shape[1])
        _gather_layer(block, first_lane, group, of_layer(weights, at, fan_in, fan_out))
        at = end


@joined
def scatter(weights_slopes, first_lane, group, widths, g):
    """Copy the slopes of `group` runs into g, from lane `first_lane` on."""
    at = 0
    for i in range(widths.size - 1):
        fan_in, fan_out = int(widths[i]), int(widths[i + 1])
        end = at + (fan_in + 1) * fan_out
        block = g[at:end].reshape(fan_in + 1, fan_out, g.shape[1])
        _scatter_layer(of_layer(weights_slopes, at, fan_in, fan_out), first_lane, group, block)
        at = end


@jit
def _gather_layer(block, first, group, weights):
    """Copy a layer of some lanes out of a block: (units_in + 1, units_out, L) to (GROUP, units_out,
    units_in + 1).
    """
    if group <= ONE_BY_ONE or first + GROUP > block.shape[2]:
        for lane in range(first, first + group):
            for d in range(block.shape[0]):
                for h in range(block.shape[1]):
                    weights[lane - first, h, d] = block[d, h, lane]
        return
    # lanes whose number the compiler knows are unrolled, 0.3 ns a number instead of 1.3: all of
    # them, used or not
    for d in range(block.shape[0]):
        for h in range(block.shape[1]):
            for lane in range(GROUP):
                weights[lane, h, d] = block[d, h, first + lane]


@jit
def _scatter_layer(weights, first, group, block):
    """Copy a layer of some lanes into a block, as _gather_layer copied it out: (GROUP, units_out,
    units_in + 1) to (units_in + 1, units_out, L).
    """
    if group <= ONE_BY_ONE or first + GROUP > block.shape[2]:
        for lane in range(first, first + group):
            for d in range(block.shape[0]):
                for h in range(block.shape[1]):
                    block[d, h, lane] = weights[lane - first, h, d]
        return
    for d in range(block.shape[0]):
        for h in range(block.shape[1]):
            for lane in range(GROUP):
                block[d, h, first + lane] = weights[lane, h, d]
