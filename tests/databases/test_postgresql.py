"""--database against a real PostgreSQL: what is counted, what travels, and what stays secret."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from database_support import PASSWORD, QUOTED, Server
from support import Run, run

LABELS = "select label from items"
NO_LABEL = {"often": 180_000, "rare": 18_000}


def asked(server: Server, query: str, *more: object, command: str = "analyze") -> Run:
    """A command on the database, as its user types it."""
    return run(command, "--database", server.url(), "--query", query, *more)


def counts(found: Run) -> dict[str, int]:
    """The counts that a command gave as JSON."""
    assert found.code == 0, found.err
    return {each["name"]: each["count"] for each in found.json["classes"]}


def test_counts_are_those_of_the_database(server: Server) -> None:
    """Null is a missing label, as everywhere."""
    found = asked(server, LABELS, "--format", "json")
    assert counts(found) == NO_LABEL
    assert found.json["missing"] == 2000
    assert found.json["source"]["recognised"] == ["grouped by PostgreSQL"]
    own = dict(server.run("select label, count(*) from items where label is not null group by 1"))
    assert counts(found) == own


def test_the_grouping_is_done_there(server: Server) -> None:
    """The server's own log shows a group by around the query, and nothing else asked of the table."""
    before = len(server.statements())
    asked(server, "select label, split from items where year > 2010", "--split", "split")
    new = [line for line in server.statements()[before:] if "from items" in line]
    assert "GROUP BY" in " ".join(server.statements()[before:])
    assert len(new) == 2
    sent = " ".join(server.statements()[before:])
    assert "SELECT q.label, q.split, count(*) AS count_1 FROM (select label, split" in sent
    assert "false" in sent  # the columns are asked for without one row
    assert "SET TRANSACTION READ ONLY" in sent
    assert "ROLLBACK" in sent
    assert "COMMIT" not in sent


def test_labels_count_as_they_are_written(server: Server) -> None:
    """A collation may take two texts for one; labels are what was written."""
    server.run(
        "create collation if not exists blind"
        " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        "drop table if exists cased",
        "create table cased (label text collate blind)",
        "insert into cased values ('cat'), ('Cat'), ('CAT'), ('cat'), (null)",
        "grant select on cased to ann",
    )
    own = server.run("select count(*) from (select label from cased group by label) q")
    assert own == [(2,)]  # null, and all the others
    found = asked(server, "select label from cased", "--format", "json")
    assert counts(found) == {"CAT": 1, "Cat": 1, "cat": 2}


@contextmanager
def counted_bytes(port: int) -> Iterator[tuple[int, list[int]]]:
    """A port that passes everything on to ``port``, and how many bytes came back."""
    received = [0]
    listener = socket.create_server(("127.0.0.1", 0))

    def pump(source: socket.socket, target: socket.socket, *, back: bool) -> None:
        while data := source.recv(1 << 16):
            received[0] += len(data) * back
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        client, _ = listener.accept()
        with client, socket.create_connection(("127.0.0.1", port)) as upstream:
            there = threading.Thread(
                target=pump, args=(client, upstream), kwargs={"back": False}, daemon=True
            )
            there.start()
            pump(upstream, client, back=True)
            there.join()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield listener.getsockname()[1], received
        thread.join(10)


def test_only_counts_travel(server: Server) -> None:
    """Counted on the wire: 200,000 labels of five letters and more come as a few hundred bytes."""
    with counted_bytes(server.port) as (port, received):
        found = asked(Server(port, server.log), LABELS, "--format", "json")
    assert counts(found) == NO_LABEL
    assert 0 < received[0] < 10_000


def test_splits(server: Server) -> None:
    """A column of splits is grouped by, too."""
    found = asked(server, "select label, split from items", "--split", "split", "--format", "json")
    assert counts(found) == NO_LABEL
    splits = {name: part["samples"] for name, part in found.json["splits"].items()}
    assert splits == {"train": 150_000, "val": 50_000}


def test_several_columns_of_zero_and_one(server: Server) -> None:
    """Integers and booleans; the sets of labels come back with their counts."""
    query = "select flag, even, fifth from items"
    found = asked(server, query, "--label", "flag,even,fifth", "--format", "json")
    assert counts(found) == {"flag": 66_666, "even": 100_000, "fifth": 40_000}
    assert found.json["task"] == "multilabel"
    assert len(found.json["label_sets"]) == 8
    bad = asked(server, "select flag, whole from items", "--label", "flag,whole")
    assert bad.code == 2
    assert "column 'whole' holds" in bad.err


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("whole", {"0": 28571, "1": 28572, "2": 28572, "3": 28572, "4": 28571, "5": 28571, "6": 28571}),
        ("real", {"0": 100_000, "1": 100_000}),
        ("exact", {"0.5": 100_000, "1.5": 100_000}),
        ("flag", {"False": 133_334, "True": 66_666}),
        ("day", {"2024-01-01": 100_000, "2024-01-02": 100_000}),
        ("bytes", {"\x00": 100_000, "\x01": 100_000}),
        ("tags", {"a": 200_000, "b": 100_000}),
    ],
)  # fmt: skip
def test_types_of_labels(server: Server, column: str, expected: dict[str, int]) -> None:
    """Spelled as those of Parquet files are; an array is several labels."""
    found = asked(server, f"select {column} as label from items", "--format", "json")
    assert counts(found) == expected


