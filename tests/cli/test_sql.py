"""--sql on the command line: it goes with every command, and is part of what is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import run, write

from imbweights.checking.settings import BASELINE_FILE

ROWS = "label,year\n" + "cat,2020\n" * 30 + "dog,2021\n" * 20 + "cat,2021\n" * 10
SQL = "select label from data where year = '2021'"


@pytest.fixture(autouse=True)
def _table(tmp_path: Path) -> None:
    write(tmp_path / "pets.csv", ROWS)


def counts(*words: str) -> dict[str, int]:
    """What ``analyze`` counts."""
    found = run("analyze", *words, "--format", "json")
    assert found.code == 0, found.err
    return {each["name"]: each["count"] for each in found.json["classes"]}


def test_what_is_shown_can_be_typed_again() -> None:
    """The next command has the query, too."""
    out = run("analyze", "pets.csv", "--sql", SQL).out
    assert 'pets.csv, column "label" (SQL over pets.csv): 30 samples, 2 classes' in out
    assert f'Next: imbweights suggest pets.csv --sql "{SQL}"' in out


def test_it_is_remembered_and_may_be_given_alone() -> None:
    """It asks what was analysed last here."""
    assert counts("pets.csv") == {"cat": 40, "dog": 20}
    assert counts("--sql", SQL) == {"cat": 10, "dog": 20}
    assert counts() == {"cat": 40, "dog": 20}
    assert counts("pets.csv", "--sql", SQL) == {"cat": 10, "dog": 20}
    assert counts() == {"cat": 10, "dog": 20}


def test_standard_input_can_be_asked() -> None:
    """As data; it has no name of its own."""
    found = run("analyze", "-", "--sql", SQL, "--format", "json", stdin=ROWS.encode())
    assert {each["name"]: each["count"] for each in found.json["classes"]} == {"cat": 10, "dog": 20}


@pytest.mark.parametrize("command", ["suggest", "check", "report", "plot"])
def test_every_command_counts_the_result(command: str) -> None:
    """And none names a line of the file, whose rows are others."""
    more = ("-o", "x.svg") if command == "plot" else ()
    found = run(command, "pets.csv", "--sql", SQL, *more)
    assert found.code in {0, 1}, found.err
    assert "pets.csv:" not in found.out


def test_a_weight_for_each_row_of_the_result(tmp_path: Path) -> None:
    """In its order."""
    sql = "select label from data where year = '2021'"
    found = run("suggest", "pets.csv", "--sql", sql, "--scheme", "sampler", "-o", "rows.csv")
    assert found.code == 0, found.err
    rows = (tmp_path / "rows.csv").read_text().splitlines()
    assert len(rows) == 31
    assert [row.split(",")[1] for row in rows[1:]] == ["dog"] * 20 + ["cat"] * 10


def test_the_configuration_may_hold_a_query(tmp_path: Path) -> None:
    """Relative to its folder, as paths are."""
    write(tmp_path / "imbweights.toml", f'source = "pets.csv"\nsql = "{SQL}"\n')
    assert counts() == {"cat": 10, "dog": 20}
    assert counts("--sql", "from pets") == {"cat": 40, "dog": 20}


def test_a_baseline_is_of_the_query(tmp_path: Path) -> None:
    """Another query over the same file is another data set."""
    assert run("check", "pets.csv", "--sql", SQL, "--write-baseline").code in {0, 1}
    stored = (tmp_path / BASELINE_FILE).read_text()
    assert "year = '2021'" in stored


def test_no_database_is_asked_by_a_sweep() -> None:
    """It is no option of that command, and still named when given."""
    assert "--database" not in run("sweep", "--help").out
    found = run("sweep", "--database", "sqlite:///a.db", "--query", "select 1")
    assert found.code == 2
    assert "--database: only counts come from a database" in found.err


def test_a_query_may_name_its_file_itself() -> None:
    """As on DuckDB's command line; a quoted word that is no file names none."""
    write(Path("other's.csv"), ROWS)
    assert counts("--sql", "select label from 'pets.csv' where year = '2021'") == {
        "cat": 10,
        "dog": 20,
    }
    assert counts("--sql", "select label from 'other''s.csv'") == {"cat": 40, "dog": 20}
    assert counts("pets.csv", "--sql", "select label from \"pets.csv\" where label <> 'dog'") == {
        "cat": 40
    }


def test_a_query_without_a_file_says_how_to_name_one() -> None:
    """Nothing was analysed here, and the query names nothing that is there."""
    found = run("analyze", "--sql", "select label from 'dogs.csv'")
    assert found.code == 2
    assert "--sql: no file is named, and the query names none" in found.err
    assert "imbweights analyze labels.csv --sql" in found.err


def test_rows_that_a_query_has_grouped_are_asked_about() -> None:
    """The counts are in DuckDB's own column."""
    found = run("analyze", "--sql", "select label, count(*) from 'pets.csv' group by label")
    assert found.code == 2
    assert "--count-column count_star()" in found.err
    grouped = "select label, count(*) from 'pets.csv' group by label"
    assert counts("--sql", grouped, "--count-column", "count_star()") == {"cat": 40, "dog": 20}
