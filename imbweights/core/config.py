"""``[tool.imbweights]`` of ``pyproject.toml``, or ``imbweights.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from imbweights.core.choices import BadFiles, BadRows, CacheBy, ClassOrder, Counted
from imbweights.core.class_list import ClassList, class_list, from_texts
from imbweights.core.config_keys import SOURCE_KEYS, Key, KeyKind
from imbweights.core.database_url import from_variable
from imbweights.core.errors import ConfigError
from imbweights.core.existing import is_file
from imbweights.core.limits import MAX_BYTES, MAX_PIXELS, parsed_pixels, parsed_size
from imbweights.core.meaning import did_you_mean
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.core.small_files import small_text
from imbweights.core.toml_text import toml_value
from imbweights.core.urls import is_remote, shown_url

OWN_FILE = "imbweights.toml"
PROJECT_FILE = "pyproject.toml"
_SETS, _CHECK, _NAME = "datasets", "check", "name"
# What says where labels are holds for one data set; the URL of a database may hold for all.
_OF_ONE_SET = frozenset(("source", "sql", "query"))
KEYS = tuple(SOURCE_KEYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredSet:
    """A data set of the configuration.

    ``name``; ``source``: where it is and how it is read; ``own``: the keys that it says itself,
    ``shared``: those that hold for every data set; ``check``: its own ``check`` table, as it stands.
    """

    name: str
    source: SourceSpec
    own: Mapping[str, Any]
    shared: Mapping[str, Any]
    check: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a configuration file says, and which file that was.

    ``source``: the source of the top of the file, for commands that work on one; ``sets``: every
    data set, that one first; ``check``: the ``check`` table for all of them, as it stands.
    ``passed_over``: the ``pyproject.toml`` beside it that has a configuration, too, which nobody reads.
    """

    path: Path
    source: SourceSpec
    sets: tuple[ConfiguredSet, ...] = ()
    check: Mapping[str, Any] = field(default_factory=dict)
    passed_over: Path | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader should know about the file itself."""
        if self.passed_over is None:
            return ()
        return (
            f"{self.path.name} holds; [tool.imbweights] of {self.passed_over.name} beside it is not read",
        )


def find_config(start: Path) -> Config | None:
    """The configuration in force in ``start``: the nearest one in it or a folder above.

    In one folder ``imbweights.toml`` comes before ``pyproject.toml``; a ``pyproject.toml``
    without ``[tool.imbweights]`` is passed over. Raises ``ConfigError`` for a file that cannot
    be read and for keys or values that mean nothing.
    """
    for folder in (start, *start.parents):
        own = folder / OWN_FILE
        project = folder / PROJECT_FILE
        if own.is_file():
            found = _config(own, _load(own))
            return replace(found, passed_over=project) if _is_configured(project) else found
        if project.is_file():
            table = _tool(_load(project)).get("imbweights")
            if table is not None:
                return _config(project, table)
    return None


def _is_configured(project: Path) -> bool:
    """Whether a ``pyproject.toml`` that is not read has a configuration; a broken one has none."""
    try:
        return "imbweights" in _tool(_load(project))
    except ConfigError:
        return False


def _tool(project: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tools of a ``pyproject.toml``; one whose ``tool`` is no table has none."""
    tool = project.get("tool")
    return tool if isinstance(tool, dict) else {}


def _load(path: Path) -> dict[str, Any]:
    try:
        return toml_value(small_text(path))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from error


def _config(path: Path, table: Any) -> Config:
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: tool.imbweights must be a table")
    shared = _values(path, table, (_SETS, _CHECK))
    source = _spec(path, shared)
    own = [_configured(path, {}, shared, {}, None)] if not source.is_empty else []
    others = table.get(_SETS, [])
    if not isinstance(others, list) or not all(isinstance(each, dict) for each in others):
        raise ConfigError(f"{path}: datasets must be tables: [[tool.imbweights.datasets]]")
    without_source = {key: value for key, value in shared.items() if key not in _OF_ONE_SET}
    sets = [
        *own,
        *(_configured_table(path, each, without_source, n) for n, each in enumerate(others, 1)),
    ]
    names = [each.name for each in sets]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"{path}: two data sets are called {name!r}", hint="give each a name")
    return Config(path=path, source=source, sets=tuple(sets), check=_check(path, table))