def test_two_columns_of_one_name(server: Server) -> None:
    """Which of them is meant is not known, and other databases would take the first in silence."""
    found = asked(server, "select even, fifth as even from items", "--label", "*")
    assert found.code == 2
    assert "two columns are named 'even'" in found.err


def test_a_table_of_counts(server: Server) -> None:
    """--count-column: the counts are the table's."""
    found = asked(server, "select * from counts", "--count-column", "n", "--format", "json")
    assert counts(found) == {"a": 12, "b": 3}


def test_a_query_may_hold_what_sql_holds(server: Server) -> None:
    """Colons, casts, percent signs, backslashes, remarks, quotes, a semicolon at its end."""
    query = (
        "select label::text as \"Label: x\" from items where label like 'r%' and '12:30' <> ':a'"
        " and 'a\\:b' <> '%%' -- a remark :b\n ;"
    )
    assert counts(asked(server, query, "--format", "json")) == {"rare": 18_000}
    query = "with x as (select label from items where year = 2001) select label from x"
    assert sum(counts(asked(server, query, "--format", "json")).values()) == 8000


HOSTILE = [
    ("drop table items", "drop is refused"),
    ("delete from items", "delete is refused"),
    ("select label from items; drop table items", "holds a semicolon"),
    ("select 1 as label) as q; drop table items; select * from (select 1", "holds a semicolon"),
    ("select 1 as label) as q group by 1 --", "brackets are not in pairs"),
    ("with x as (delete from items returning label) select label from x", "top level"),
    (
        "with x as (insert into items(label) values ('x') returning label) select label from x",
        "top",
    ),
    ("select label into stolen from items", "INTO is not allowed here"),
    ("select nextval('numbers') as label", "read-only transaction"),
    ("select lo_create(4711)::text as label", None),
    ("select set_config('transaction_read_only', 'off', true) as label from items", None),
    ("copy items to '/tmp/stolen'", "copy is refused"),
    ("select label from items where label = 'a", "not closed"),
    ("", "holds no select"),
]


@pytest.mark.parametrize(("query", "message"), HOSTILE, ids=[q[:40] for q, _ in HOSTILE])
def test_only_one_select_is_run(server: Server, query: str, message: str | None) -> None:
    """And nothing is changed by it."""
    server.run("create sequence if not exists numbers", "grant all on sequence numbers to ann")
    [(before,)] = server.run("select count(*) from items")
    found = asked(server, query, "--label", "label")
    if message is not None:
        assert found.code == 2
        assert message in found.err
    assert "Traceback" not in found.err
    assert server.run("select count(*) from items") == [(before,)]
    assert server.run("select is_called from numbers") == [(False,)]
    assert server.run("select count(*) from pg_largeobject_metadata where oid = 4711") == [(0,)]
    assert server.run("select to_regclass('stolen')") == [(None,)]


def secret_in(text: str) -> bool:
    """Whether a text gives the password away, whole or in its parts."""
    return any(part in text for part in (PASSWORD, QUOTED, "s3cret", "p@ss", "%40ss"))


def test_the_password_is_nowhere(server: Server, tmp_path: Path) -> None:
    """Neither in what is printed nor in any file that is written, whatever the command."""
    outputs = [f"x{n}{suffix}" for n, suffix in enumerate((".json", ".csv", ".md"))]
    files = [word for name in outputs for word in ("-o", name)]
    done = [
        asked(server, LABELS, *files),
        run("analyze"),
        run("suggest"),
        asked(server, LABELS, "--explain", command="suggest"),
        asked(server, LABELS, "--for", "torch", command="suggest"),
        asked(server, LABELS, command="check"),
        asked(server, LABELS, "--write-baseline", command="check"),
        asked(server, LABELS, "-o", "page.html", "-o", "page.md", command="report"),
        run("audit", "1,2", "--on", "x0.json"),
        asked(server, "select labl from items"),
        asked(server, "selec"),
        asked(Server(1, server.log), LABELS),
        run("analyze", "--database", server.url(password=QUOTED + "x"), "--query", LABELS),
        run("analyze", "--database", server.url() + "?nonsense=s3cret", "--query", LABELS),
        run("analyze", "--database", server.url().replace("127.0.0.1", "p@ss"), "--query", LABELS),
        run(
            "analyze", "--database", server.url().replace("postgresql", "mysql"), "--query", LABELS
        ),
        run("analyze", "--database", f"s3cret{QUOTED}", "--query", LABELS),
    ]
    for each in done:
        assert each.code in {0, 1, 2}
        assert not secret_in(each.out + each.err)
        assert "Traceback" not in each.err
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 7
    for path in written:
        assert not secret_in(path.read_text(encoding="utf-8", errors="replace")), path


