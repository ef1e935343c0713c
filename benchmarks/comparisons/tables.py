"""One label column among four, in 20 million rows."""

from __future__ import annotations

import sys
from pathlib import Path

from made_data.tables import four_columns

from comparisons.base import DATA, Comparison, Target, Way, as_json, counting, python

ROWS, FEW_ROWS = 20_000_000, 20_000
PANDAS, DUCKDB = "pandas", "DuckDB by hand"
_PRINT = "import json; print(json.dumps({{str(k): int(n) for k, n in {pairs}}}))"


def _pandas(read: str) -> Way:
    code = f"""
import sys, pandas as pd
labels = {read}["label"]
{_PRINT.format(pairs="labels.value_counts().items()")}"""
    return Way(name=PANDAS, command=python(code), reads=as_json)


def _duckdb(read: str) -> Way:
    code = f"""
import sys, duckdb
found = duckdb.sql(f"select label, count(*) from {read}('{{sys.argv[1]}}') group by label").fetchall()
{_PRINT.format(pairs="found")}"""
    return Way(name=DUCKDB, command=python(code), reads=as_json)


def _polars(scan: str) -> Way:
    code = f"""
import sys, polars as pl
table = pl.{scan}(sys.argv[1]).group_by("label").len().collect(engine="streaming")
{_PRINT.format(pairs="table.iter_rows()")}"""
    return Way(name="polars, lazy", command=python(code), reads=as_json, needs=("polars",))


def _pyarrow(read: str) -> Way:
    code = f"""
import sys, pyarrow as pa
{read}
pairs = table["label"].value_counts().to_pylist()
{_PRINT.format(pairs='((p["values"], p["counts"]) for p in pairs)')}"""
    return Way(name="pyarrow", command=python(code), reads=as_json, needs=("pyarrow",))


def _columns(text: str) -> dict[str, int]:
    """``label,count`` in lines."""
    pairs = (line.rsplit(",", 1) for line in text.split())
    return {name: int(n) for name, n in pairs if n.isdecimal()}


AWK = Way(
    name="awk",
    command=(
        *("awk", "-F,", 'NR > 1 { n[$3]++ } END { for (l in n) printf "%s,%d\\n", l, n[l] }'),
        DATA,
    ),
    reads=_columns,
    needs=("program:awk",),
)
MILLER = Way(
    name="mlr",
    command=("mlr", "--icsv", "--ocsv", "count", "-g", "label", DATA),
    reads=_columns,
    needs=("program:mlr",),
)


def _made(suffix: str, folder: Path, rows: int) -> Path:
    return four_columns(folder, rows, suffix)


CSV = Comparison(
    name="csv",
    title="CSV of 20 million rows and 4 columns",
    about="100 classes in the third column, about 700 MB.",
    make=lambda folder, quick: _made(".csv", folder, FEW_ROWS if quick else ROWS),
    ways=(
        counting("--label", "label"),
        _pandas('pd.read_csv(sys.argv[1], usecols=["label"])'),
        _duckdb("read_csv"),
        _polars("scan_csv"),
        _pyarrow(
            "from pyarrow import csv; table = csv.read_csv(sys.argv[1],"
            " convert_options=csv.ConvertOptions(include_columns=['label']))"
        ),
        AWK,
        MILLER,
    ),
    targets=(
        Target(beside=PANDAS, times_as_fast=2),
        Target(beside=DUCKDB, at_most=1.15),
        Target(below_mb=400),
    ),
)
PARQUET = Comparison(
    name="parquet",
    title="Parquet of 20 million rows and 4 columns",
    about="The same rows.",
    make=lambda folder, quick: _made(".parquet", folder, FEW_ROWS if quick else ROWS),
    ways=(
        counting("--label", "label"),
        _pandas('pd.read_parquet(sys.argv[1], columns=["label"])'),
        _duckdb("read_parquet"),
        _polars("scan_parquet"),
        _pyarrow(
            "from pyarrow import parquet; table = parquet.read_table(sys.argv[1], columns=['label'])"
        ),
    ),
    targets=(Target(beside=PANDAS, times_as_fast=4), Target(below_mb=250)),
    rounds=5,
)
SMALL_IMPORTS = 'python -c "import duckdb, typer, rich"'
SMALL = Comparison(
    name="small",
    title="CSV of 1000 rows",
    about="Start-up is nearly everything.",
    make=lambda folder, quick: _made(".csv", folder, 1000),
    ways=(
        counting("--label", "label"),
        Way(name=SMALL_IMPORTS, command=(sys.executable, "-c", "import duckdb, typer, rich")),
        _pandas("pd.read_csv(sys.argv[1])"),
    ),
    targets=(Target(beside=SMALL_IMPORTS, at_most=2.5),),
    rounds=11,
)
