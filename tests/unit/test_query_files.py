"""--sql: the user's own query over files, parsed as ever, behind a lock."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest

from imbweights.core.choices import BadRows
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.core.profile import Profile
from imbweights.profiling import profile_of
from imbweights.sources.querying.views import column_names, inlined

PEOPLE = "label,year,score\ncat,2019,0.5\ndog,2021,0.7\ncat,2022,n/a\n001,2023,0.1\n"


def asked(sql: str, *paths: Path | str, **options: object) -> Profile:
    """What is counted of the result."""
    chosen = LabelOptions(**options)  # type: ignore[arg-type]
    return profile_of(SourceSpec(paths=tuple(map(str, paths)), sql=sql, options=chosen))


def people(folder: Path, name: str = "people.csv", text: str = PEOPLE) -> Path:
    """A table of text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_what_the_query_selects_is_counted(tmp_path: Path) -> None:
    """A label is the text that stands in the file, zeros in front included."""
    found = asked("select label from data where year::int > 2020", people(tmp_path))
    assert found.total.as_dict() == {"001": 1, "cat": 1, "dog": 1}
    assert found.source.kind == "sql"
    assert found.source.details == ("SQL over people.csv",)
    assert [Path(path).name for path, _, _ in found.source.files] == ["people.csv"]


@pytest.mark.parametrize(
    "sql",
    [
        "select label from people",
        "SELECT label FROM data;",
        "select label from data -- and a remark",
        "select label from data; -- ; and a remark",
        "from data select label",
        "with x as (select * from data) select label from x",
        "select label from data union all select label from data where false",
        "select distinct label, year from data",
    ],
)
def test_forms_of_a_query(tmp_path: Path, sql: str) -> None:
    """Whatever is one select."""
    assert asked(sql, people(tmp_path), label="label").total.as_dict() == {
        "001": 1,
        "cat": 2,
        "dog": 1,
    }


def test_files_are_parsed_as_without_a_query(tmp_path: Path) -> None:
    """Delimiter, encoding, quotes, compression and blanks are found out; they may differ."""
    (tmp_path / "a.csv").write_bytes("label;year\ncafé;2021\n".encode("cp1252"))
    (tmp_path / "b.tsv.gz").write_bytes(gzip.compress(b'label\tyear\nthe "x"\t2021\n'))
    (tmp_path / "c.csv").write_text("label, year\ncafé, 2021\n", encoding="utf-16")
    (tmp_path / "d.jsonl").write_text('{"year": 2021, "label": "x"}\n{"label": null}\n')
    (tmp_path / "e.txt").write_text("label\nx\nx\ny\n")
    found = asked("select label from data", *sorted(tmp_path.iterdir()))
    assert found.total.as_dict() == {'the "x"': 1, "café": 2, "x": 3, "y": 1}
    assert found.total.missing == 1


def test_mixed_line_ends_and_late_latin_text_are_remedied(tmp_path: Path) -> None:
    """What stands in the way of DuckDB is found in the file that has it, whichever that is."""
    good = people(tmp_path)
    bad = tmp_path / "mixed.csv"
    bad.write_bytes(b"label,year\r\ncat,1\ndog,2\r\n")
    late = tmp_path / "late.csv"
    late.write_bytes(b"label,year\n" + b"cat,1\n" * 200_000 + b"caf\xe9,2\n")
    found = asked("select label from data", good, bad, late)
    assert found.total.as_dict() == {"001": 1, "cat": 200_003, "café": 1, "dog": 2}


def test_bad_rows_are_named_or_skipped(tmp_path: Path) -> None:
    """By file and line, as without a query."""
    good, bad = people(tmp_path), people(tmp_path, "bad.csv", "label,year\ncat,1\ndog\ncat,2\n")
    with pytest.raises(SourceError, match=r"bad\.csv, line 3: expected 2 columns, found 1"):
        asked("select label from data", good, bad)
    found = asked("select label from bad", good, bad, on_bad_rows=BadRows.SKIP)
    assert found.total.as_dict() == {"cat": 2}
    assert any("skipped 1 row of" in note for note in found.source.notes)


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    """So the query of the issue runs as it stands, and lists are lists."""
    path = tmp_path / "labels.parquet"
    duckdb.execute(
        "copy (select ['cat', 'dog'][1 + i % 2] as label, 2019 + i as year, [i, 9] as tags"
        f" from range(4) t(i)) to '{path}'"
    )
    assert asked("select label from data where year > 2020", path).total.as_dict() == {
        "cat": 1,
        "dog": 1,
    }
    assert asked("select unnest(tags) as label from labels", path).total.as_dict()["9"] == 4
    assert asked("select tags from labels", path).total.as_dict() == dict.fromkeys(
        ("0", "1", "2", "3"), 1
    ) | {"9": 4}


