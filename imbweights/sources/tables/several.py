"""Several labels in one cell: text with a separator, a JSON list, or an object of 0 and 1."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from imbweights.core.errors import AmbiguousSourceError, SourceError
from imbweights.core.labels import label_text

_CERTAIN = "|;"
_POSSIBLE = ","
# So few cells with the sign may as well be labels that happen to hold it.
_FEW = 2
_SHARE = 0.05
_SPACED = re.compile(r"""['"]\s+['"]""")
_PLURALS = frozenset(("tags", "labels", "genres", "keywords", "categories", "classes", "topics"))
_REUSED = 0.25


def split_cell(text: str | None, separator: str) -> list[str]:
    """The labels of one cell.

    >>> split_cell("red| green|", "|"), split_cell(None, "|")
    (['red', 'green'], [])
    """
    parts = (text or "").split(separator)
    return [part.strip() for part in parts if part.strip()]


def are_lists(texts: Iterable[str]) -> bool:
    """Whether every cell is a list in brackets, as pandas and JSON write it, and some list holds
    something: else the brackets are just part of the labels.
    """
    known = [text.strip() for text in texts if text and text.strip()]
    bracketed = all(text[0] == "[" and text[-1] == "]" for text in known)
    return bracketed and any(map(_holds_labels, known))


def _holds_labels(cell: str) -> bool:
    try:
        return bool(listed_labels(cell, ""))
    except SourceError:
        return False


def listed_labels(cell: str | None, where: str) -> list[str]:
    """The labels of a list in brackets. Raises ``SourceError`` for what is none.

    >>> listed_labels("['a', 'b']", "x"), listed_labels("[1, 2]", "x"), listed_labels("[]", "x")
    (['a', 'b'], ['1', '2'], [])
    """
    if cell is None or not cell.strip():
        return []
    if _SPACED.search(cell):  # as NumPy writes arrays of text, without commas
        return [a or b for a, b in re.findall(r"'([^']*)'|\"([^\"]*)\"", cell)]
    try:
        value = ast.literal_eval(cell.strip())  # only literals; nothing is run
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        value = None
    if not isinstance(value, list) or any(isinstance(item, list | dict | tuple) for item in value):
        raise SourceError(f"{where} holds {cell[:40]!r}, which is no list of labels")
    return [label for item in value if (label := label_text(item)) is not None]


def evident_separator(texts: Iterable[str], name: str, column: str) -> str | None:
    """The sign between labels, when the cells leave no doubt; ``None`` when no cell needs one.

    Evident: cut at the sign, labels recur in other combinations (see ``_recur``); for a comma,
    which labels may well hold, there are also only half as many labels as different cells, or all
    are whole numbers. Raises ``AmbiguousSourceError`` when many cells hold ``|`` or ``;`` and that
    is not so.
    """
    known = [text.strip() for text in texts if text and text.strip()]
    for sign in _CERTAIN + _POSSIBLE:
        joined = [text for text in known if sign in text.strip(sign)]
        if len(joined) < max(_FEW, _SHARE * len(known)):
            continue
        cells = [split_cell(text, sign) for text in known]
        labels = {label for cell in cells for label in cell}
        if sign == _POSSIBLE:
            if all(label.isdecimal() for label in labels) or len(labels) <= len(known) / 2:
                return sign
            continue
        if _recur(cells, labels):
            return sign
        raise AmbiguousSourceError(
            f"{name}: cells of {column} such as {joined[0][:40]!r} may hold one label or several",
            hint=f"--separator '{sign}': several labels, cut at {sign}\n"
            "--separator none: each text is one label",
        )
    return None


def unsaid_separator(texts: Iterable[str], column: str) -> str | None:
    """A comma or blank that may stand between labels, though that is not evident: to be said."""
    known = [text.strip() for text in texts if text and text.strip()]
    for sign in (",", " ") if column.strip().lower() in _PLURALS else (",",):
        joined = [text for text in known if sign in text]
        cells = [split_cell(text, sign) for text in known]
        if (
            len(joined) >= len(known) / 4
            and joined
            and _recur(cells, {c for row in cells for c in row})
        ):
            return sign
    return None


def _recur(cells: Sequence[Sequence[str]], labels: Collection[str]) -> bool:
    """Whether the parts of cells are labels of their own, not the parts of one composed label.

    They are when cells differ in length, or some label stands in different places; and when there
    are fewer labels than cells, or a good part of the labels is in several cells.
    """
    places: dict[str, set[int]] = {}
    occurs: dict[str, int] = {}
    for cell in cells:
        for place, label in enumerate(cell):
            places.setdefault(label, set()).add(place)
            occurs[label] = occurs.get(label, 0) + 1
    composed = len({len(cell) for cell in cells}) == 1 and all(len(p) == 1 for p in places.values())
    if composed:
        return False
    reused = sum(n > 1 for n in occurs.values())
    return len(labels) < len(cells) or reused >= len(labels) * _REUSED


def nested_labels(cell: str | None, where: str) -> tuple[list[str], list[str]]:
    """The labels of a JSON list, or of an object label → 0 or 1; and all labels it knows.

    Raises ``SourceError`` for any other JSON.

    >>> nested_labels('["a", "b"]', "x"), nested_labels('{"a": 1.0, "b": 0.0}', "x")
    ((['a', 'b'], []), (['a'], ['a', 'b']))
    """
    try:
        value: Any = None if cell is None else json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise SourceError(
            f"{where} holds {(cell or '')[:40]!r} …, which is nested too deep or holds a number too long"
        ) from error
    if value is None:
        return [], []
    if isinstance(value, Mapping):
        return _flags(value, where)
    if isinstance(value, Sequence) and not isinstance(value, str):
        if any(isinstance(item, float) and not item.is_integer() for item in value):
            raise SourceError(
                f"{where} holds lists of fractions (an embedding?), not lists of labels"
            )
        labels = [label_text(item) for item in value if not isinstance(item, list | dict)]
        if len(labels) < len(value):
            raise SourceError(f"{where} holds lists of lists or objects, not lists of labels")
        return [label for label in labels if label is not None], []
    text = label_text(value)
    return ([] if text is None else [text]), []


def _flags(value: Mapping[str, Any], where: str) -> tuple[list[str], list[str]]:
    for name, flag in value.items():
        if flag not in {0, 1, None} if not isinstance(flag, list | dict) else True:
            raise SourceError(
                f"{where} holds objects that are not label → 0 or 1: {name!r} is {str(flag)[:40]}",
                hint="name one key with --label, or flatten the records",
            )
    return [name for name, flag in value.items() if flag == 1], list(value)
