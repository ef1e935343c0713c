"""Whether a query over files is one select that changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb

from imbweights.core.errors import UsageError
from imbweights.sources.querying.trouble import place_of
from imbweights.sources.tables.duck import fetch, first_line

_ONLY = "one select (or with … select) over the named files is run, and nothing else"
_WRITES = {
    "COPY_QUERY_NODE": "copy",
    "DELETE_QUERY_NODE": "delete",
    "INSERT_QUERY_NODE": "insert",
    "UPDATE_QUERY_NODE": "update",
}


def one_select(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The query without what ends a statement. Raises ``UsageError`` for all but one select.

    DuckDB's own parser decides, and also looks into ``with``: ``copy`` may stand there, and would
    write over a file that is only to be read.
    """
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise UsageError(f"--sql: {first_line(error)}", hint=place_of(error)) from error
    if not statements:
        raise UsageError("--sql: holds no statement", hint=_ONLY)
    if len(statements) > 1:
        raise UsageError(f"--sql: holds {len(statements)} statements", hint=_ONLY)
    kind = statements[0].type.name
    if kind == "MULTI":
        raise UsageError(
            "--sql: is more than a select, as pivot is",
            hint="put it in a select: select * from (pivot …)",
        )
    writes = next(_writes(connection, sql), None) if kind == "SELECT" else kind.lower()
    if writes is not None:
        raise UsageError(f"--sql: {writes.replace('_', ' ')} is refused", hint=_ONLY)
    if statements[0].named_parameters:
        raise UsageError("--sql: holds a parameter (? or $1), and there are no values for one")
    return _without_end(sql)


def _writes(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[str]:
    """What writes within a select."""
    [(text,)] = fetch(connection, "SELECT json_serialize_sql(?)", [sql])
    for kind in _kinds(json.loads(text)):
        if kind in _WRITES:
            yield _WRITES[kind]


def _kinds(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        kind = tree.get("type")
        if isinstance(kind, str):
            yield kind
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            yield from _kinds(branch)


def _without_end(sql: str) -> str:
    """Up to the semicolon; a comment behind it would hide what stands around the query."""
    encoded = sql.encode()
    ends = [at for at, _ in duckdb.tokenize(sql) if encoded[at : at + 1] == b";"]
    return encoded[: ends[0]].decode() if ends else sql


def names_in(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """What may be names in a query, without their quotes: all words but those that cannot be."""
    encoded = sql.encode()
    tokens = duckdb.tokenize(sql)
    ends = [*(at for at, _ in tokens[1:]), len(encoded)]
    kinds = (duckdb.token_type.identifier, duckdb.token_type.keyword)
    words = [
        encoded[start:end].decode().strip().strip('"')
        for (start, kind), end in zip(tokens, ends, strict=True)
        if kind in kinds
    ]
    asked = "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
    reserved = {word for (word,) in fetch(connection, asked)}
    return [word for word in words if word.lower() not in reserved]
