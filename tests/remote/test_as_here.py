"""Whatever is counted here is counted alike elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from remote_data import KINDS
from remote_support import Web
from support import run

Bucket = Any


def _counts(*arguments: object) -> dict[str, Any]:
    """The counts of a source, and by what it was recognised."""
    done = run("analyze", *arguments, "--format", "json", "--no-cache", "--jobs", 1)
    assert done.code == 0, done.err
    found: dict[str, Any] = done.json
    source = found.pop("source")
    return found | {key: source[key] for key in ("kind", "label", "recognised", "ids")}


@pytest.mark.parametrize("kind", KINDS)
def test_on_the_web(kind: str, web: Web, tmp_path: Path) -> None:
    """Every kind of source, over HTTP."""
    path = KINDS[kind](tmp_path)
    options = ["--as", "paths"] if kind == "image_list" else []
    assert _counts(web.put("", path), *options) == _counts(path, *options)


@pytest.mark.parametrize("kind", KINDS)
def test_in_a_bucket(kind: str, s3: Bucket, tmp_path: Path) -> None:
    """Every kind of source, from S3."""
    path = KINDS[kind](tmp_path)
    options = ["--as", "paths"] if kind == "image_list" else []
    assert _counts(s3.put(f"{kind}/", path), *options) == _counts(path, *options)


@pytest.mark.parametrize("kind", ["csv_gz", "parquet", "masks", "yolo"])
def test_without_parts(kind: str, web: Web, tmp_path: Path) -> None:
    """A server that sends whole files only."""
    path = KINDS[kind](tmp_path)
    assert _counts(web.put("plain/", path)) == _counts(path)


def test_by_pattern(s3: Bucket, web: Web, tmp_path: Path) -> None:
    """Patterns find the files of one folder, or of all."""
    path = KINDS["masks"](tmp_path)
    here = _counts(f"{path}/**/*.png")
    bucket = s3.put("pattern/", path)
    assert _counts(f"{bucket}**/*.png") == here
    assert _counts(f"{web.put('', path)}**/*.png") == here
    assert _counts(f"{bucket}train/?.png") == _counts(f"{path}/train/?.png")


def test_tables_by_pattern(s3: Bucket, web: Web, tmp_path: Path) -> None:
    """The parts of a table are counted as one."""
    path = KINDS["parquet"](tmp_path)
    for i in range(3):
        (tmp_path / f"part-{i}.parquet").write_bytes(path.read_bytes())
        (s3 if i % 2 else web).put("parts/", tmp_path / f"part-{i}.parquet")
        s3.put("parts/", tmp_path / f"part-{i}.parquet")
    here = _counts(f"{tmp_path}/part-*.parquet")
    assert _counts("s3://labels/parts/part-*.parquet") == here
    assert _counts("s3://labels/parts/part-0.parquet", f"{tmp_path}/part-[12].parquet") == here


def test_splits(s3: Bucket, web: Web, tmp_path: Path) -> None:
    """Splits by name, from two places at once, and by a column."""
    path = KINDS["csv"](tmp_path)
    other = tmp_path / "other.csv"
    other.write_bytes(path.read_bytes())
    here = _counts(f"train={path}", f"val={other}")
    assert _counts(f"train={s3.put('split/', path)}", f"val={web.put('', other)}") == here
    column = _counts(web.put("", path), "--split", "part")
    assert column == _counts(path, "--split", "part")
    assert set(column["splits"]) == {"train", "val"}


def test_file_address(tmp_path: Path) -> None:
    """``file://`` is just a path."""
    path = KINDS["csv"](tmp_path)
    assert _counts(path.as_uri()) == _counts(path)


def test_several_workers(web: Web, tmp_path: Path) -> None:
    """Files are fetched by the processes that count them."""
    path = KINDS["masks"](tmp_path)
    for i in range(60):
        (path / "train" / f"more{i}.png").write_bytes((path / "train" / "1.png").read_bytes())
    url = web.put("", path)
    done = run("analyze", url, "--format", "json", "--no-cache", "--jobs", 2)
    assert done.code == 0, done.err
    here = run("analyze", path, "--format", "json", "--no-cache").json
    assert done.json["classes"] == here["classes"]
    assert sum(p.endswith("more7.png") and m == "GET" for p, m, _ in web.requests) == 1
