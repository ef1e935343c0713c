"""One pass over the rows: the gradient of every label of a block."""

from __future__ import annotations

import numpy as np

from imbweights.evidence.solving.labels import Block
from imbweights.evidence.solving.rows import Double, Rows, Single

# 512 rows × 128 labels in single precision are 256 KB: they stay in the cache of a core from the
# product that makes them to the product that uses them.
_SLAB = 512
# exp(80) is still finite in single precision.
_STEEPEST = 80.0


def gradient(rows: Rows, block: Block, at: Double, bends: Single | None = None) -> Double:
    """∂/∂w of Σᵢ sᵢ·ℓ(yᵢ, w·xᵢ) + ½ Σⱼ penaltyⱼ wⱼ², for each label of the block, (c, D + 1).

    ``at`` (c, D + 1): w of each label; ℓ(y, z) = ln(1 + eᶻ) − y·z; sᵢ the label's weight where
    y = 1, else 1. With p = 1/(1 + e⁻ᶻ) the sum is Σᵢ rᵢxᵢ with r = p for a negative and
    weight·(p − 1) for a positive, which are so few that they are corrected one by one.

    ``bends`` (N, c), if given, is filled with s·p·(1 − p), the second derivatives of the loss.
    Products are in single precision, their sum over slabs of rows in double.
    """
    turned = at.astype(np.float32).T.copy()
    found = rows.penalty * at
    room = np.empty((_SLAB, at.shape[0]), dtype=np.float32)
    for start in range(0, len(rows.values), _SLAB):
        x = rows.values[start : start + _SLAB]
        row, column = block.within(start, start + len(x))
        weight = block.weight[column]
        # In place: every further array would be a trip to memory.
        p = np.matmul(x, turned, out=room[: len(x)])
        np.negative(p, out=p)
        np.minimum(p, _STEEPEST, out=p)
        np.exp(p, out=p)
        # Of a positive, 1 − p comes from its odds: subtracted from 1, it would be rounded to multiples
        # of 6e-8, which a weight of 1000 makes large enough to stop the descent early.
        against = p[row, column]
        doubt = weight * (against / (1 + against))
        np.add(p, 1, out=p)
        np.reciprocal(p, out=p)
        if bends is not None:
            bend = bends[start : start + len(x)]
            np.multiply(p, p, out=bend)
            np.subtract(p, bend, out=bend)
            bend[row, column] = doubt * p[row, column]
        p[row, column] = -doubt
        found += p.T @ x
    return found
