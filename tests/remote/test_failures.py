"""What goes wrong out there is said plainly, with status 2 and without a traceback."""

from __future__ import annotations

import gzip
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from remote_data import KINDS
from remote_support import Web
from support import Run, run


def _refused(*arguments: object, command: str = "analyze") -> str:
    done: Run = run(command, *arguments)
    assert done.code == 2, done.out
    assert "Traceback" not in done.err
    assert "bug in imbweights" not in done.err
    assert done.out.strip() == ""
    return done.err


_WRONG = {
    "denied": r"access is denied \(403\)\n",
    "gone": r"no such file \(404\)\n",
    "cut": r"was cut off: the connection ended before the whole file came\n",
    "swap": r"was replaced while it was read\nrun it again\n",
    "slow": r"the server does not answer in time\nIMBWEIGHTS_TIMEOUT=300",
    "auth": r"access is denied \(401\)\n",
}


_FILES = ("csv", "csv_gz", "parquet", "json_lines", "npy", "coco")
# One file of COCO comes in one piece, so that no half of it can be another one.
_CASES = [(w, k) for w in _WRONG for k in _FILES if (w, k) != ("swap", "coco")]


@pytest.mark.parametrize(("wrong", "kind"), _CASES)
def test_files(
    wrong: str, kind: str, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sort of trouble, for what is streamed, read in parts, and downloaded."""
    monkeypatch.setenv("IMBWEIGHTS_TIMEOUT", "0.5")
    path = KINDS[kind](tmp_path)
    url = web.put(f"{wrong}/", path)
    if wrong == "gone":
        web.files.clear()
    if wrong == "swap":
        web.swap_after = 2
    said = _refused(url)
    assert re.match(rf"error: {re.escape(url)}: {_WRONG[wrong]}", said), said


def test_connections(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens, nobody of that name, and a server that recovers."""
    said = _refused("http://127.0.0.1:9/a.csv")
    assert said == "error: http://127.0.0.1:9/a.csv: cannot be reached (connection refused)\n"
    web.files["/busy/a.csv"] = b"label\na\nb\na\n"
    assert run("analyze", web.url("busy/a.csv")).code == 0
    monkeypatch.setenv("IMBWEIGHTS_TIMEOUT", "soon")
    assert "expected a number of seconds" in _refused(web.url("busy/a.csv"))


def test_damaged(web: Web, tmp_path: Path) -> None:
    """A packed table that is cut off or damaged where it lies, not on its way."""
    whole = KINDS["csv_gz"](tmp_path).read_bytes()
    web.files["/a.csv.gz"] = whole[:-9]
    assert "a.csv.gz: is " in _refused(web.url("a.csv.gz"))
    rows = "label,x\n" + "cat,1\n" * 300_000
    packed = bytearray(gzip.compress(rows.encode()))
    packed[-6] ^= 1  # the checksum: every row of it can be read
    web.files["/b.csv.gz"] = bytes(packed)
    assert "is damaged (CRC check failed" in _refused(web.url("b.csv.gz"))
    zst = KINDS["csv_zst"](tmp_path).read_bytes()
    web.files["/c.csv.zst"] = zst[:-5]
    assert "damaged" in _refused(web.url("c.csv.zst"))


@pytest.mark.usefixtures("s3")
def test_folders(web: Web) -> None:
    """Empty ones, pages that are none, and listings that lead elsewhere."""
    assert "no such file" in _refused(web.url("empty/"))
    assert "no such file" in _refused("s3://labels/nothing/here")
    assert "no file matches s3://labels/nothing/*.csv" in _refused("s3://labels/nothing/*.csv")
    assert "s3://no-such-bucket/a.csv: " in _refused("s3://no-such-bucket/a.csv")
    web.files["/page.csv"] = b"<!DOCTYPE html><html><body>Sign in</body></html>"
    assert "page.csv: is a web page, not a label file" in _refused(web.url("page.csv"))
    assert "stands for what was left out" in _refused("https://***@host/a.csv")


def test_bad_files(web: Web, tmp_path: Path) -> None:
    """Files that are gone or forbidden are bad files; a server that is gone stops it all."""
    path = KINDS["masks"](tmp_path)
    web.put("", path)
    listed = {**web.files}
    damaged = {"/masks/train/3.png": b"\x89PNG\r\n\x1a\nno"}
    web.files.update(damaged)
    url = web.url("masks/")
    assert f"{url}train/3.png: " in _refused(url)
    assert run("analyze", url, "--on-bad-files", "skip", "--format", "json").json["samples"] == 11
    web.files.update(listed)
    web.vanishing = {"/masks/train/4.png"}
    assert f"{url}train/4.png: no such file" in _refused(url, "--as", "masks")
    skipped = run("analyze", url, "--on-bad-files", "skip", "--as", "masks", "--format", "json")
    assert skipped.json["samples"] == 11
    assert "4.png" in skipped.err


def test_packages(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said for each protocol."""
    assert _refused("gs://b/a.csv").endswith(
        "gs:// paths need gcsfs\ninstall it with: pip install gcsfs\n"
    )
    assert "foo:// is a protocol that fsspec does not know" in _refused("foo://b/a.csv")
    for module, url in (("s3fs", "s3://b/a.csv"), ("aiohttp", web.url("a.csv"))):
        with monkeypatch.context() as patch:
            for name in [n for n in sys.modules if n == module or n.startswith(f"{module}.")]:
                patch.delitem(sys.modules, name)
            patch.setitem(sys.modules, module, None)
            patch.setattr(sys.modules["fsspec.registry"], "registry", {})
            patch.delitem(sys.modules, "fsspec.implementations.http", raising=False)
            said = _refused(url)
        assert f"paths need {module}\n" in said
        assert "pip install 'imbweights[remote]'" in said
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    assert "remote paths need fsspec\n" in _refused("s3://b/a.csv")


def test_credentials(s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None, and a place where nobody listens."""
    import s3fs

    url = s3.put("", KINDS["csv"](tmp_path))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    s3fs.S3FileSystem.clear_instance_cache()
    assert f"{url}: no credentials were found\n" in _refused(url)


def test_what_is_read_here_only(web: Web, tmp_path: Path) -> None:
    """Addresses for anything but label files are refused by name, and nothing is asked for."""
    path = KINDS["csv"](tmp_path)
    masks = KINDS["masks"](tmp_path)
    url = web.url("x.npy")
    for command, *arguments in (
        ("analyze", path, "--classes", url),
        ("analyze", masks, "--palette", url),
        ("sweep", path, "--embeddings", url),
        ("sweep", masks, "--images", url),
        ("check", masks, "--images", url),
        ("check", path, "--weights", url),
        ("audit", url, path),
        ("loss", url, "--targets", url),
        ("analyze", path, "-o", web.url("x.json")),
        ("init", url),
    ):
        done = run(command, *arguments)
        assert done.code == 2, (command, done.out)
        assert "download it first" in done.err, (command, done.err)
    assert web.requests == []
    yaml = web.put("", KINDS["yolo"](tmp_path)) + "data.yaml"
    assert "name the folder that it lies in" in _refused(yaml)