def _configured_table(
    path: Path, table: dict[str, Any], shared: Mapping[str, Any], number: int
) -> ConfiguredSet:
    own = _values(path, table, (_NAME, _CHECK))
    name = table.get(_NAME)
    if name is not None and (not isinstance(name, str) or not name):
        raise ConfigError(f"{path}: name of data set {number} must be text")
    if not own.get("source") and not own.get("query"):
        which = f"data set {number}" if name is None else f"data set {name!r}"
        raise ConfigError(f"{path}: {which} has no source", hint='source = "labels.csv"')
    return _configured(path, own, shared, _check(path, table), name)


def _configured(
    path: Path,
    own: Mapping[str, Any],
    shared: Mapping[str, Any],
    check: Mapping[str, Any],
    name: str | None,
) -> ConfiguredSet:
    source = _spec(path, {**shared, **own})
    return ConfiguredSet(
        name=name or _as_written(source, {**shared, **own}),
        source=source,
        own=own,
        shared=shared,
        check=check,
    )


def _as_written(source: SourceSpec, values: Mapping[str, Any]) -> str:
    """What a data set without a name is called: its source, paths as the file has them."""
    return source.queried(" ".join(map(shown_url, values.get("source", ()))))


def _check(path: Path, table: Mapping[str, Any]) -> Mapping[str, Any]:
    check = table.get(_CHECK, {})
    if not isinstance(check, dict):
        raise ConfigError(f"{path}: check must be a table")
    return check


def _values(path: Path, table: Mapping[str, Any], others: tuple[str, ...]) -> dict[str, Any]:
    """The keys that speak of sources, checked; ``others`` are read elsewhere."""
    values: dict[str, Any] = {}
    for written, key, value in keys_of(table, str(path)):
        if key in others:
            continue
        if key not in SOURCE_KEYS:
            known = (*SOURCE_KEYS, *others)
            close = get_close_matches(key, known, n=1)
            raise ConfigError(
                f"{path}: unknown key {written!r}",
                hint=f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}",
            )
        values[key] = _checked(path, SOURCE_KEYS[key], value)
    return values


def keys_of(table: Mapping[str, Any], where: str) -> Iterator[tuple[str, str, Any]]:
    """(key as written, its name, value): underscores are as good as dashes.

    Raises ``ConfigError`` for a key in both spellings: one would hold in silence.

    >>> list(keys_of({"min_count": 5}, "x"))
    [('min_count', 'min-count', 5)]
    """
    for written, value in table.items():
        key = written.replace("_", "-")
        if key != written and key in table:
            raise ConfigError(
                f"{where}: {key} and {written} are the same key", hint="leave one of them out"
            )
        yield written, key, value


def _checked(path: Path, key: Key, value: Any) -> Any:
    match key.kind:
        case KeyKind.FLAG:
            if not isinstance(value, bool):
                raise ConfigError(f"{path}: {key.name} must be true or false")
            return value
        case KeyKind.LIST:
            values = [value] if isinstance(value, str | int) else value
            if not isinstance(values, list) or not all(isinstance(v, str | int) for v in values):
                raise ConfigError(f"{path}: {key.name} must be text or a list of texts")
            return tuple(str(v) for v in values)
        case _:
            number = key.kind is KeyKind.TEXT_OR_NUMBER and type(value) is int
            if not isinstance(value, str) and not number:
                raise ConfigError(f"{path}: {key.name} must be text")
            if key.choices and value not in key.choices:
                known = ", ".join(key.choices)
                raise ConfigError(
                    f"{path}: {key.name} {value!r} is not known",
                    hint=f"{did_you_mean(str(value), key.choices)}known: {known}",
                )
            return str(value)


