"""Addresses, listings and sets as they are now and then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from remote_support import Web
from support import counts_of, run

from imbweights.core.errors import SourceError
from imbweights.sources.remote.file import RemoteFile
from imbweights.sources.remote.queried import registered
from imbweights.sources.remote.systems import system_of

BOX = b"0 0.5 0.5 0.1 0.1\n"


def page(*links: str) -> bytes:
    """An index page."""
    return "".join(f'<a href="{link}">x</a>' for link in links).encode()


def test_listings(web: Web) -> None:
    """Hidden files are none; links that lead out of the folder that is listed are passed over."""
    web.files |= {
        "/set/": page("/set/cat/", "/set/dog/", "/set/.cache/"),
        "/set/cat/": page("/set/cat/1.png", "/set/dog/9.png"),
        "/set/dog/": page("/set/dog/1.png", "/set/dog/2.png"),
        "/set/.cache/": page("/set/.cache/1.png"),
        "/hidden/": page("/hidden/.a.csv"),
        "/nothing/": page("/elsewhere/"),
    }
    for path in ("cat/1", "dog/1", "dog/2", ".cache/1"):
        web.files[f"/set/{path}.png"] = b"\x89PNG"
    found = run("analyze", web.url("set/"), "--as", "folders", "--format", "json")
    assert counts_of(found) == {"cat": 1, "dog": 2}
    for folder, message in (
        ("hidden/", "is a folder with only hidden files (1)"),
        ("nothing/", "is a folder with no files\na web server must show an index page"),
    ):
        refused = run("analyze", web.url(folder))
        assert (refused.code, message in refused.err) == (2, True), refused.err


def test_sets_without_what_would_lie_beside_them(web: Web) -> None:
    """Names of YOLO classes and PNGs of panoptic segments are not looked for above an address."""
    web.files |= {"/labels/1.txt": BOX, "/labels/2.txt": BOX}
    found = run("analyze", web.url("labels/*.txt"), "--as", "yolo", "--format", "json")
    assert counts_of(found) == {"0": 2}
    segment = {"id": 1, "category_id": 7, "area": 2}
    panoptic = {
        "images": [{"id": 1, "height": 1, "width": 3}],
        "annotations": [{"image_id": 1, "file_name": "a.png", "segments_info": [segment]}],
        "categories": [{"id": 7, "name": "ant"}],
    }
    web.files["/p.json"] = json.dumps(panoptic).encode()
    found = run("analyze", web.url("p.json"), "--format", "json")
    assert counts_of(found) == {"ant": 2}
    assert "remote PNGs are not read, so areas are added up" in found.err


def test_two_files_on_one_connection(web: Web) -> None:
    """Each under a name of its own."""
    web.files |= {"/a.csv": b"label\na\n", "/b.csv": b"label\nb\nb\n"}
    connection = duckdb.connect(":memory:")
    names = [
        registered(connection, RemoteFile(web.url(name), web.url(name), name))
        for name in ("a.csv", "b.csv")
    ]
    assert len(set(names)) == 2
    for name, expected in zip(names, (1, 2), strict=True):
        asked = connection.execute(f"SELECT count(*) FROM read_csv('{name}')")
        assert asked.fetchall() == [(expected,)]
    connection.close()


@pytest.mark.parametrize(
    ("url", "error", "message"),
    [
        ("https://host/a.csv", ValueError("bad"), "is no address that can be read"),
        ("zip://a.csv::memory://x.zip", ImportError("lz4"), "cannot be read here"),
        ("zip://a.csv::https://host/x.zip", ImportError("lz4"), "cannot be read here"),
        ("what://a.csv", ValueError("unknown"), "what:// is a protocol that fsspec does not know"),
    ],
)
def test_addresses_that_cannot_be_opened(
    monkeypatch: pytest.MonkeyPatch, url: str, error: Exception, message: str
) -> None:
    """What is missing is named only where it is missing."""

    def refused(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr("fsspec.core.url_to_fs", refused)
    with pytest.raises(SourceError) as caught:
        system_of(url)
    assert message in str(caught.value)


def test_the_patience_of_s3(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its own, unless the user says how long to wait."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    assert not system_of("s3://bucket/a.csv")[0].config_kwargs
    monkeypatch.setenv("IMBWEIGHTS_TIMEOUT", "7")
    asked = system_of("s3://bucket/a.csv")[0].config_kwargs
    assert asked == {"connect_timeout": 7.0, "read_timeout": 7.0}
