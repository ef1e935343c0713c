"""``[tool.imbweights]`` of ``pyproject.toml``, or ``imbweights.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from imbweights.core.choices import BadFiles, BadRows, ClassOrder, Counted
from imbweights.core.class_list import ClassList, class_list, from_texts
from imbweights.core.errors import ConfigError
from imbweights.core.options import LabelOptions, SourceSpec

OWN_FILE = "imbweights.toml"
PROJECT_FILE = "pyproject.toml"
_TEXT = (
    "label",
    "split",
    "count-column",
    "class-order",
    "delimiter",
    "encoding",
    "on-bad-rows",
    "as",
    "separator",
    "count",
    "palette",
    "pixel-divisor",
    "on-bad-files",
)
_NUMBERS = ("label", "split", "count-column", "pixel-divisor")
_LISTS = ("source", "classes", "ignore-label", "missing-value")
_FLAGS = ("header", "quotes", "one-hot")
KEYS = (*_LISTS, *_TEXT, *_FLAGS)


@dataclass(frozen=True, slots=True)
class Config:
    """What a configuration file says, and which file that was."""

    path: Path
    source: SourceSpec


def find_config(start: Path) -> Config | None:
    """The configuration in force in ``start``: the nearest one in it or a folder above.

    In one folder ``imbweights.toml`` comes before ``pyproject.toml``; a ``pyproject.toml``
    without ``[tool.imbweights]`` is passed over. Raises ``ConfigError`` for a file that cannot
    be read and for keys or values that mean nothing.
    """
    for folder in (start, *start.parents):
        own = folder / OWN_FILE
        if own.is_file():
            return _config(own, _load(own))
        project = folder / PROJECT_FILE
        if project.is_file():
            table = _load(project).get("tool", {}).get("imbweights")
            if table is not None:
                return _config(project, table)
    return None


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from error


def _config(path: Path, table: Any) -> Config:
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: tool.imbweights must be a table")
    values: dict[str, Any] = {}
    for written, value in table.items():
        key = written.replace("_", "-")
        if key not in KEYS:
            close = get_close_matches(key, KEYS, n=1)
            raise ConfigError(
                f"{path}: unknown key {written!r}",
                hint=f"did you mean {close[0]!r}?" if close else f"known: {', '.join(KEYS)}",
            )
        values[key] = _checked(path, key, value)
    return Config(path, _spec(path, values))


def _checked(path: Path, key: str, value: Any) -> Any:
    if key in _FLAGS:
        if not isinstance(value, bool):
            raise ConfigError(f"{path}: {key} must be true or false")
        return value
    if key in _TEXT:
        if isinstance(value, str) or (key in _NUMBERS and type(value) is int):
            return str(value)
        raise ConfigError(f"{path}: {key} must be text")
    values = [value] if isinstance(value, str | int) else value
    if not isinstance(values, list) or not all(isinstance(v, str | int) for v in values):
        raise ConfigError(f"{path}: {key} must be text or a list of texts")
    return tuple(str(v) for v in values)


def _spec(path: Path, values: dict[str, Any]) -> SourceSpec:
    try:
        order = ClassOrder(values.get("class-order", ClassOrder.SORTED))
        bad_rows = BadRows(values.get("on-bad-rows", BadRows.ERROR))
        bad_files = BadFiles(values.get("on-bad-files", BadFiles.ERROR))
        count = Counted(values["count"]) if "count" in values else None
        divisor = int(values["pixel-divisor"]) if "pixel-divisor" in values else None
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
    )
    # Paths are meant from where the file lies, not from where the command runs.
    paths = tuple(_from_file(path, p) for p in values.get("source", ()))
    return SourceSpec(paths=paths, options=options)


def _classes(path: Path, given: tuple[str, ...] | None) -> ClassList | None:
    """A list of names or ``id=name`` pairs; one text alone is a file or a range."""
    if given is None:
        return None
    if len(given) > 1:
        return from_texts(given)
    beside = path.parent / given[0]
    return class_list(str(beside) if beside.is_file() else given[0])


def _palette(path: Path, given: str) -> str:
    beside = path.parent / given
    return str(beside) if beside.is_file() else given


def _from_file(config: Path, typed: str) -> str:
    split, sign, name = typed.rpartition("=") if "=" in typed else ("", "", typed)
    if name == "-" or "://" in name or Path(name).is_absolute():
        return typed
    folder = config.parent
    joined = name if folder == Path.cwd() else str(folder / name)
    return f"{split}{sign}{joined}"
