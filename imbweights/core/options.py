"""What the user said about the labels: one meaning for every command."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from imbweights.core.choices import BadFiles, BadRows, CacheBy, ClassOrder, Counted
from imbweights.core.database_url import kept_form
from imbweights.core.limits import MAX_BYTES, MAX_PIXELS, Limits
from imbweights.core.urls import shown_url


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelOptions:
    """How labels are found in a source and which of them count.

    ``label``: column (name, 1-based number, comma list or glob of 0/1 columns) or array key.
    ``split``: column that names the split of each row. ``count_column``: column that holds a
    count per row instead of one sample. ``classes``: the fixed class order. ``missing_values``:
    other spellings of an empty label. ``ignore_labels``: labels left out (and reported).
    ``delimiter``, ``encoding``, ``header``, ``quotes``, ``on_bad_rows``: how text tables are
    parsed, ``None`` to find out (``quotes=False``: quotes are part of the text). ``kind``: the
    reader, ``None`` to recognise it. ``one_hot``: several 0/1 columns exclude each other, so that
    each row has one class. ``separator``: what stands between the labels of one cell (empty: the
    cell is one label; ``None``: found when evident). ``class_ids``: the number that stands for
    each of ``classes`` in the data, ``classes_typed`` how both were typed. ``count``: objects, images or pixels, ``None`` for what the
    source counts by itself. ``palette``: a file or name of the colours of the classes.
    ``pixel_divisor``: masks hold class × divisor + instance. ``on_bad_files``: files of a set that
    cannot be read. ``max_pixels``, ``max_bytes``: see ``Limits``. ``keep_rows``: the label of each row is wanted, not only counts; ``keep_files``: what
    each file holds; ``keep_undeclared``: labels that are not declared are kept as classes, after the
    others, instead of refused; ``keep_paths``: the files that a column of a table lists. These four are a matter of the command, so they are not remembered.
    """

    label: str | None = None
    split: str | None = None
    count_column: str | None = None
    classes: tuple[str, ...] | None = None
    class_order: ClassOrder = ClassOrder.SORTED
    ignore_labels: tuple[str, ...] = ()
    missing_values: tuple[str, ...] = ()
    delimiter: str | None = None
    encoding: str | None = None
    header: bool | None = None
    quotes: bool | None = None
    on_bad_rows: BadRows = BadRows.ERROR
    kind: str | None = None
    one_hot: bool = False
    separator: str | None = None
    class_ids: tuple[int, ...] | None = None
    classes_typed: str | None = None
    count: Counted | None = None
    palette: str | None = None
    pixel_divisor: int | None = None
    on_bad_files: BadFiles = BadFiles.ERROR
    max_pixels: int = MAX_PIXELS
    max_bytes: int = MAX_BYTES
    keep_rows: bool = False
    keep_files: bool = False
    keep_paths: bool = False
    keep_undeclared: bool = False

    @property
    def limits(self) -> Limits:
        """How much may be held at once."""
        return Limits(self.max_pixels, self.max_bytes)

    def to_dict(self) -> dict[str, Any]:
        """The options that differ from the defaults, as JSON-ready values."""
        default = asdict(LabelOptions())
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
            if value != default[key] and not key.startswith("keep_")
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LabelOptions:
        """Read back what ``to_dict`` wrote."""
        values: dict[str, Any] = {}
        for key, value in data.items():
            values[key] = tuple(value) if isinstance(value, list) else value
        options = cls(**values)
        return replace(
            options,
            class_order=ClassOrder(options.class_order),
            on_bad_rows=BadRows(options.on_bad_rows),
            on_bad_files=BadFiles(options.on_bad_files),
            count=None if options.count is None else Counted(options.count),
        )


def _in_quotes(text: str) -> str:
    """A word for the shell; queries hold single quotes, which are read best within double ones.

    >>> print(_in_quotes("y = 'a'"), _in_quotes('"y" = 1'))
    "y = 'a'" '"y" = 1'
    """
    plain = "'" in text and not set(text) & set('"$`\\!')
    return f'"{text}"' if plain else shlex.quote(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpec:
    """Where the labels are: paths as typed (``-`` is standard input, ``train=a.csv`` names a
    split), or counts or a ratio that the user already has; with the options that go with them.
    ``jobs``: processes to count with, ``None`` for one per core. ``sql``: a query over the files,
    whose result is counted instead of them. ``database``: the URL of a database as typed (it may
    hold a password, so it is in no ``repr``), ``query``: what is counted there. ``engine``, ``address``:
    what counts files instead of processes here, and where a Dask scheduler is. ``cache_by``: by what
    a file that was counted before is known again.
    """

    paths: tuple[str, ...] = ()
    counts: str | None = None
    ratio: str | None = None
    options: LabelOptions = field(default_factory=LabelOptions)
    jobs: int | None = None
    sql: str | None = None
    database: str | None = field(default=None, repr=False)
    query: str | None = None
    cache_by: CacheBy | None = None
    engine: str | None = None
    address: str | None = None

    def spread_as(self, other: SourceSpec) -> SourceSpec:
        """This source, counted by the processes or the cluster that the other names."""
        return replace(self, jobs=other.jobs, engine=other.engine, address=other.address)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was named at all."""
        named = (self.counts, self.ratio, self.database, self.query)
        return not self.paths and all(each is None for each in named)

    def describe(self) -> str:
        """The source in the words of the command line.

        >>> SourceSpec(paths=("train=a.csv", "val=b.csv")).describe()
        'train=a.csv val=b.csv'
        """
        if self.counts is not None:
            return f"--counts {self.counts}"
        if self.ratio is not None:
            return f"--ratio {self.ratio}"
        return self.queried(" ".join(map(shown_url, self.paths)))

    def queried(self, paths: str) -> str:
        """The files or the database with the query, no password in it.

        >>> SourceSpec(database="mysql://ann:s3cret@host/shop", query="select y from t").describe()
        "--database 'mysql://ann:***@host/shop' --query 'select y from t'"
        """
        named = (
            ("sql", self.sql),
            ("database", None if self.database is None else kept_form(self.database)),
            ("query", self.query),
        )
        words = [f"--{name} {_in_quotes(text)}" for name, text in named if text is not None]
        return " ".join([paths, *words] if paths else words)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; what an address holds of credentials is left out."""
        return {
            "paths": list(map(shown_url, self.paths)),
            "counts": self.counts,
            "ratio": self.ratio,
            "sql": self.sql,
            "database": None if self.database is None else kept_form(self.database),
            "query": self.query,
            "options": self.options.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SourceSpec:
        """Read back what ``to_dict`` wrote."""
        return cls(
            paths=tuple(data["paths"]),
            counts=data["counts"],
            ratio=data["ratio"],
            sql=data.get("sql"),
            database=data.get("database"),
            query=data.get("query"),
            options=LabelOptions.from_dict(data["options"]),
        )
