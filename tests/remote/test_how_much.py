"""How much is asked for, and how much lies here meanwhile."""

from __future__ import annotations

import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet as pq
from remote_data import KINDS
from remote_support import Web
from support import run

_ROWS = 400_000


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """A Parquet file whose labels are a small part of it, in several row groups."""
    rng = np.random.default_rng(0)
    columns: dict[str, Any] = {f"x{i}": rng.random(_ROWS) for i in range(4)}
    columns["label"] = [f"c{i % 3}" for i in range(_ROWS)]
    path = tmp_path / "wide.parquet"
    pq.write_table(pa.table(columns), path, row_group_size=100_000, use_dictionary=["label"])
    return path


def test_of_parquet_only_the_labels(web: Web, wide: Path) -> None:
    """The footer and the chunks of the label column, each once."""
    url = web.put("", wide)
    done = run("analyze", url, "--format", "json", "--no-cache")
    assert [each["count"] for each in done.json["classes"]] == [133_334, 133_333, 133_333]
    metadata = pq.read_metadata(wide)
    chunks = [
        column.total_compressed_size
        for group in range(metadata.num_row_groups)
        for column in [metadata.row_group(group).column(i) for i in range(metadata.num_columns)]
        if column.path_in_schema == "label"
    ]
    size = wide.stat().st_size
    assert len(chunks) == 4
    # DuckDB asks for the end of the file, 256 KiB, to have the footer.
    assert sum(chunks) <= web.sent <= 2 * sum(chunks) + (1 << 19) < size / 8


def test_of_parquet_in_a_bucket(s3: Any, wide: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same from S3, seen from inside: no request for much more than was asked for."""
    import s3fs

    sizes: list[int] = []
    fetch = s3fs.core._fetch_range  # noqa: SLF001 - the one place through which parts come

    def counting(*args: Any, **kwargs: Any) -> bytes:
        found: bytes = fetch(*args, **kwargs)
        sizes.append(len(found))
        return found

    monkeypatch.setattr(s3fs.core, "_fetch_range", counting)
    done = run("analyze", s3.put("wide/", wide), "--format", "json", "--no-cache")
    assert done.code == 0, done.err
    assert 0 < sum(sizes) < wide.stat().st_size / 8


def test_a_table_comes_once(web: Web, tmp_path: Path) -> None:
    """The rows of a packed table are checked while they are counted, not by a second download."""
    path = KINDS["csv_gz"](tmp_path)
    rng = np.random.default_rng(0)
    import gzip

    rows = "".join(f"c{i % 4},{x}\n" for i, x in enumerate(rng.random(500_000)))
    path.write_bytes(gzip.compress(f"label,x\n{rows}".encode(), 1))
    size = path.stat().st_size
    assert size > 3 << 20
    done = run("analyze", web.put("", path), "--format", "json", "--no-cache")
    assert [each["count"] for each in done.json["classes"]] == [125_000] * 4
    # Once, and its first part, from which it is found out how it is written.
    assert size < web.sent < size + (5 << 20)


def test_a_table_is_not_held(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Python holds of a table of 300 MB is some parts, and nothing of it lies on the disk."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    path = tmp_path / "long.csv"
    line = ",".join(["cat", *["0.123456789"] * 30]) + "\n"
    header = ",".join(["label", *(f"x{i}" for i in range(30))]) + "\n"
    path.write_text(header + line * 800_000)
    size = path.stat().st_size
    url = web.put("", path)
    path.unlink()
    most: list[int] = []
    web.on_request = lambda: most.append(
        sum(p.stat().st_size for p in scratch.rglob("*") if p.is_file())
    )
    tracemalloc.start()
    done = run("analyze", url, "--format", "json", "--no-cache")
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert done.json["samples"] == 800_000
    assert size > 280_000_000
    # Parts of 32 MB, with room for long rows, however long the table; the server is in this process, too.
    assert held < 200_000_000
    assert max(most) == 0


def test_masks_come_one_by_one(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most some files lie here at a time, and none afterwards."""
    from imbweights.core.limits import Limits
    from imbweights.sources.images import counting, decoding

    path = KINDS["masks"](tmp_path)
    for i in range(100):
        (path / "train" / f"more{i}.png").write_bytes((path / "train" / "1.png").read_bytes())
    url = web.put("", path)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    most: list[int] = []
    decoded = decoding.decoded

    def watching(place: Path, limits: Limits) -> Any:
        most.append(len(list(place.parent.iterdir())))
        return decoded(place, limits)

    monkeypatch.setattr(counting.count_masks, "__kwdefaults__", {"decode": watching})
    done = run("analyze", url, "--format", "json", "--no-cache", "--jobs", 1)
    assert done.json["samples"] == 112
    assert len(most) == 112
    assert max(most) <= 9
    assert not list(scratch.iterdir())


def test_nothing_is_asked_for_unnamed(web: Web, tmp_path: Path) -> None:
    """What a table lists, and what was analysed last, is not asked for."""
    listed = tmp_path / "listed.csv"
    rows = "".join(f"{web.url(f'a{i}.png')},c{i % 2},train\n" for i in range(30))
    listed.write_text(f"path,label,part\n{rows}")
    done = run("check", listed, "--split", "part")
    assert done.code in {0, 1}, done.err
    assert web.requests == []
    path = KINDS["csv"](tmp_path)
    run("analyze", web.put("", path))
    web.requests.clear()
    assert run("suggest", "--counts", "a=1,b=2", "--no-cache").code == 0
    assert web.requests == []
    again = run("suggest")
    assert "read anew" in again.err
    assert web.requests != []


def test_workers_get_paths_only() -> None:
    """What is sent to them does not grow with the set, nor with what was looked at."""
    import pickle

    from imbweights.sources.files import FileSet
    from imbweights.sources.remote.folder import RemoteSet

    remote = RemoteSet("memory://x/", "/x/", starts={"a": b"0" * 100_000})
    files = FileSet.of_remote(remote, "memory://x/", tuple(f"{i}.png" for i in range(10_000)))
    assert len(pickle.dumps(files.only(()))) < 1000


def test_two_addresses_that_look_alike(web: Web, tmp_path: Path) -> None:
    """Only what is not shown tells them apart, and each is counted."""
    for name, value in (("one", 1), ("two", 2)):
        Image.fromarray(np.full((8, 8), value, np.uint8)).save(tmp_path / f"{name}.png")
        web.put("", tmp_path / f"{name}.png")
    web.by_query = {"id=1": "/one.png", "id=2": "/two.png"}
    done = run("analyze", web.url("x.png?id=1"), web.url("x.png?id=2"), "--format", "json")
    assert done.code == 0, done.err
    assert {each["name"]: each["count"] for each in done.json["classes"]} == {"1": 64, "2": 64}
