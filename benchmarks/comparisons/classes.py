"""So many classes that the list of them is the data."""

from __future__ import annotations

from made_data.tables import many_classes

from comparisons.base import Comparison, Target, Way, as_json, counting, python

_DUCKDB = """
import sys, json, duckdb
print(json.dumps(dict(duckdb.sql(f"select label, count(*) from '{sys.argv[1]}' group by label").fetchall())))"""
_PANDAS = """
import sys, json, pandas as pd
counts = pd.read_parquet(sys.argv[1], columns=["label"])["label"].value_counts()
print(json.dumps({k: int(n) for k, n in counts.items()}))"""

CLASSES = Comparison(
    name="classes",
    title="1 million classes in 50 million rows of Parquet",
    about="Nine in ten classes have fewer than a hundred rows.",
    make=lambda folder, quick: many_classes(
        folder, *((20_000, 500) if quick else (50_000_000, 1_000_000))
    ),
    ways=(
        counting("--label", "label"),
        Way(name="DuckDB by hand", command=python(_DUCKDB), reads=as_json),
        Way(name="pandas", command=python(_PANDAS), reads=as_json),
    ),
    targets=(Target(below_mb=4096),),
    rounds=1,
)