def _spec(path: Path, values: Mapping[str, Any]) -> SourceSpec:
    try:
        order = ClassOrder(values.get("class-order", ClassOrder.SORTED))
        bad_rows = BadRows(values.get("on-bad-rows", BadRows.ERROR))
        bad_files = BadFiles(values.get("on-bad-files", BadFiles.ERROR))
        count = Counted(values["count"]) if "count" in values else None
        cache_by = CacheBy(values["cache-by"]) if "cache-by" in values else None
        divisor = int(values["pixel-divisor"]) if "pixel-divisor" in values else None
        pixels = parsed_pixels(str(values.get("max-pixels", MAX_PIXELS)), "max-pixels")
        size = parsed_size(str(values.get("max-bytes", MAX_BYTES)), "max-bytes")
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from error
    declared = _classes(path, values.get("classes"))
    separator = values.get("separator")
    palette = values.get("palette")
    options = LabelOptions(
        label=values.get("label"),
        split=values.get("split"),
        count_column=values.get("count-column"),
        classes=None if declared is None else declared.names,
        class_ids=None if declared is None else declared.ids,
        class_order=order,
        ignore_labels=values.get("ignore-label", ()),
        missing_values=values.get("missing-value", ()),
        delimiter=values.get("delimiter"),
        encoding=values.get("encoding"),
        header=values.get("header"),
        quotes=values.get("quotes"),
        one_hot=values.get("one-hot", False),
        on_bad_rows=bad_rows,
        kind=values.get("as"),
        separator="" if separator == "none" else separator,
        count=count,
        palette=None if palette is None else _palette(path, palette),
        pixel_divisor=divisor,
        on_bad_files=bad_files,
        max_pixels=pixels,
        max_bytes=size,
    )
    # Paths are meant from where the file lies, not from where the command runs.
    paths = tuple(_from_file(path, p) for p in values.get("source", ()))
    database, query = values.get("database"), values.get("query")
    _check_database(path, database, query, paths)
    # A database that all data sets share is no source; the query of each is.
    database = None if query is None else database
    return SourceSpec(
        paths=paths,
        options=options,
        sql=values.get("sql"),
        database=database,
        query=query,
        cache_by=cache_by,
    )


def _check_database(
    path: Path, database: str | None, query: str | None, paths: tuple[str, ...]
) -> None:
    """A URL stands in the environment: a file that others wrote decides neither whom to call nor
    holds a password.
    """
    if database is not None and not from_variable(database):
        raise ConfigError(
            f"{path}: database must be env:NAME, an environment variable with the URL",
            hint="a configuration is committed and shared; a URL may hold a password",
        )
    if query is not None and database is None:
        raise ConfigError(f"{path}: query asks a database", hint='database = "env:DATABASE_URL"')
    if query is not None and paths:
        raise ConfigError(f"{path}: source and query are two sources", hint="sql asks files")


def _classes(path: Path, given: tuple[str, ...] | None) -> ClassList | None:
    """A list of names or ``id=name`` pairs; one text alone is a file or a range."""
    if given is None:
        return None
    if not given:
        raise ConfigError(f"{path}: classes is empty", hint="leave it out, or name the classes")
    if len(given) > 1:
        return from_texts(given)
    beside = path.parent / given[0]
    return class_list(str(beside) if is_file(beside) else given[0])


def _palette(path: Path, given: str) -> str:
    beside = path.parent / given
    return str(beside) if is_file(beside) else given


def _from_file(config: Path, typed: str) -> str:
    if is_remote(typed.partition("=")[2]) or is_remote(typed):
        return typed
    split, sign, name = typed.rpartition("=") if "=" in typed else ("", "", typed)
    if name == "-" or Path(name).is_absolute():
        return typed
    folder = config.parent
    joined = name if folder == Path.cwd() else str(folder / name)
    return f"{split}{sign}{joined}"
