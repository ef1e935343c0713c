"""What an address holds of credentials is used, and shown nowhere."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from remote_data import KINDS
from remote_support import PASSWORD, SIGNATURE, USER, Web
from support import run

_SECRETS = (USER + ":", PASSWORD, SIGNATURE)
_COMMANDS = (
    ("analyze",),
    ("analyze", "--format", "json"),
    ("suggest", "--format", "json", "--empty", "zero"),
    ("suggest", "--explain", "--empty", "zero"),
    ("suggest", "--for", "torch", "--empty", "zero"),
    ("check",),
    ("check", "--format", "json"),
    ("check", "--format", "sarif"),
    ("check", "--format", "junit"),
    ("check", "--write-baseline"),
    ("check",),
    ("audit", "1,2,3"),
    ("sweep", "--format", "json", "--folds", "2"),
    ("sweep", "--folds", "2"),
)


def _leaks(text: str) -> list[str]:
    return [secret for secret in _SECRETS if secret in text]


def _addresses(web: Web, path: Path) -> list[str]:
    login = f"{USER}:{PASSWORD}@"
    web.put("auth/", path)
    web.put("signed/", path)
    name = quote(path.name) + "/" * path.is_dir()
    signed = [] if path.is_dir() else [web.url(f"signed/{name}?X-Amz-Signature={SIGNATURE}")]
    return [web.url(f"auth/{name}", login=login), *signed]


@pytest.mark.parametrize("command", _COMMANDS, ids=" ".join)
def test_of_tables(command: tuple[str, ...], web: Web, tmp_path: Path) -> None:
    """Every command, with a password and with a signature."""
    for address in _addresses(web, KINDS["csv"](tmp_path)):
        name, *options = command
        first = [options.pop(0)] if name == "audit" else []
        done = run(name, *first, address, *options, "--label", "label")
        assert done.code in {0, 1}, done.err
        assert not _leaks(done.out + done.err)
        assert not _in_files(tmp_path)


def _in_files(folder: Path) -> list[str]:
    """The files below a folder that hold a secret."""
    files = (p for p in folder.rglob("*") if p.is_file() and p.suffix != ".svg")
    return [str(p) for p in files if _leaks(p.read_bytes().decode("latin-1"))]


def test_of_files_written(web: Web, tmp_path: Path) -> None:
    """Results in every form, pictures and reports."""
    for address in _addresses(web, KINDS["csv"](tmp_path)):
        outputs = [x for form in ("json", "csv", "md", "txt") for x in ("-o", f"a.{form}")]
        for command in (
            ("analyze", address, "--label", "label", *outputs),
            ("plot", address, "--label", "label", "-o", "a.svg"),
            ("report", address, "--label", "label", "-o", "a.html", "-o", "b.md"),
        ):
            done = run(*command)
            assert done.code == 0, done.err
            assert not _leaks(done.out + done.err)
        assert not _in_files(tmp_path)
        assert not _leaks((tmp_path / "a.svg").read_text())
        assert "***" in (tmp_path / "a.json").read_text()


@pytest.mark.parametrize("kind", ["masks", "yolo", "coco_folder", "npy", "one_mask", "coco"])
def test_of_sets(kind: str, web: Web, tmp_path: Path) -> None:
    """Files that are fetched one by one carry the credentials, and their names do not show them."""
    path = KINDS[kind](tmp_path)
    for address in _addresses(web, path):
        for command in ("analyze", "check"):
            done = run(command, address)
            assert done.code in {0, 1}, done.err
            assert not _leaks(done.out + done.err)
    assert not _in_files(tmp_path)


def test_of_bad_files(web: Web, tmp_path: Path) -> None:
    """A damaged file is named without them."""
    path = KINDS["masks"](tmp_path)
    (path / "train" / "5.png").write_bytes(b"no image")
    (path / "train" / "6.png").write_bytes(b"no image")
    [address] = _addresses(web, path)
    for options in ([], ["--on-bad-files", "skip"], ["--palette", "voc"]):
        done = run("analyze", address, *options)
        assert not _leaks(done.out + done.err)
        assert "5.png" in done.err


def test_of_errors(web: Web, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever goes wrong: the libraries put whole addresses into their messages."""
    login = f"{USER}:{PASSWORD}@"
    query = f"?X-Amz-Signature={SIGNATURE}&X-Amz-Credential={USER}:"
    web.put("cut/", KINDS["csv"](tmp_path))
    caplog.set_level(logging.INFO)
    for address in (
        *(web.url(p + query, login=login) for p in ("denied/a", "gone.csv", "cut/rows.csv", "no/")),
        f"http://{login}127.0.0.1:9/a.csv{query}",
        f"http://{login}no.such.host.invalid/a.csv{query}",
        f"http://{login}[broken/a.csv{query}",
        f"gs://{login}b/a.csv{query}",
        f"foo://{login}b/a.csv{query}",
        f"zip://a.csv::http://{login}127.0.0.1:9/a.zip{query}",
        f"s3://{USER}:{PASSWORD}/with+slash@labels/a.csv",
        f"train=http://{login}127.0.0.1:9/a.csv{query}",
    ):
        for command in ("analyze", "check", "suggest", "report", "sweep"):
            done = run(command, address)
            assert done.code == 2, done.out
            assert not _leaks(done.out + done.err), done.err
            assert "Traceback" not in done.err
    assert not _leaks(caplog.text)
    for option in ("--classes", "--embeddings", "--images", "--palette", "-o"):
        command = "sweep" if option in {"--embeddings", "--images"} else "analyze"
        done = run(command, tmp_path / "rows.csv", option, f"http://{login}h/x.json{query}")
        assert done.code == 2
        assert not _leaks(done.out + done.err), (option, done.err)


