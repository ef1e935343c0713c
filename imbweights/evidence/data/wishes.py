"""What the user said about features: one meaning for files and for data in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from imbweights.core.errors import UsageError
from imbweights.core.meaning import did_you_mean
from imbweights.sources.tables.names import SPLIT_NAMES, normalised

MAX_ROWS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DataOptions:
    """How rows and features are found.

    ``features`` and ``drop``: names or globs of columns; ``text``: columns of running text;
    ``group``: the column whose equal values stay together; ``embeddings``: a ``.npy`` file with
    one row per row of the labels; ``images``: the folder with the images of masks; ``max_rows``:
    more are sampled; ``use_split``: the split to take, ``None`` for training; ``positive``: the
    class that counts of two, ``None`` for the rarer; ``seed``: of the sample.
    """

    features: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    group: str | None = None
    embeddings: str | None = None
    images: str | None = None
    max_rows: int = MAX_ROWS
    use_split: str | None = None
    positive: str | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChoice:
    """Places of the columns. ``named``: those that the user named, not only matched by default.

    ``left_out``: name → why, first what the column is.
    """

    plain: tuple[int, ...]
    text: tuple[int, ...]
    group: int | None
    named: frozenset[int]
    left_out: dict[str, str]


def chosen_columns(
    names: Sequence[str], labels: Sequence[int], apart: Sequence[int], options: DataOptions
) -> ColumnChoice:
    """Which columns are features. ``labels`` and ``apart`` (such as a split) never are.

    Raises ``UsageError`` for names and globs that match no column.
    """
    group = None if options.group is None else _one(names, options.group, "--group")
    text = tuple(i for wanted in options.text for i in _matching(names, wanted, "--text"))
    named = frozenset(
        i for wanted in options.features for i in _matching(names, wanted, "--features")
    )
    dropped = {i for wanted in options.drop for i in _matching(names, wanted, "--drop")}
    left_out = {names[i]: "the label" for i in (*named, *text) if i in labels}
    splits = [
        i
        for i, name in enumerate(names)
        if normalised(name) in SPLIT_NAMES and i not in {*labels, *apart, *named, *text, *dropped}
    ]
    if not options.features:
        left_out |= {
            names[i]: "a split: it says what rows are for, not what they are" for i in splits
        }
    never = {*labels, *apart, *dropped, *splits} | ({group} if group is not None else set())
    wanted_places = named if options.features else range(len(names))
    plain = [i for i in sorted(wanted_places) if i not in never and i not in text]
    return ColumnChoice(
        plain=tuple(plain),
        text=tuple(dict.fromkeys(i for i in text if i not in never)),
        group=group,
        named=named,
        left_out=left_out,
    )


def _matching(names: Sequence[str], wanted: str, option: str) -> list[int]:
    if wanted not in names and any(sign in wanted for sign in "*?["):
        found = [i for i, name in enumerate(names) if fnmatchcase(name, wanted)]
        if not found:
            raise UsageError(f"{option} {wanted}: no column matches", hint=_listed(names))
        return found
    return [_one(names, wanted, option)]


def _one(names: Sequence[str], wanted: str, option: str) -> int:
    """One column by its name (blanks and case forgiven) or 1-based number."""
    exact = [i for i, name in enumerate(names) if name == wanted]
    alike = [i for i, name in enumerate(names) if normalised(name) == normalised(wanted)]
    for found in (exact, alike):
        if len(found) > 1:
            raise UsageError(
                f"{option} {wanted}: {len(found)} columns have this name", hint="use the number"
            )
        if found:
            return found[0]
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    raise UsageError(
        f"{option} {wanted}: there is no such column",
        hint=did_you_mean(wanted, names).strip() or _listed(names),
    )


def _listed(names: Sequence[str]) -> str:
    return "columns: " + ", ".join(map(repr, names[:12])) + (" …" if len(names) > 12 else "")
