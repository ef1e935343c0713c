"""From columns as text or numbers to features: what each column is, and which are no use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import UsageError
from imbweights.evidence.data.matrix import Matrix
from imbweights.evidence.data.written import written

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
ObjectArray = npt.NDArray[np.object_]

HASHED = 1 << 16
_MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "?", "-", "<na>", "nat", "#n/a"))
_NO_CATEGORY = "(missing)"
# Beyond this, squares overflow.
_LARGEST = 1e100
_NUMERIC_SHARE = 0.95
_FEW_NUMBERS = 20
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ]\d{1,2}:\d{2}.*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}([T ]\d{1,2}:\d{2}.*)?"
)
_ID_NAME = re.compile(
    r"(^|.*[_\s.-])(id|ids|idx|index|uuid|guid|key|rowid|unnamed: ?\d+)$", re.IGNORECASE
)
_EMPTY, _CONSTANT = "empty: no cell has a value", "constant: all rows have the same value"
_LONG_TEXT = 40
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the data. ``values``: (N,) text or ``None``, or floats.

    ``named``: the user asked for it; ``is_text``: as running text.
    """

    name: str
    values: ObjectArray | FloatArray
    named: bool = False
    is_text: bool = False


@dataclass(kw_only=True)
class _Found:
    """Columns sorted by what they are."""

    numbers: list[tuple[str, FloatArray]] = field(default_factory=list)
    categories: list[tuple[str, ObjectArray]] = field(default_factory=list)
    texts: list[ObjectArray] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    not_finite: int = 0
    written: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The features of a table, what was left out and why, and what is to be said."""

    matrix: Matrix
    discrete: tuple[tuple[str, ObjectArray | FloatArray], ...]
    left_out: Mapping[str, str]
    notes: tuple[str, ...]
    approximated: tuple[str, ...] = ()


def described(
    columns: Sequence[Column],
    missing: Sequence[str] = (),
    left_out: Mapping[str, str] | None = None,
) -> Described:
    """Features from columns. Raises ``UsageError`` when no column is one.

    ``missing``: spellings of a missing cell; ``left_out``: what was left out before. Numbers are those
    of which nearly all cells are, also with a decimal comma, thousands separators, % or a currency
    where a column is written so throughout; NaN and inf count as missing. Text is a
    category, unless every row has its own (an id) or it is running text. Dates are used only when
    named: as days since 1970. Columns with one value only are left out.
    """
    found = _Found(left_out=dict(left_out or {}))
    empty = _MISSING | {text.strip().lower() for text in missing}
    for column in columns:
        _sort(column, found, empty)
    if not (found.numbers or found.categories or found.texts):
        reasons = "; ".join(f"{n!r} is {why}" for n, why in list(found.left_out.items())[:_SHOWN])
        raise UsageError(
            "there are no features to learn from" + (f" ({reasons})" if reasons else ""),
            hint="a sweep needs columns besides the label; --features names them, --text COLUMN "
            "takes running text, --embeddings X.npy brings them from elsewhere",
        )
    if found.not_finite:
        found.notes.append(f"{found.not_finite:,} cells are NaN or infinite and count as missing")
    if found.written:
        how = ", ".join(f"{name!r} ({way})" for name, way in list(found.written.items())[:_SHOWN])
        more = len(found.written) - _SHOWN
        rest = f" and {more:,} more" if more > 0 else ""
        found.notes.insert(0, f"read as numbers: {how}{rest}")
    matrix = Matrix(
        columns=len(found.numbers) + len(found.categories) + len(found.texts),
        numbers=np.stack([v for _, v in found.numbers], axis=1) if found.numbers else None,
        categories=np.stack([v for _, v in found.categories], axis=1) if found.categories else None,
        counts=_hashed(found.texts) if found.texts else None,
    )
    hashed = (f"words are hashed to {HASHED:,} columns",) if found.texts else ()
    return Described(
        matrix=matrix,
        discrete=(*found.numbers, *found.categories),
        left_out=found.left_out,
        notes=tuple(found.notes),
        approximated=hashed,
    )


def _sort(column: Column, found: _Found, empty: frozenset[str] | set[str]) -> None:
    if column.is_text:
        found.texts.append(np.array([v or "" for v in column.values.tolist()], dtype=object))
        return
    if column.values.dtype.kind == "f":
        _add_numbers(column, np.asarray(column.values, dtype=np.float64), found, from_text=False)
        return
    known = np.array([v is not None and v.strip().lower() not in empty for v in column.values])
    if not known.any():
        found.left_out[column.name] = _EMPTY
        return
    numbers = _as_numbers(column, known, found)
    if numbers is not None:
        unread = int((known & np.isnan(numbers)).sum()) - _nan_cells(column.values[known])
        if unread > 0:
            found.notes.append(
                f"column {column.name!r}: {unread:,} cells are no numbers and count as missing"
            )
        _add_numbers(column, numbers, found, from_text=True)
    else:
        _add_text(column, known, found)


def _nan_cells(values: Any) -> int:
    return sum(v.strip().lower() in {"nan", "-nan", "+nan"} for v in values.tolist())


def _as_numbers(column: Column, known: BoolArray, found: _Found) -> FloatArray | None:
    """The column as numbers, if nearly all of its cells are."""
    import pandas as pd

    cells = pd.Series(column.values[known]).str.strip()
    parsed = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    read = (
        np.isfinite(parsed) | cells.str.lower().str.fullmatch(r"[+-]?(inf|infinity|nan)").to_numpy()
    )
    share = float(read.mean())
    # A million cells of text are not looked at one by one to find that they are none.
    signs = cells.head(_FEW_NUMBERS).str.contains(r"\d", regex=True)
    other = written(cells.tolist()) if share < 1 and signs.any() else None
    if other is not None and np.isfinite(other.values).mean() > share:
        parsed, share = other.values, float(np.isfinite(other.values).mean())
        found.written[column.name] = other.how
    distinct = len(np.unique(parsed[np.isfinite(parsed)]))
    if share < 1 and (share < _NUMERIC_SHARE or distinct < _FEW_NUMBERS):
        found.written.pop(column.name, None)
        return None
    numbers = np.full(len(column.values), np.nan)
    numbers[known] = parsed
    return numbers


def _add_numbers(column: Column, values: FloatArray, found: _Found, *, from_text: bool) -> None:
    odd = np.isinf(values) | (np.abs(values) > _LARGEST)
    found.not_finite += int(odd.sum()) if from_text else int((odd | np.isnan(values)).sum())
    values = np.where(odd, np.nan, values)
    kept = values[~np.isnan(values)]
    if not len(kept):
        found.left_out[column.name] = _EMPTY
    elif kept.min() == kept.max():
        found.left_out[column.name] = _CONSTANT
    elif not column.named and _is_number_id(column.name, kept):
        found.left_out[column.name] = "an id: it numbers the rows"
    else:
        found.numbers.append((column.name, values))


def _is_number_id(name: str, values: FloatArray) -> bool:
    """Whole numbers, each once, that run on without gaps or are called an id."""
    if len(values) < _FEW_NUMBERS or not (values == np.floor(values)).all():
        return False
    if len(np.unique(values)) < len(values):
        return False
    without_gaps = values.max() - values.min() + 1 == len(values)
    return bool(without_gaps) or _ID_NAME.fullmatch(name) is not None or not name.strip()


def _add_text(column: Column, known: BoolArray, found: _Found) -> None:
    cells = [
        v.strip() if k else None
        for v, k in zip(column.values.tolist(), known.tolist(), strict=True)
    ]
    some = [c for c in cells if c is not None]
    distinct = len(set(some))
    if distinct == 1 and len(some) == len(cells):
        found.left_out[column.name] = _CONSTANT
    elif sum(_DATE.fullmatch(c[:_LONG_TEXT]) is not None for c in some) >= _NUMERIC_SHARE * len(
        some
    ):
        _add_dates(column, cells, found)
    elif not column.named and (why := _no_category(some, distinct)) is not None:
        found.left_out[column.name] = why
    else:
        values = np.array([_NO_CATEGORY if c is None else c for c in cells], dtype=object)
        found.categories.append((column.name, values))


def _add_dates(column: Column, cells: Sequence[str | None], found: _Found) -> None:
    if not column.named:
        found.left_out[column.name] = (
            "a date: it tells when a row was made; --features names it if it is to be used"
        )
        return
    import pandas as pd

    texts: Any = np.array(cells, dtype=object)
    days = pd.to_datetime(pd.Series(texts), errors="coerce", format="mixed", utc=True)
    since = (days - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
    found.notes.append(f"column {column.name!r}: dates are used as days since 1970")
    _add_numbers(column, np.asarray(since, dtype=np.float64), found, from_text=True)


def _no_category(cells: Sequence[str], distinct: int) -> str | None:
    """Why a text column is no category, if it is none."""
    if len(cells) < _FEW_NUMBERS or distinct <= len(cells) / 2:
        return None
    words = sum(len(c[:2000].split()) for c in cells) / len(cells)
    longest = max(len(c) for c in cells)
    if words >= 3 or longest > 1000:
        return "running text: --text uses it"
    return "an id: nearly every row has a value of its own"


def _hashed(texts: Sequence[ObjectArray]) -> Any:
    """Counts of words, by hash, so that no vocabulary is learned from held-out rows."""
    from scipy import sparse
    from sklearn.feature_extraction.text import HashingVectorizer

    count = HashingVectorizer(n_features=HASHED, alternate_sign=False, norm=None)
    return sparse.hstack([sparse.csr_array(count.transform(t)) for t in texts], format="csr")