def test_of_memory(web: Web, tmp_path: Path) -> None:
    """What was analysed last is remembered without them, so it must be named again."""
    for address in _addresses(web, KINDS["csv"](tmp_path)):
        first = run("analyze", f"train={address}")
        assert first.code == 0
        assert not _leaks(first.out + first.err)
        memory = (tmp_path / ".imbweights_cache" / "last.json").read_text()
        assert not _leaks(memory)
        assert json.loads(memory)["spec"]["paths"][0].count("***") == 1
        done = run("suggest")
        assert done.code == 2
        assert "name the source again" in done.err
        assert not _leaks(done.err)


def test_of_configurations(web: Web, tmp_path: Path) -> None:
    """An address in a configuration is whole, and shown without them."""
    for address in _addresses(web, KINDS["csv"](tmp_path)):
        (tmp_path / "imbweights.toml").write_text(
            f'source = "train={address}"\nlabel = "label"\n', encoding="utf-8"
        )
        for command in (("analyze",), ("check",), ("config",), ("check", "--format", "json")):
            done = run(*command)
            assert done.code in {0, 1}, done.err
            assert not _leaks(done.out + done.err), command


def test_of_our_own_faults(web: Web, tmp_path: Path) -> None:
    """Not even a traceback shows them."""
    script = (
        "import sys; from imbweights.cli import main; import imbweights.profiling as p\n"
        "def broken(*a, **k): raise RuntimeError('GET ' + sys.argv[1])\n"
        "p.read_all = broken\n"
        "main(['analyze', sys.argv[1]])\n"
    )
    [address, _] = _addresses(web, KINDS["csv"](tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", script, address],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_PROXY": "*"},
    )
    assert done.returncode == 2
    assert "RuntimeError" in done.stderr
    assert not _leaks(done.stdout + done.stderr)


def test_of_python(web: Web, tmp_path: Path) -> None:
    """The library's results and errors hold none either."""
    from imbweights import analyze
    from imbweights.core.errors import ImbweightsError

    path = KINDS["csv"](tmp_path)
    for address in _addresses(web, path):
        found: Any = analyze(address)
        assert not _leaks(repr(found) + json.dumps(found.to_dict()))
    with pytest.raises(ImbweightsError) as caught:
        analyze(web.url("denied/a.csv", login=f"{USER}:{PASSWORD}@"))
    assert not _leaks(repr(caught.value))
    assert caught.value.__cause__ is None
    splits = {"train": web.put("a/", path), "val": web.put("b/", path)}
    assert analyze(splits).profile.total.samples == 200
    assert analyze(list(splits.values())).profile.total.samples == 200
