"""--database with SQLite, which needs no server: the same counts as from a file of the same rows."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from database_support import module
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import run

from imbweights.core.errors import ImbweightsError
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.core.profile import Recognised
from imbweights.profiling import profile_from, profile_of
from imbweights.sources.base import Reading, tallied
from imbweights.sources.database import connecting


@pytest.fixture(autouse=True)
def _sqlalchemy() -> None:
    module("sqlalchemy", "'imbweights[sql]'")


def made(folder: Path, rows: list[tuple[object, ...]], columns: str = "label, split") -> Path:
    """A database with a table ``items``."""
    path = folder / "labels.db"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute(f"create table items ({columns})")
        marks = ", ".join("?" * len(rows[0])) if rows else "null"
        connection.executemany(f"insert into items values ({marks})", rows)
    connection.close()
    return path


CELLS = st.one_of(
    st.none(),
    st.sampled_from(["cat", "dog", " ", "", "1", "001", "NA", "nan", "ä", "a:b", "50%"]),
    st.integers(-2, 2),
    st.sampled_from([0.0, 1.0, 1.5, -2.0]),
    st.sampled_from([b"x", b"\xff"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELLS, st.sampled_from(["train", "val"])), min_size=1, max_size=30))
def test_a_database_counts_as_python_does(tmp_path: Path, rows: list[tuple[object, ...]]) -> None:
    """Whatever stands in the cells: the labels are spelled, missing and split as elsewhere."""
    path = made(tmp_path, rows)
    options = LabelOptions(label="label", split="split", separator="")
    spec = SourceSpec(database=f"sqlite:///{path}", query="select * from items", options=options)
    parts = {
        str(s): tallied([(cell, 1) for cell, t in rows if t == s], options)
        for s in {t for _, t in rows}
    }
    source = Recognised(name="rows", kind="rows")
    try:
        wanted = profile_from([("", Reading(splits=parts))], source, options)
    except ImbweightsError:
        with pytest.raises(ImbweightsError):
            profile_of(spec)
        return
    found = profile_of(spec)
    assert found.total.to_dict() == wanted.total.to_dict()
    assert {s: c.to_dict() for s, c in found.splits.items()} == {
        s: c.to_dict() for s, c in wanted.splits.items()
    }


def test_nothing_is_made_or_written(tmp_path: Path) -> None:
    """SQLite would make a database of a name that is none; and a function may not write."""
    found = run("analyze", "--database", "sqlite:///none.db", "--query", "select 1 as label")
    assert (found.code, found.err) == (2, "error: none.db: no such file\n")
    assert not (tmp_path / "none.db").exists()
    path = made(tmp_path, [("cat", "train"), ("dog", "val")])
    before = path.read_bytes()
    for query in (
        "with x as (select 1) insert into items select 'x', 'y'",
        "update items set label = 'x'",
        "select load_extension('x') as label",
        "attach 'other.db' as other",
        "vacuum into 'other.db'",
    ):
        refused = run("analyze", "--database", f"sqlite:///{path}", "--query", query)
        assert refused.code == 2
        assert "Traceback" not in refused.err
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["labels.db"]
    memory = run("analyze", "--database", "sqlite://", "--query", "select 1 as label")
    assert "in memory is empty" in memory.err


def test_what_is_no_database(tmp_path: Path) -> None:
    """The words of SQLite, and the file that is read is not written over."""
    (tmp_path / "text.db").write_text("no database at all, but long enough to be one\n" * 20)
    found = run("analyze", "--database", "sqlite:///text.db", "--query", "select label from items")
    assert found.code == 2
    assert "not a database" in found.err
    path = made(tmp_path, [("cat", "train"), ("dog", "val")])
    words = ("--database", f"sqlite:///{path.name}", "--query", "select label from items")
    over = run("analyze", *words, "-o", str(path.with_suffix(".db")))
    assert over.code == 2


def test_the_next_command_asks_again(tmp_path: Path) -> None:
    """A URL without a password is remembered as it is."""
    made(tmp_path, [("cat", "train"), ("dog", "val"), ("cat", "val")])
    words = ("--database", "sqlite:///labels.db", "--query", "select label from items")
    assert "--database sqlite:///labels.db" in run("analyze", *words).out
    made(tmp_path, [("cat", "train"), ("dog", "val"), ("dog", "val"), ("dog", "val")])
    again = run("analyze", "--format", "json")
    assert {c["name"]: c["count"] for c in again.json["classes"]} == {"cat": 1, "dog": 3}
    assert "asked anew" in again.err


def test_many_labels_in_columns(tmp_path: Path) -> None:
    """Several 0/1 columns, each empty cell absent, and --one-hot."""
    rows: list[tuple[object, ...]] = [(1, 0, 0), (0, 1, 0), (0, 1.0, None), ("1", 0, 0)]
    path = made(tmp_path, rows, "a, b, c")
    words = ("--database", f"sqlite:///{path}", "--query", "select * from items", "--label", "*")
    found = run("analyze", *words, "--format", "json")
    assert {c["name"]: c["count"] for c in found.json["classes"]} == {"a": 2, "b": 2, "c": 0}
    assert "1 empty cells are read as 0" in found.err
    single = run("analyze", *words, "--one-hot", "--format", "json")
    assert single.json["task"] == "multiclass"


def test_labels_count_as_they_are_written(tmp_path: Path) -> None:
    """A column may say that letter case does not matter; for labels it does."""
    rows: list[tuple[object, ...]] = [("cat",), ("Cat",), ("cat ",), ("cat",), (None,)]
    path = made(tmp_path, rows, "label text collate nocase")
    words = ("--database", f"sqlite:///{path}", "--query", "select label from items")
    found = run("analyze", *words, "--format", "json")
    assert {c["name"]: c["count"] for c in found.json["classes"]} == {"Cat": 1, "cat": 2, "cat ": 1}


def test_sql_server_is_asked_for_bytes() -> None:
    """There is none here to ask; this is what it would be sent."""
    sqlalchemy = pytest.importorskip("sqlalchemy")
    from sqlalchemy.dialects import mssql

    from imbweights.sources.database.letters import as_written

    key: Any = as_written(sqlalchemy.column("label"), "mssql")
    dialect: Any = mssql.dialect
    assert str(key.compile(dialect=dialect())) == "CAST(label AS VARBINARY(max))"
    assert as_written(sqlalchemy.column("label"), "oracle") is None


def test_without_sqlalchemy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is to be installed is said."""
    import builtins

    real = builtins.__import__

    def without(name: str, *arguments: object, **more: object) -> object:
        if name.partition(".")[0] == "sqlalchemy":
            raise ModuleNotFoundError(name, name=name)
        return real(name, *arguments, **more)  # type: ignore[arg-type]

    path = made(tmp_path, [("cat", "train")])
    monkeypatch.setattr(builtins, "__import__", without)
    found = run("analyze", "--database", f"sqlite:///{path}", "--query", "select label from items")
    assert found.code == 2
    assert "pip install 'imbweights[sql]'" in found.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--label", "a", "--split", "a"), "'a' cannot be both the label and the split column"),
        (("--label", "a", "--one-hot"), "--one-hot goes with several 0/1 columns"),
        (("--label", "a,b", "--count-column", "n"), "--count-column goes with one label column"),
        (("--label", "n", "--count-column", "n"), "'n' cannot be both the label and the count column"),
    ],
)  # fmt: skip
def test_columns_that_cannot_be_both(
    tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    """Said before anything is counted."""
    path = made(tmp_path, [(1, 0, 3), (0, 1, 4)], "a, b, n")
    words = ("--database", f"sqlite:///{path}", "--query", "select * from items")
    found = run("analyze", *words, *options)
    assert (found.code, message in found.err) == (2, True), found.err


def test_a_database_that_cannot_be_told_to_be_read_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is asked all the same; the transaction is rolled back."""
    monkeypatch.setattr(connecting, "_READ_ONLY", {})
    path = made(tmp_path, [("cat", "train"), ("dog", "val"), ("cat", "val")])
    words = ("--database", f"sqlite:///{path}", "--query", "select label from items")
    found = run("analyze", *words, "--format", "json")
    assert {c["name"]: c["count"] for c in found.json["classes"]} == {"cat": 2, "dog": 1}
