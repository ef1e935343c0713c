"""A thousand 0/1 columns, each a label, and how often each two of them are on together."""

from __future__ import annotations

from made_data.indicators import indicators

from comparisons.base import Comparison, Target, Way, as_json, counting, python

PANDAS = "pandas `sum` and `X.T @ X`"
# Bytes would overflow in the product, and whole numbers are not multiplied by BLAS: float32 is
# exact up to 2^24 and the fastest that a user could choose.
_PANDAS = """
import sys, json, numpy as np, pandas as pd
table = pd.read_parquet(sys.argv[1])
sums = table.sum()
x = table.to_numpy(dtype=np.float32)
pairs = x.T @ x
print(json.dumps({k: int(n) for k, n in sums.items()}))"""

INDICATORS = Comparison(
    name="indicators",
    title="1000 columns of 0 and 1 in 1 million rows of Parquet, with pairs",
    about="Five labels are on in each row on average. The pandas way multiplies in float32.",
    make=lambda folder, quick: indicators(folder, *((2000, 40) if quick else (1_000_000, 1000))),
    ways=(
        counting("--label", "*"),
        Way(name=PANDAS, command=python(_PANDAS), reads=as_json, needs=("pyarrow",)),
    ),
    targets=(Target(beside=PANDAS, times_as_fast=5), Target(below_mb=2048)),
)
