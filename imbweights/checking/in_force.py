"""What the configuration says in a folder, key by key, and where each value came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from imbweights.checking.settings import Settings, settings_from
from imbweights.core.config import Config, ConfiguredSet, find_config
from imbweights.core.config_keys import SOURCE_KEYS
from imbweights.core.urls import shown_url

SCHEMA = "imbweights.config/1"


class Origin(StrEnum):
    """Where a value came from."""

    OWN = "data set"
    SHARED = "file"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Value:
    """A key, its value, and where that came from."""

    key: str
    value: Any
    origin: Origin

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {"key": self.key, "value": self.value, "from": self.origin.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetInForce:
    """A data set: how it is read, and how strictly it is checked."""

    name: str
    reading: tuple[Value, ...]
    check: tuple[Value, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "name": self.name,
            "reading": [value.to_dict() for value in self.reading],
            "check": [value.to_dict() for value in self.check],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The configuration in force: its file (``None``: there is none) and every data set.

    ``passed_over``: a configuration in the same folder that is not read.
    """

    path: Path | None
    sets: tuple[SetInForce, ...]
    passed_over: Path | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, schema ``imbweights.config/1``."""
        return {
            "schema": SCHEMA,
            "file": None if self.path is None else str(self.path),
            "passed_over": None if self.passed_over is None else str(self.passed_over),
            "datasets": [each.to_dict() for each in self.sets],
        }


def in_force(folder: Path) -> InForce:
    """What is in force in a folder. Raises ``ConfigError`` as ``check`` would."""
    config = find_config(folder)
    if config is None:
        return InForce(path=None, sets=(_without_config(),))
    return InForce(path=config.path, sets=tuple(_sets(config)), passed_over=config.passed_over)


def _without_config() -> SetInForce:
    return SetInForce(name="", reading=(), check=tuple(_check(Settings(), {}, {})))


def _sets(config: Config) -> Iterator[SetInForce]:
    where, folder = config.path.name, config.path.parent
    base = settings_from(config.check, where, folder)
    for each in config.sets:
        settings = settings_from(each.check, where, folder, base)
        yield SetInForce(
            name=each.name,
            reading=tuple(_reading(each)),
            check=tuple(_check(settings, each.check, config.check)),
        )
    if not config.sets:
        yield SetInForce(name="", reading=(), check=tuple(_check(base, {}, config.check)))


def _reading(each: ConfiguredSet) -> Iterator[Value]:
    for key in SOURCE_KEYS:
        if key in each.own:
            yield Value(key, _plain(each.own[key]), Origin.OWN)
        elif key in each.shared:
            yield Value(key, _plain(each.shared[key]), Origin.SHARED)


def _check(
    settings: Settings, own: Mapping[str, Any], shared: Mapping[str, Any]
) -> Iterator[Value]:
    said = {key.replace("_", "-") for key in own}
    said_above = {key.replace("_", "-") for key in shared}
    for key, value in settings.to_dict().items():
        origin = (
            Origin.OWN if key in said else Origin.SHARED if key in said_above else Origin.DEFAULT
        )
        yield Value(key, value, origin)


def _plain(value: Any) -> Any:
    """As JSON has it; what addresses hold of credentials is left out."""
    if isinstance(value, tuple):
        return [shown_url(each) if isinstance(each, str) else each for each in value]
    return value
