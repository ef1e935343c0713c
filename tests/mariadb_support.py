"""A MariaDB of its own for the tests in ``tests/databases``, thrown away behind them."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from database_support import missing, module

USER, PASSWORD, QUOTED = "ann", "s3cret/p@ss", "s3cret%2Fp%40ss"
_STARTS_IN = 60.0


@dataclass(frozen=True)
class MariaDB:
    """A running server, and the socket that its owner comes by."""

    port: int
    socket: Path

    @property
    def url(self) -> str:
        """How it is named, password included."""
        return f"mariadb+pymysql://{USER}:{QUOTED}@127.0.0.1:{self.port}/shop"

    def run(self, *statements: str) -> None:
        """Run statements as its owner."""
        pymysql = module("pymysql", "PyMySQL")
        connection = pymysql.connect(unix_socket=str(self.socket), user="root", autocommit=True)
        with connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def running() -> Iterator[MariaDB]:
    """The server while it runs."""
    module("sqlalchemy", "'imbweights[sql]'")
    module("pymysql", "PyMySQL")
    install, program = shutil.which("mariadb-install-db"), shutil.which("mariadbd")
    if program is None or install is None:
        missing("needs MariaDB: apt-get install mariadb-server")
        return
    # The path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="imbweights-mariadb-"))
    process = None
    try:
        server = MariaDB(_free_port(), folder / "socket")
        data = (f"--datadir={folder / 'data'}", "--user=root", "--no-defaults")
        done = subprocess.run(
            [install, data[2], *data[:2], "--auth-root-authentication-method=normal"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                [program, data[2], *data[:2], f"--socket={server.socket}", f"--port={server.port}",
                 "--bind-address=127.0.0.1"],
                stdout=log,
                stderr=log,
            )  # fmt: skip
        _wait(process, folder / "log")
        yield server
    finally:
        if process is not None:
            process.terminate()
            process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: subprocess.Popen[Any], log: Path) -> None:
    end = time.monotonic() + _STARTS_IN
    while time.monotonic() < end and process.poll() is None:
        if "ready for connections" in log.read_text(encoding="utf-8"):
            return
        time.sleep(0.1)
    pytest.fail(f"MariaDB does not start: {log.read_text(encoding='utf-8')}", pytrace=False)
