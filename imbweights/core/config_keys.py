"""The keys of the configuration that say where labels are and how they are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from imbweights.core.choices import BadFiles, BadRows, CacheBy, ClassOrder, Counted


class KeyKind(StrEnum):
    """What a key takes."""

    TEXT = "text"
    TEXT_OR_NUMBER = "text or number"
    LIST = "list"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its name (that of the option), what it takes, what it says, its choices if it has some."""

    name: str
    kind: KeyKind
    summary: str
    choices: tuple[str, ...] = ()


def _names(choices: Iterable[StrEnum]) -> tuple[str, ...]:
    return tuple(choice.value for choice in choices)


SOURCE_KEYS: dict[str, Key] = {
    key.name: key
    for key in (
        Key(
            "source",
            KeyKind.LIST,
            "Label files, masks, annotation files, folders of them, globs; train=a.csv names a split. Relative to the configuration file.",
        ),
        Key(
            "label",
            KeyKind.TEXT_OR_NUMBER,
            "Label column (name or 1-based number) or array; a list or glob for several 0/1 columns.",
        ),
        Key("split", KeyKind.TEXT_OR_NUMBER, "Column that names each row's split."),
        Key(
            "count-column",
            KeyKind.TEXT_OR_NUMBER,
            "The table holds counts per class: the column with the counts.",
        ),
        Key(
            "classes",
            KeyKind.LIST,
            "The classes in fixed order: a list, id=name pairs, a range, or a file.",
        ),
        Key("class-order", KeyKind.TEXT, "Index of each class.", _names(ClassOrder)),
        Key("ignore-label", KeyKind.LIST, "Labels that are left out."),
        Key("missing-value", KeyKind.LIST, "Other spellings of a missing label, such as ?."),
        Key("one-hot", KeyKind.FLAG, "The 0/1 columns exclude each other: one class per row."),
        Key(
            "separator",
            KeyKind.TEXT,
            "What stands between several labels in one cell; none: one label.",
        ),
        Key("count", KeyKind.TEXT, "What to count in annotation sets.", _names(Counted)),
        Key("as", KeyKind.TEXT, "The kind of source, where it is not recognised."),
        Key(
            "palette",
            KeyKind.TEXT,
            "Colours of the classes: a file (name r g b), or voc, camvid, cityscapes.",
        ),
        Key("pixel-divisor", KeyKind.TEXT_OR_NUMBER, "Pixels hold class × N + instance."),
        Key(
            "on-bad-files",
            KeyKind.TEXT,
            "Files that cannot be read: stop, or skip and count them.",
            _names(BadFiles),
        ),
        Key("delimiter", KeyKind.TEXT, "comma, tab, semicolon, pipe, or the sign itself."),
        Key("encoding", KeyKind.TEXT, "utf-8, latin-1, utf-16, …"),
        Key("header", KeyKind.FLAG, "Whether the first row names the columns."),
        Key("quotes", KeyKind.FLAG, 'Whether " encloses fields or is just text.'),
        Key(
            "on-bad-rows",
            KeyKind.TEXT,
            "Rows that cannot be parsed: stop, or skip and count them.",
            _names(BadRows),
        ),
        Key(
            "sql",
            KeyKind.TEXT,
            "What a query selects from the files is counted: data is all of them.",
        ),
        Key(
            "database",
            KeyKind.TEXT,
            "env:NAME, the environment variable with the URL of the database that query asks.",
        ),
        Key("query", KeyKind.TEXT, "One select, which the database groups and counts."),
        Key(
            "cache-by",
            KeyKind.TEXT,
            "How a file that was counted before is known again.",
            _names(CacheBy),
        ),
        Key("max-pixels", KeyKind.TEXT_OR_NUMBER, "Pixels of one image or volume at most."),
        Key(
            "max-bytes",
            KeyKind.TEXT_OR_NUMBER,
            "What is held in memory, or as a copy on disk, at once at most: 4GiB.",
        ),
    )
}
