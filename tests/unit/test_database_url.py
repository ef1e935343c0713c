"""No secret of a database URL gets out, and nothing but one select gets in."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imbweights.core.config import find_config
from imbweights.core.database_url import database_url, is_whole, kept_form
from imbweights.core.errors import ConfigError, UsageError
from imbweights.core.options import SourceSpec
from imbweights.profiling import profile_of
from imbweights.sources.database.statement import one_select

PASSWORDS = st.text(st.characters(codec="utf-8"), min_size=4).filter(
    lambda text: set(text) - set("*postgresqlan:/@h.")
)


@given(password=PASSWORDS, token=PASSWORDS)
def test_the_password_is_in_no_form(password: str, token: str) -> None:
    """Neither as it is nor as the URL spells it, in whatever is shown, kept or said."""
    spelled = quote(password, safe="")
    url = f"postgresql://ann:{spelled}@h/shop?token={quote(token, safe='')}"
    found = database_url(url)
    spec = SourceSpec(database=url, query="select 1")
    texts = [found.shown, kept_form(url), repr(found), spec.describe(), repr(spec)]
    texts += [json.dumps(spec.to_dict()), found.scrubbed(f"no: {password}, {spelled}, {token}")]
    for text in texts:
        assert spelled not in text
        assert password not in text or password in "no: ***, ***, ***"  # noqa: S105 - drawn
    assert found.whole == url


@given(typed=st.text(max_size=40))
def test_what_is_kept_is_kept_again_as_it_is(typed: str) -> None:
    """And what had nothing to hide can be used again."""
    kept = kept_form(typed)
    assert kept_form(kept) in {kept, "***"}
    if is_whole(kept):
        assert kept == typed


@pytest.mark.parametrize(
    "typed",
    [
        "s3cret",
        "ann:s3cret@host",
        "postgresql://ann:s3cr@et@host/shop",
        "postgres:ann:s3cret@h/x",
        "",
    ],
)
def test_what_is_no_url_is_not_repeated(typed: str) -> None:
    """It may be a password."""
    with pytest.raises(UsageError) as caught:
        database_url(typed)
    assert "s3cr" not in str(caught.value)
    assert kept_form(typed) == "***"


def test_short_passwords_hide_the_whole_message() -> None:
    """Their letters are everywhere."""
    assert database_url("mysql://a:x@h/s").scrubbed("the axe") == (
        "the message of the driver is not shown: it may hold the password"
    )


def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """env:NAME is no secret; a variable that is not there is named."""
    monkeypatch.setenv("SHOP", "mysql://ann:s3cret@host/shop")
    assert database_url("env:SHOP").shown == "mysql://ann:***@host/shop"
    assert kept_form("env:SHOP") == "env:SHOP"
    with pytest.raises(UsageError, match="no environment variable SHOPS"):
        database_url("env:SHOPS")


@pytest.mark.parametrize(
    "query",
    [
        "select label from t",
        "SELECT label FROM t;",
        "  -- a remark\n/* and ( one */ select ')' as label from t",
        "with x as (select 1) select * from x",
        "(select 1 as y) union all (select 2)",
        "values (1)",
        'select "a)b", `c)` from t',
        "select $$ ) $$ as label",
        "select 'it''s (' as label",
    ],
)
def test_one_select(query: str) -> None:
    """Quotes and remarks may hold what they like."""
    assert one_select(query) == query.strip().removesuffix(";")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "holds no select"),
        ("-- select", "holds no select"),
        ("drop table t", "drop is refused"),
        ("/* select */ delete from t", "delete is refused"),
        ("explain analyze select 1", "explain is refused"),
        ("select 1; drop table t", "semicolon"),
        ("select 1;;", "semicolon"),
        ("select 1) as q; drop table t; select * from (select 1", "semicolon"),
        ("select 1) as q into outfile '/tmp/x' from (select 1", "brackets"),
        ("select 1) as q -- (", "brackets"),
        ("select (1", "brackets"),
        ("select 'a", "not closed"),
        ('select "a', "not closed"),
        ("select /* 1", "not closed"),
        ("select /*! 1 */ 1", "MySQL runs"),
        ("select /* /* */ ) */ 1", "brackets"),
        ("select 1\0", "NUL"),
    ],
)
def test_anything_else(query: str, message: str) -> None:
    """Read as strictly as the strictest dialect does."""
    with pytest.raises(UsageError, match=message):
        one_select(query)


def test_backslashes_are_read_as_the_dialect_does() -> None:
    r"""In MySQL ``'\''`` is a quote; elsewhere the text ends before the last sign."""
    assert one_select(r"select '\'' as label", "mysql")
    with pytest.raises(UsageError, match="not closed"):
        one_select(r"select '\'' as label", "postgresql")
    with pytest.raises(UsageError, match="brackets"):
        one_select(r"select 'a\\') as q, ('b'", "mysql")


def written(folder: Path, text: str) -> None:
    """A configuration."""
    (folder / "imbweights.toml").write_text(text, encoding="utf-8")


def test_the_configuration(tmp_path: Path) -> None:
    """A query over files, and one for the database that is shared by data sets."""
    written(
        tmp_path,
        'source = "a.csv"\nsql = "select y from a"\ndatabase = "env:SHOP"\n'
        '[[datasets]]\nname = "b"\nquery = "select y from t"\n'
        '[[datasets]]\nname = "c"\nsource = "c.csv"\n',
    )
    config = find_config(tmp_path)
    assert config is not None
    assert config.source.describe() == "a.csv --sql 'select y from a'"
    assert [each.name for each in config.sets] == ["a.csv --sql 'select y from a'", "b", "c"]
    assert [each.source.database for each in config.sets] == [None, "env:SHOP", None]
    assert [each.source.sql for each in config.sets] == ["select y from a", None, None]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('database = "mysql://ann:s3cret@h/s"\nquery = "select 1"', "database must be env:NAME"),
        ('query = "select 1"', "query asks a database"),
        ('source = "a.csv"\ndatabase = "env:X"\nquery = "select 1"', "two sources"),
        ('database = "env:X"\n[[datasets]]\nname = "a"', "has no source"),
    ],
)
def test_what_a_configuration_may_not_say(tmp_path: Path, text: str, message: str) -> None:
    """A password least of all."""
    written(tmp_path, text)
    with pytest.raises(ConfigError, match=message) as caught:
        find_config(tmp_path)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (SourceSpec(database="sqlite:///a.db"), "go together"),
        (SourceSpec(query="select 1"), "go together"),
        (SourceSpec(paths=("a.csv",), database="sqlite:///a.db", query="x"), "name one source"),
        (SourceSpec(database="sqlite:///a.db", query="x", sql="y"), "--sql asks files"),
        (SourceSpec(ratio="60:1", query="x"), "--query asks rows"),
    ],
)
def test_what_does_not_go_together(spec: SourceSpec, message: str) -> None:
    """Before anything is opened."""
    with pytest.raises(UsageError, match=message):
        profile_of(spec)
