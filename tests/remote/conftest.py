"""A web server, and S3 as moto gives it, both on loopback."""

from __future__ import annotations

import importlib
import os
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from remote_support import Web, serving

_NEEDED = ("fsspec", "aiohttp", "s3fs", "boto3", "moto")
_BUCKET = "labels"


def _missing(name: str) -> None:
    """Skip, or fail where it must be there."""
    reason = f"needs {name}: pip install 'imbweights[remote]' 'moto[server]'"
    if os.environ.get("IMBWEIGHTS_REQUIRE_REMOTE") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(autouse=True, scope="session")
def _needed() -> None:
    for name in _NEEDED:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                importlib.import_module(name)
            except ImportError:
                _missing(name)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, no credentials and no configuration of whoever runs the tests."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "FSSPEC_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def web(_needed: None) -> Iterator[Web]:
    """A web server of this test's own."""
    with serving() as server:
        yield server


@dataclass(frozen=True)
class Bucket:
    """A bucket on a server of S3's kind."""

    client: Any

    def put(self, folder: str, path: Path) -> str:
        """Store a file, or everything below a folder, and say at which address."""
        files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
        for each in files:
            key = folder + each.relative_to(path.parent).as_posix()
            self.client.put_object(Bucket=_BUCKET, Key=key, Body=each.read_bytes())
        return f"s3://{_BUCKET}/{folder}{path.name}" + "/" * path.is_dir()


@pytest.fixture(scope="session")
def _moto(_needed: None) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def s3(_moto: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """S3, with credentials and its place in the environment, as users have them."""
    import boto3
    import s3fs

    for name, value in {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": _moto,
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    client = boto3.client("s3", endpoint_url=_moto)
    client.create_bucket(Bucket=_BUCKET)
    yield Bucket(client)
    s3fs.S3FileSystem.clear_instance_cache()
