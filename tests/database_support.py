"""A PostgreSQL of its own for the tests in ``tests/databases``, thrown away behind them."""

from __future__ import annotations

import importlib
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "s3cret/p@ss:word"  # noqa: S105 - of a server that lives as long as the tests
QUOTED = "s3cret%2Fp%40ss%3Aword"


def missing(reason: str) -> Any:
    """Skip, or fail where the databases must be there."""
    if os.environ.get("IMBWEIGHTS_REQUIRE_DATABASES") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def module(name: str, package: str) -> Any:
    """A package that these tests need."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return missing(f"needs {name}: pip install {package}")


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL: where it is, and the file in which it writes down each statement."""

    port: int
    log: Path

    def url(self, user: str = "ann", password: str = QUOTED, base: str = "shop") -> str:
        """How it is named, password included."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{base}"

    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements as its owner; what the last one gives."""
        psycopg = module("psycopg", "'psycopg[binary]'")
        rows: list[tuple[Any, ...]] = []
        url = self.url("owner")
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def statements(self) -> list[str]:
        """What users sent so far, a line each."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [" ".join(line.split()) for line in lines]


def programs() -> Path | None:
    """The folder with initdb; Debian has one per version, not on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    program = shutil.which("initdb")
    return Path(program).resolve().parent if program else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def running(binaries: Path, folder: Path, account: dict[str, Any]) -> Iterator[Server]:
    """The server while it runs; what goes wrong in starting it is shown."""
    data, log, port = folder / "data", folder / "log", _free_port()
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    (folder / "password").chmod(0o644)

    def call(*arguments: object) -> None:
        done = subprocess.run(
            [str(a) for a in arguments],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            **account,
        )
        if done.returncode:
            written = log.read_text(encoding="utf-8") if log.exists() else ""
            pytest.fail(f"{arguments[0]}: {done.stdout}{done.stderr}{written}", pytrace=False)

    call(
        binaries / "initdb",
        *("-D", data, "-U", "owner", "-A", "scram-sha-256", "-E", "UTF8", "--no-sync"),
        *("--pwfile", folder / "password"),
    )
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{folder}'"
        " -c fsync=off -c log_statement=all -c logging_collector=off"
    )
    call(binaries / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", "60", "start")
    try:
        log.chmod(0o644)
        yield _filled(Server(port, log))
    finally:
        call(binaries / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def _filled(server: Server) -> Server:
    """A database with a table of many rows, and a user who may do anything with it."""
    psycopg = module("psycopg", "'psycopg[binary]'")
    with psycopg.connect(server.url("owner", base="postgres"), autocommit=True) as connection:
        connection.execute("create database shop")
        connection.execute(f"create role ann login password '{PASSWORD}'")
    server.run(
        """create table items as select
             case when i % 100 = 0 then null when i % 10 = 0 then 'rare' else 'often' end as label,
             case when i % 4 = 0 then 'val' else 'train' end as split,
             2000 + i % 25 as year, i % 3 = 0 as flag, i % 2 as even, (i % 5 = 0)::int as fifth,
             i % 7 as whole, (i % 2)::real as real, i % 2 + 0.50 as exact,
             date '2024-01-01' + i % 2 as day,
             ('\\x0' || i % 2)::bytea as bytes, (array['a', 'b'])[1 : 1 + i % 2] as tags,
             json_build_array(i % 2) as json
           from generate_series(1, 200000) as t(i)""",
        "create table counts as select 'a' as label, 12 as n union all select 'b', 3",
        "grant all on all tables in schema public to ann",
        "grant all on schema public to ann",
    )
    return server
