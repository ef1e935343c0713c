"""What went wrong in a query over files: the query, or one of the files."""

from __future__ import annotations

import duckdb

from imbweights.core.errors import UsageError
from imbweights.sources.tables.duck import first_line

# These speak of the query; anything else may be a row of a file that does not parse.
QUERY_FAULTS = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ConversionException,
    duckdb.OutOfRangeException,
    duckdb.ParserException,
    duckdb.PermissionException,
)
_TEXT = (
    "what stands in CSV, JSON and text files is text: compare year::int > 2020, or "
    "try_cast(year as int) > 2020 where some are no numbers"
)


def explained_query(error: duckdb.Error, views: tuple[str, ...]) -> UsageError:
    """What a user is to see of an error in the query. ``views``: the tables that there are."""
    text = first_line(error)
    tables = f"the tables are {', '.join(views[:12])}" + " …" * (len(views) > 12)
    if isinstance(error, duckdb.PermissionException):
        return UsageError(
            f"--sql: {text.split(' - ', 1)[0]}",
            hint=f"a query reads the named files and nothing else; {tables}",
        )
    if isinstance(error, duckdb.CatalogException) and text.startswith("Table with name"):
        return UsageError(f"--sql: {text.split('!', 1)[0]}", hint=tables)
    if "explicit cast" in text or "Could not convert" in text:
        return UsageError(f"--sql: {text}", hint=_TEXT)
    close = next((s for s in str(error).split("\n") if s.startswith("Candidate")), None)
    return UsageError(f"--sql: {text}", hint=close or place_of(error))


def place_of(error: duckdb.Error) -> str | None:
    """The line of the query with the mark under it, as DuckDB draws it."""
    drawn = [line for line in str(error).split("\n")[1:] if line.strip()]
    return "\n".join(drawn[-2:]) or None