def test_what_is_remembered_without_the_password(server: Server) -> None:
    """The counts as they were; anything else needs the database again."""
    asked(server, LABELS)
    again = run("analyze", "--format", "json")
    assert counts(again) == NO_LABEL
    assert "***@127.0.0.1" in again.err
    other = run("suggest", "--ignore-label", "rare")
    assert other.code == 2
    assert "its password is not remembered" in other.err
    assert "env:NAME" in other.err


def test_the_url_may_come_from_the_environment(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the next command asks the database anew."""
    monkeypatch.setenv("SHOP", server.url())
    found = run("analyze", "--database", "env:SHOP", "--query", LABELS, "--format", "json")
    assert counts(found) == NO_LABEL
    again = run("analyze", "--ignore-label", "rare", "--format", "json")
    assert counts(again) == {"often": 180_000}
    assert "source --database env:SHOP --query 'select label from items'" in again.err


def test_a_configuration_names_the_variable(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And only the variable: no URL stands in a file that is committed."""
    monkeypatch.setenv("SHOP", server.url())
    config = tmp_path / "imbweights.toml"
    config.write_text(
        'database = "env:SHOP"\n[[datasets]]\nname = "new"\n'
        'query = "select label from items where year > 2020"\n'
        '[[datasets]]\nname = "old"\nquery = "select label from items where year <= 2020"\n',
        encoding="utf-8",
    )
    found = run("check", "--format", "json")
    assert "2 data sets from imbweights.toml: new, old" in found.err
    assert found.code in {0, 1}
    config.write_text(f'database = "{server.url()}"\nquery = "{LABELS}"\n', encoding="utf-8")
    refused = run("analyze")
    assert refused.code == 2
    assert "database must be env:NAME" in refused.err
    assert not secret_in(refused.err)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("ann:", "nobody:"), 'password authentication failed for user "nobody"'),
        (("s3cret", "wrong"), 'password authentication failed for user "ann"'),
        (("/shop", "/shops"), 'database "shops" does not exist'),
        (("127.0.0.1", "nowhere.invalid"), "nowhere.invalid"),
        (("postgresql", "mysql+nothing"), "mysql+nothing"),
        (("postgresql", "nosuch"), "SQLAlchemy knows no nosuch"),
        (("postgresql", "snowflake"), "snowflake-sqlalchemy"),
    ],
)
def test_no_connection(server: Server, change: tuple[str, str], message: str) -> None:
    """What the server or the driver says, in a line, with exit status 2."""
    found = run("analyze", "--database", server.url().replace(*change), "--query", LABELS)
    assert found.code == 2
    assert message in found.err
    assert "Traceback" not in found.err


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select label from itms", 'relation "itms" does not exist'),
        ("select labl from items", 'column "labl" does not exist'),
        ("select json as label from items", "could not identify an equality operator"),
        ("select label frm items where", "syntax error"),
        ("select year / 0 as label from items", "division by zero"),
        ("select label, year, split from items", None),
        ("select year, split from items", "which of the 2 columns holds the labels"),
    ],
)
def test_a_query_that_does_not_work(server: Server, query: str, message: str | None) -> None:
    """The words of the database, without a traceback."""
    found = asked(server, query)
    assert found.code == (0 if message is None else 2)
    assert message is None or message in found.err
    assert "Traceback" not in found.err


def test_a_timeout_of_the_server(server: Server) -> None:
    """The database cancels; that is said."""
    url = server.url() + "?options=-c%20statement_timeout%3D50"
    query = "select label from items, (select pg_sleep(2)) as s"
    found = run("analyze", "--database", url, "--query", query)
    assert found.code == 2
    assert "canceling statement due to statement timeout" in found.err


@pytest.mark.parametrize(
    "words",
    [
        ("sweep",),
        ("suggest", "--sweep"),
        ("suggest", "--scheme", "sampler", "-o", "w.npy"),
        ("report", "--sweep"),
    ],
)
def test_what_needs_rows_says_so(server: Server, words: tuple[str, ...]) -> None:
    """By the name of the option."""
    found = asked(server, LABELS, *words[1:], command=words[0])
    assert found.code == 2
    assert "--database" in found.err


@pytest.mark.parametrize(
    "words",
    [
        ("--class-order", "appearance"),
        ("--delimiter", "tab"),
        ("--as", "csv"),
        ("--encoding", "utf-8"),
        ("--palette", "voc"),
        ("--sql", "select 1"),
        ("labels.csv",),
    ],
)
def test_options_that_mean_nothing_here(server: Server, words: tuple[str, ...]) -> None:
    """What speaks of files or of the order of rows is refused."""
    found = asked(server, LABELS, *words)
    assert found.code == 2
    assert words[0] in found.err or "name one source" in found.err
