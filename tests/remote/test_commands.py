"""Every command that takes a source takes an address."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from remote_data import KINDS
from remote_support import Web
from support import run


@pytest.mark.parametrize(
    "command",
    [
        ("analyze",),
        ("suggest", "--empty", "zero"),
        ("check",),
        ("check", "--select", "IMB0"),
        ("audit", "1,2,3"),
        ("sweep", "--folds", "2", "--format", "json"),
    ],
    ids=" ".join,
)
def test_as_here(command: tuple[str, ...], web: Web, tmp_path: Path) -> None:
    """The same answer as for the file itself."""
    path = KINDS["csv"](tmp_path)
    name, *options = command
    first = [options.pop(0)] if name == "audit" else []
    here = run(name, *first, path, "--label", "label", *options)
    there = run(name, *first, web.put("", path), "--label", "label", *options)
    assert there.code == here.code in {0, 1}, there.err
    assert _neutral(there.out, web.url("rows.csv")) == _neutral(here.out, str(path))


def _neutral(text: str, name: str) -> str:
    """What was printed without the place, the widths that follow from it, and times."""
    if text.startswith("{"):
        found = json.loads(text)
        for key in ("source", "seconds", "dataset"):
            found.pop(key, None)
        text = json.dumps(_timeless(found))
    lines = (line for line in text.splitlines() if "imbweights " not in line)
    return " ".join(" ".join(lines).replace(name, "NAME").split())


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _timeless(v) for k, v in value.items() if "second" not in k and k != "source"}
    return [_timeless(v) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", ["npz", "parquet", "svmlight"])
def test_sweep_of_other_kinds(kind: str, s3: Any, tmp_path: Path) -> None:
    """Arrays and sparse rows are downloaded for the time, tables are streamed."""
    path = KINDS[kind](tmp_path)
    if kind == "svmlight":
        path.write_text("".join(f"{i % 2} 1:{i % 2 + i / 90} 2:{i}\n" for i in range(60)))
    done = run("sweep", s3.put("sweep/", path), "--folds", "2", "--format", "json")
    assert done.code == 0, done.err
    assert not list(tmp_path.glob("imbweights-*"))


@pytest.mark.parametrize("pattern", ["", "*.png"])
def test_sweep_of_masks(pattern: str, web: Web, tmp_path: Path) -> None:
    """Masks elsewhere, their images here."""
    (tmp_path / "masks").mkdir()
    (tmp_path / "images").mkdir()
    rng = np.random.default_rng(0)
    for i in range(6):
        mask = np.zeros((30, 30), np.uint8)
        mask[:, : 5 + i] = 1
        photo = rng.integers(0, 60, (30, 30, 3)).astype(np.uint8) + mask[..., None] * 120
        Image.fromarray(mask).save(tmp_path / "masks" / f"{i}.png")
        Image.fromarray(photo).save(tmp_path / "images" / f"{i}.png")
    url = web.put("", tmp_path / "masks")
    options = ("--images", tmp_path / "images", "--folds", "2", "--format", "json")
    there = run("sweep", url + pattern, *options)
    here = run("sweep", f"{tmp_path}/masks/{pattern}".rstrip("/"), *options)
    assert there.code == 0, there.err
    assert _neutral(there.out, "") == _neutral(here.out, "")


def test_pictures_and_reports(web: Web, tmp_path: Path) -> None:
    """Drawn from the counts alone."""
    url = web.put("", KINDS["masks"](tmp_path))
    assert run("plot", url, "-o", "a.svg").code == 0
    done = run("report", url, "-o", "a.html")
    assert done.code == 0, done.err
    assert "masks" in (tmp_path / "a.html").read_text()


def test_baselines(web: Web, tmp_path: Path) -> None:
    """Written for an address, and compared with what lies there later."""
    path = KINDS["csv"](tmp_path)
    url = web.put("", path)
    assert run("check", url, "--write-baseline").code == 0
    assert run("check", url).code == 0
    rows = path.read_bytes().replace(b"cat", b"fox")
    web.files["/rows.csv"] = rows
    done = run("check", url)
    assert done.code == 1
    assert "IMB0" in done.out


def test_splits_that_share_a_file(web: Web, tmp_path: Path) -> None:
    """One address for two splits is noticed."""
    url = web.put("", KINDS["csv"](tmp_path))
    done = run("check", f"train={url}", f"val={url}", "--select", "IMB023")
    assert done.code == 1
    assert "IMB023" in done.out
    assert "named twice" in run("analyze", url, url).err


def test_what_is_remembered(web: Web, tmp_path: Path) -> None:
    """Without secrets an address is remembered like a path; nothing says that it is unchanged."""
    url = web.put("", KINDS["csv"](tmp_path))
    assert run("analyze", url).code == 0
    again = run("suggest")
    assert again.code == 0
    assert "read anew" in again.err
    source = run("analyze", url, "--format", "json").json["source"]
    [mark] = source["files"]
    assert mark["path"] == url
    assert "mtime_ns" not in mark
    web.files["/rows.csv"] = web.files["/rows.csv"].replace(b"cat", b"cow")
    [other] = run("analyze", url, "--format", "json").json["source"]["files"]
    assert (other["bytes"], other["version"] == mark["version"]) == (mark["bytes"], False)


def test_chains(web: Web, tmp_path: Path) -> None:
    """A file in an archive that lies elsewhere."""
    import zipfile

    path = KINDS["csv"](tmp_path)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(path, "inside/rows.csv")
    url = f"zip://inside/rows.csv::{web.put('', tmp_path / 'all.zip')}"
    done = run("analyze", url, "--format", "json")
    assert done.code == 0, done.err
    assert done.json["samples"] == 100


def test_python(web: Web, tmp_path: Path) -> None:
    """From Python, also for files that only this process has."""
    import fsspec

    from imbweights import analyze, check

    path = KINDS["masks"](tmp_path)
    memory = fsspec.filesystem("memory")
    for each in path.rglob("*.png"):
        memory.pipe(f"/set/{each.relative_to(path).as_posix()}", each.read_bytes())
    here = analyze(path).to_dict()
    there = analyze("memory://set/").to_dict()
    assert there["classes"] == here["classes"]
    assert check(web.put("", KINDS["csv"](tmp_path))).sets


def test_queries(web: Web, tmp_path: Path) -> None:
    """``--sql`` asks a copy, since a query may read any column."""
    url = web.put("", KINDS["parquet"](tmp_path))
    for where in (url, tmp_path / "rows.parquet"):
        query = "select label from data where x < 3"
        done = run("analyze", where, "--sql", query, "--format", "json")
        assert done.code == 0, done.err
        assert done.json["samples"] == 85
