"""Which driver speaks to which database, and what is to be installed when it is not there."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from imbweights.core.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import URL

# Dialect → (driver as SQLAlchemy calls it, its module, what to install); the first is what we name.
_DRIVERS = {
    "postgresql": (
        ("psycopg", "psycopg", "psycopg[binary]"),
        ("psycopg2", "psycopg2", "psycopg2-binary"),
        ("pg8000", "pg8000", "pg8000"),
    ),
    "mysql": (
        ("pymysql", "pymysql", "PyMySQL"),
        ("mysqldb", "MySQLdb", "mysqlclient"),
        ("mysqlconnector", "mysql.connector", "mysql-connector-python"),
    ),
    "mariadb": (
        ("pymysql", "pymysql", "PyMySQL"),
        ("mariadbconnector", "mariadb", "mariadb"),
    ),
    "mssql": (("pyodbc", "pyodbc", "pyodbc"), ("pymssql", "pymssql", "pymssql")),
    "oracle": (("oracledb", "oracledb", "oracledb"),),
    "sqlite": (("pysqlite", "sqlite3", "Python with SQLite"),),
}
# Dialects that are packages of their own.
_PACKAGES = {
    "snowflake": "snowflake-sqlalchemy",
    "bigquery": "sqlalchemy-bigquery",
    "redshift": "sqlalchemy-redshift",
    "databricks": "databricks-sqlalchemy",
    "duckdb": "duckdb-engine",
    "trino": "trino[sqlalchemy]",
    "clickhouse": "clickhouse-sqlalchemy",
    "cockroachdb": "sqlalchemy-cockroachdb",
}
# What a driver calls the seconds that connecting may take.
_SECONDS = 10
_TIMEOUTS = {
    "psycopg": "connect_timeout",
    "psycopg2": "connect_timeout",
    "pymysql": "connect_timeout",
    "mysqldb": "connect_timeout",
    "mysqlconnector": "connection_timeout",
    "oracledb": "tcp_connect_timeout",
}


def with_driver(url: URL) -> URL:
    """The URL with a driver that is installed, where it names none."""
    dialect, _, named = url.drivername.partition("+")
    dialect = "postgresql" if dialect == "postgres" else dialect
    known = _DRIVERS.get(dialect, ())
    if not known or (named and named not in {driver for driver, _, _ in known}):
        return url.set(drivername=f"{dialect}+{named}" if named else dialect)
    possible = [each for each in known if not named or each[0] == named]
    for driver, module, _ in possible:
        if _is_there(module):
            return url.set(drivername=f"{dialect}+{driver}")
    package = possible[0][2]
    raise UsageError(
        f"--database: the driver for {dialect} is not installed",
        hint=f"pip install {_quoted(package)}",
    )


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # the package that would hold it is not there
        return False


def missing_dialect(url: URL) -> UsageError:
    """What to say when SQLAlchemy knows no such dialect."""
    dialect = url.drivername.partition("+")[0]
    package = _PACKAGES.get(dialect)
    if package is not None:
        return UsageError(
            f"--database: what speaks to {dialect} is not installed",
            hint=f"pip install {_quoted(package)}",
        )
    return UsageError(
        f"--database: SQLAlchemy knows no {url.drivername}",
        hint=f"known are {', '.join(_DRIVERS)}, and others by packages of their own",
    )


def connect_arguments(url: URL) -> dict[str, int]:
    """How long connecting may take, unless the URL says so."""
    name = _TIMEOUTS.get(url.drivername.partition("+")[2])
    return {} if name is None or name in url.query else {name: _SECONDS}


def _quoted(package: str) -> str:
    return f"'{package}'" if "[" in package else package