def test_named_splits(tmp_path: Path) -> None:
    """Each is a table; data tells them apart by a column of its own."""
    train, val = people(tmp_path), people(tmp_path, "val.csv", "label,year\ncat,1\n")
    paths = (f"train={train}", f"val={val}")
    side_by_side = asked("select label, split from data", *paths)
    assert {s: c.total for s, c in side_by_side.splits.items()} == {"train": 4, "val": 1}
    alone = asked("select label from train where label not in (select label from val)", *paths)
    assert alone.total.as_dict() == {"001": 1, "dog": 1}
    assert not alone.splits
    assert any("counted together" in note for note in alone.source.notes)


def test_a_column_split_of_the_files_is_theirs(tmp_path: Path) -> None:
    """It is not written over by the names of the command line."""
    one = people(tmp_path, "one.csv", "label,split\ncat,fold1\n")
    two = people(tmp_path, "two.csv", "label,split\ncat,fold2\n")
    found = asked("select label, split from data", f"a={one}", f"b={two}")
    assert set(found.splits) == {"fold1", "fold2"}


def test_files_of_one_name_have_no_table_of_their_own(tmp_path: Path) -> None:
    """In SQL names that differ in letter case are one."""
    (tmp_path / "x").mkdir()
    one, two = people(tmp_path, "labels.csv"), people(tmp_path / "x", "Labels.csv")
    assert asked("select label from data", one, two).total.total == 8
    with pytest.raises(UsageError, match="Table with name labels does not exist"):
        asked("select label from labels", one, two)


def test_a_file_may_have_any_name(tmp_path: Path) -> None:
    """Also that of something DuckDB has, or that stands for all files."""
    names = ["pg_class", "data", "imbweights_files", "main", "Order", "duckdb_tables"]
    files = [people(tmp_path, f"{name}.csv") for name in names]
    for name in names:
        if name != "data":
            assert asked(f'select label from "{name}"', *files).total.total == 4
    assert asked("select label from data", *files).total.total == 24


def test_files_that_are_no_one_table(tmp_path: Path) -> None:
    """A list in the one and a number in the other."""
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    duckdb.execute(f"copy (select {{'a': 1}} as label) to '{paths[0]}'")
    duckdb.execute(f"copy (select date '2024-01-01' as label) to '{paths[1]}'")
    with pytest.raises(UsageError, match="Unimplemented type for cast"):
        asked("select label from data", *paths)


def test_the_options_speak_of_the_result(tmp_path: Path) -> None:
    """Several 0/1 columns, a column of counts, one of splits."""
    path = people(tmp_path)
    several = asked(
        "select label = 'cat' as c, year > '2020' as late from data", path, label="c,late"
    )
    assert several.total.as_dict() == {"c": 2, "late": 3}
    counts = asked("select label, count(*) as n from data group by 1", path, count_column="n")
    assert counts.total.as_dict() == {"001": 1, "cat": 2, "dog": 1}
    split = asked("select label, year > '2020' as s from data", path, split="s")
    assert {s: c.total for s, c in split.splits.items()} == {"false": 1, "true": 3}
    with pytest.raises(AmbiguousSourceError, match="which of the 2 columns"):
        asked("select year, score from data", path)


def test_rows_keep_their_order(tmp_path: Path) -> None:
    """A weight per row of the result can be written."""
    rows = asked(
        "select label from data where year <> '2021'", people(tmp_path), keep_rows=True
    ).rows
    assert [rows[""].labels[code] for code in rows[""].codes] == ["cat", "cat", "001"]


HOSTILE = [
    ("copy data to 'stolen.csv'", "copy is refused"),
    ("copy data to 'people.csv'", "copy is refused"),
    (
        "with x as (copy data to 'people.csv' (use_tmp_file false)) select * from x",
        "copy is refused",
    ),
    (
        "select 1 union all (with x as (copy data to 'people.csv') select * from x)",
        "copy is refused",
    ),
    ("with x as (insert into data values ('a') returning *) select * from x", "insert is refused"),
    ("with x as (delete from data returning *) select * from x", "delete is refused"),
    ("attach 'other.db'", "attach is refused"),
    ("install httpfs", "load is refused"),
    ("load httpfs", "load is refused"),
    ("set enable_external_access = true", "set is refused"),
    ("pragma enable_profiling", "is refused"),
    ("export database 'x'", "export is refused"),
    ("create table t as select 1", "create is refused"),
    ("drop view data", "drop is refused"),
    ("explain analyze copy data to 'stolen.csv'", "explain is refused"),
    ("call pragma_version()", "call is refused"),
    ("select label from data; drop view data", "holds 2 statements"),
    ("select label from data) q; drop view data; select * from (select 1", "syntax error"),
    ("select label from data) as q group by 1 --", "syntax error"),
    ("select column0 as label from read_csv('/etc/passwd')", 'Cannot access file "/etc/passwd"'),
    ("select content as label from read_text('/etc/passwd')", 'Cannot access file "/etc/passwd"'),
    ("select * from read_blob('/proc/self/environ')", "Cannot access file"),
    ("select file as label from glob('/*')", "Cannot access file"),
    ("select * from '/etc/passwd'", "/etc/passwd"),
    ("select * from 'https://example.org/a.csv'", "Cannot access file"),
    ("select * from read_parquet('s3://bucket/a.parquet')", "Cannot access file"),
    ("select * from query('copy data to ''stolen.csv''')", "SELECT"),
    (
        "select * from query('with x as (copy data to ''people.csv'') select * from x')",
        "must be at the top level",
    ),
    ("select Delimiter as label from sniff_csv('/etc/passwd')", "Cannot access file"),
    ("select getenv('HOME') as label", "getenv does not exist"),
    ("from tmp_path", "tmp_path does not exist"),
    ("from options", "options does not exist"),
    ("select ? as label", "parameter"),
    ("", "holds no statement"),
    ("-- nothing", "holds no statement"),
    ("pivot data on label using count(*)", "more than a select"),
]


