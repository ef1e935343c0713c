"""The configuration in force on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from imbweights.checking.in_force import InForce, Origin, SetInForce, Value
from imbweights.core.escaping import visible
from imbweights.render.terminal.layout import Col, page, table, wrapped
from imbweights.render.view import View


def config_text(found: InForce, view: View) -> str:
    """The file, then key by key what holds and where it was said."""
    return page(_parts(found, view), view)


def _parts(found: InForce, view: View) -> Iterator[RenderableType]:
    if found.path is None:
        text = (
            "No configuration: neither imbweights.toml nor [tool.imbweights] in a pyproject.toml."
        )
        yield wrapped(text, view, style="bold")
        yield wrapped("imbweights init writes one. These defaults hold:", view)
    else:
        yield wrapped(f"In force: {found.path}", view, style="bold")
    if found.passed_over is not None:
        yield wrapped(f"Not read: [tool.imbweights] of {found.passed_over}", view)
    for each in found.sets:
        yield Text("")
        if each.name:
            yield wrapped(f"Data set {visible(each.name)}", view)
        yield _table(each)


def _table(each: SetInForce) -> RenderableType:
    shown = [value for value in each.check if value.origin is not Origin.DEFAULT or _is_set(value)]
    rows = [
        [value.key, visible(_written(value.value)), _from(value.origin, prefix)]
        for values, prefix in ((each.reading, ""), (shown, "check"))
        for value in values
    ]
    return table([Col("key", "left"), Col("value", "left", 40), Col("from", "left")], rows)


def _from(origin: Origin, prefix: str) -> str:
    if origin is Origin.DEFAULT:
        return "default"
    return f"{origin.value}, {prefix}" if prefix else origin.value


def _is_set(value: Value) -> bool:
    return value.value not in (None, [], {})


def _written(value: Any) -> str:
    """As it would stand in TOML, roughly: JSON's texts, lists and numbers are."""
    if isinstance(value, float):
        return f"{value:g}"
    return json.dumps(value, ensure_ascii=False)
