"""--database against a real MariaDB, which takes ``Cat`` and ``cat`` for one unless told otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mariadb_support import PASSWORD, QUOTED, USER, MariaDB, running
from support import Run, run

ROWS = (
    "('cat', 'train', 1), ('cat', 'train', 1), ('Cat', 'train', 2), ('cat ', 'val', 2),"
    " ('größe', 'val', 3), ('Grösse', 'val', 3), (null, 'val', null)"
)


@pytest.fixture(scope="module")
def server() -> Iterator[MariaDB]:
    """Filled with a few labels."""
    for found in running():
        found.run(
            "create database shop character set utf8mb4",
            f"create user '{USER}'@'127.0.0.1' identified by '{PASSWORD}'",
            f"grant select on shop.* to '{USER}'@'127.0.0.1'",
            "create table shop.items (label varchar(20), split varchar(5), n int)",
            f"insert into shop.items values {ROWS}",
        )
        yield found


def asked(server: MariaDB, *more: str) -> Run:
    """``analyze`` as its user types it."""
    query = "select label, split, n from items"
    return run("analyze", "--database", server.url, "--query", query, *more, "--format", "json")


def test_labels_count_as_they_are_written(server: MariaDB) -> None:
    """By its collation four of them would be one class."""
    found = asked(server, "--label", "label")
    assert found.code == 0, found.err
    counts = {each["name"]: each["count"] for each in found.json["classes"]}
    assert counts == {"Cat": 1, "Grösse": 1, "cat": 2, "cat ": 1, "größe": 1}
    assert found.json["missing"] == 1
    assert found.json["source"]["recognised"] == ["grouped by MariaDB"]


def test_splits_and_numbers(server: MariaDB) -> None:
    """Grouped by both columns; numbers stay numbers."""
    found = asked(server, "--label", "n", "--split", "split")
    assert found.code == 0, found.err
    assert {each["name"]: each["count"] for each in found.json["classes"]} == {
        "1": 2,
        "2": 2,
        "3": 2,
    }
    train = found.json["splits"]["train"]
    assert [row["count"] for row in train["classes"]] == [2, 1, 0]


def test_a_wrong_password_is_not_shown(server: MariaDB) -> None:
    """Neither the wrong one nor the right one."""
    url = server.url.replace(QUOTED, "wr0ng")
    found = run("analyze", "--database", url, "--query", "select label from items")
    assert found.code == 2
    assert "no connection" in found.err
    assert "wr0ng" not in found.err + found.out