@pytest.mark.parametrize(("sql", "message"), HOSTILE, ids=[sql[:40] for sql, _ in HOSTILE])
def test_anything_else_is_refused(tmp_path: Path, sql: str, message: str) -> None:
    """With a message, and nothing is read, written, loaded or changed."""
    path = people(tmp_path)
    with pytest.raises(UsageError) as caught:
        asked(sql, "people.csv", label="label")
    assert message in str(caught.value)
    assert path.read_text(encoding="utf-8") == PEOPLE
    assert [each.name for each in tmp_path.iterdir()] == ["people.csv"]


def test_the_lock_holds_within_a_select(tmp_path: Path) -> None:
    """Even a select that could set something finds the settings locked."""
    found = asked(
        "select current_setting('enable_external_access')::varchar || "
        "current_setting('lock_configuration')::varchar as label",
        people(tmp_path),
    )
    assert found.total.as_dict() == {"falsetrue": 1}


def test_strange_paths_are_quoted_and_allowed(tmp_path: Path) -> None:
    """Brackets, stars, quotes and blanks are names like any others; links lead where they lead."""
    for name in ("a[1].csv", 'it\'s, "so".csv', "a*b?.csv", "Ünï codé.csv"):
        path = people(tmp_path, name)
        assert asked("select label from data", path).total.total == 4
    (tmp_path / "link.csv").symlink_to(path)
    assert asked("select label from link", "./link.csv").total.total == 4
    (tmp_path / "x").mkdir()
    assert asked("select label from data", "x/../link.csv").total.total == 4


@pytest.mark.parametrize(
    ("sql", "message", "hint"),
    [
        ("select labl from data", 'column "labl" not found', 'Candidate bindings: "label"'),
        ("select label from peopel", "Table with name peopel does not exist", "data, people"),
        ("select label from data where year > 2020", "explicit cast", "year::int > 2020"),
        ("select label from data where score::double > 0", "Could not convert", "try_cast"),
        ("selec label from data", "syntax error", "^"),
        ("select label frm data", "syntax error", "LINE 1: select label frm data"),
    ],
)
def test_slips_are_explained(tmp_path: Path, sql: str, message: str, hint: str) -> None:
    """What is wrong in the query, and what there is instead."""
    with pytest.raises(UsageError) as caught:
        asked(sql, people(tmp_path))
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    """Folders, arrays, no file at all, one file twice, and options that mean nothing."""
    path = people(tmp_path)
    (tmp_path / "folder").mkdir()
    people(tmp_path / "folder")
    (tmp_path / "y.npy").write_bytes(b"\x93NUMPY\x01\x00")
    sql = "select label from data"
    for paths, message in (
        ([tmp_path / "folder"], "is a folder, and --sql asks files"),
        ([tmp_path / "y.npy"], "is read as npy"),
        ([], "--sql: asks files, and none is named"),
        ([path, path], "is named twice"),
    ):
        with pytest.raises(UsageError, match=message):
            asked(sql, *paths)
    with pytest.raises(UsageError, match="--palette means nothing here"):
        asked(sql, path, palette="voc")
    with pytest.raises(UsageError, match="--sql asks rows"):
        profile_of(SourceSpec(counts="a=1,b=2", sql=sql))


def test_names_of_columns() -> None:
    """A header may repeat itself, in any case of letters; a query can name each column."""
    assert column_names(["a", "A", "a_1", "", "a"], named=True) == [
        "a",
        "A_1",
        "a_1_1",
        "column4",
        "a_2",
    ]
    assert inlined("f(?, '?', \"?\", ?)", ["a?", 2]) == "f('a?', '?', \"?\", '2')"


def test_without_a_header_columns_are_numbered(tmp_path: Path) -> None:
    """column1, column2 and so on."""
    path = people(tmp_path, "bare.csv", "1,cat\n2,dog\n3,cat\n")
    found = asked("select column2 from data where column1 <> '2'", path, header=False)
    assert found.total.as_dict() == {"cat": 2}
