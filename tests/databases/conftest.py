"""The server that the tests of databases share."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from database_support import Server, missing, module, programs, running

_ACCOUNT = "postgres"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """PostgreSQL on a port of its own; it never runs as root, so root becomes another user."""
    module("sqlalchemy", "'imbweights[sql]'")
    module("psycopg", "'psycopg[binary]'")
    found = programs()
    if found is None:
        missing("needs PostgreSQL: apt-get install postgresql")
        return
    account: dict[str, Any] = {"user": _ACCOUNT, "group": _ACCOUNT} if os.getuid() == 0 else {}
    # pytest's own folder is closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="imbweights-postgres-"))
    try:
        if account:
            shutil.chown(folder, _ACCOUNT, _ACCOUNT)
        yield from running(found, folder, account)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
