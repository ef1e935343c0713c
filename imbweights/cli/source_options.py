"""The options that name a source and say how its labels are found: the same in every command."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from imbweights.cli import completing
from imbweights.core.choices import BadFiles, BadRows, CacheBy, ClassOrder, Counted
from imbweights.core.class_list import class_list
from imbweights.core.limits import MAX_BYTES, MAX_PIXELS, parsed_pixels, parsed_size
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.core.sql_files import files_in
from imbweights.sources import SOURCES

_LABELS = "Labels"
_MASKS = "Masks and annotation sets"
_SQL = "A query (docs/sql.md)"
_SPREAD = "Who does the work"
_TEXT = "How a text table is written (found out unless given)"
_LIMITS = "Limits for files from strangers"


def source_spec(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE",
            help="Label files, masks, annotation files, a folder of them, a glob, an address (s3://, https:// …), "
            "or - for standard input. Several are one data set; train=a.csv val=b.csv names splits.",
        ),
    ] = None,
    counts: Annotated[
        str | None,
        typer.Option(metavar="A=198,B=436", help="Counts you already have, instead of a source."),
    ] = None,
    ratio: Annotated[
        str | None,
        typer.Option(metavar="60:1", help="A ratio you already know, instead of a source."),
    ] = None,
    label: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Label column (name or 1-based number) or array; a,b,c, first:last or a glob for several 0/1 columns.",
            rich_help_panel=_LABELS,
            autocompletion=completing.several_columns,
        ),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Column that names each row's split.",
            rich_help_panel=_LABELS,
            autocompletion=completing.columns,
        ),
    ] = None,
    count_column: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="The table holds counts per class: the column with the counts.",
            rich_help_panel=_LABELS,
            autocompletion=completing.columns,
        ),
    ] = None,
    classes: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|A,B,C",
            help="The classes in fixed order, also those without samples: a list, 0=a,255=b, 0-18, or a file "
            "(one a line, id,name, or a look-up table).",
            rich_help_panel=_LABELS,
        ),
    ] = None,
    class_order: Annotated[
        ClassOrder | None,
        typer.Option(
            help="Index of each class: as frameworks sort, as first met, or most frequent first. (default: sorted)",
            rich_help_panel=_LABELS,
        ),
    ] = None,
    ignore_label: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LABEL", help="Leave a class out (repeatable).", rich_help_panel=_LABELS
        ),
    ] = None,
    missing_value: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT",
            help="Another spelling of a missing label, such as ? (repeatable).",
            rich_help_panel=_LABELS,
        ),
    ] = None,
    one_hot: Annotated[
        bool,
        typer.Option(
            "--one-hot",
            help="The 0/1 columns exclude each other: one class per row.",
            rich_help_panel=_LABELS,
        ),
    ] = False,
    separator: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="What stands between several labels in one cell (found when evident); none: one label.",
            rich_help_panel=_LABELS,
        ),
    ] = None,
    count: Annotated[
        Counted | None,
        typer.Option(
            help="What to count in annotation sets. (default: objects, or pixels where there are some)",
            rich_help_panel=_LABELS,
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="KIND",
            help=f"Read as {', '.join(SOURCES)}.",
            rich_help_panel=_LABELS,
            autocompletion=completing.sources,
        ),
    ] = None,
    palette: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|NAME",
            help="Colours of the classes: a file (name r g b), or voc, camvid, cityscapes.",
            rich_help_panel=_MASKS,
            autocompletion=completing.palettes,
        ),
    ] = None,
    pixel_divisor: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Pixels hold class × N + instance (often 1000 or 256).",
            rich_help_panel=_MASKS,
        ),
    ] = None,
    on_bad_files: Annotated[
        BadFiles | None,
        typer.Option(
            help="Files that cannot be read: stop, or skip, list and count them. (default: error)",
            rich_help_panel=_MASKS,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Processes to work with, and threads for a table. (default: one per core where that pays)",
            rich_help_panel=_SPREAD,
        ),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="What counts many files, and fits, instead of processes here: dask, another joblib backend by "
            "name, or MODULE:FUNCTION that registers one.",
            rich_help_panel=_SPREAD,
        ),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(
            metavar="tcp://HOST:PORT",
            help="The scheduler of the cluster for --engine dask.",
            rich_help_panel=_SPREAD,
        ),
    ] = None,
    cache_by: Annotated[
        CacheBy | None,
        typer.Option(
            help="How a file that was counted before is known again: its path, size and times, or its content. "
            "(default: status)",
            rich_help_panel=_MASKS,
        ),
    ] = None,
    delimiter: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="comma, tab, semicolon, pipe, or the sign itself.",
            rich_help_panel=_TEXT,
        ),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="utf-8, latin-1, utf-16, …", rich_help_panel=_TEXT),
    ] = None,
    header: Annotated[
        bool | None,
        typer.Option(
            "--header/--no-header",
            help="Whether the first row names the columns.",
            rich_help_panel=_TEXT,
        ),
    ] = None,
    quotes: Annotated[
        bool | None,
        typer.Option(
            "--quotes/--no-quotes",
            help='Whether " encloses fields or is just text.',
            rich_help_panel=_TEXT,
        ),
    ] = None,
    on_bad_rows: Annotated[
        BadRows | None,
        typer.Option(
            help="Rows that cannot be parsed: stop, or skip and count them. (default: error)",
            rich_help_panel=_TEXT,
        ),
    ] = None,
    sql: Annotated[
        str | None,
        typer.Option(
            metavar="SELECT",
            help="Count what this query selects from the files: data is all of them, train those of train=…, "
            "a is a.csv.",
            rich_help_panel=_SQL,
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Count in a database instead of files: postgresql://…, sqlite:///…, or env:NAME for a URL "
            "with a password.",
            rich_help_panel=_SQL,
        ),
    ] = None,
    query: Annotated[
        str | None,
        typer.Option(
            metavar="SELECT",
            help="What is counted there; the database groups it, so that only counts travel.",
            rich_help_panel=_SQL,
        ),
    ] = None,
    max_pixels: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="Refuse images and volumes with more pixels. (default: 268435456)",
            rich_help_panel=_LIMITS,
        ),
    ] = None,
    max_bytes: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="Refuse what takes more in memory, or as a copy on disk, at once. (default: 4GiB)",
            rich_help_panel=_LIMITS,
        ),
    ] = None,
) -> SourceSpec:
    """The source as it was named; what was not said stays at its default."""
    declared = None if classes is None else class_list(classes)
    return SourceSpec(
        paths=tuple(sources or ()) or files_in(sql),
        counts=counts,
        ratio=ratio,
        jobs=jobs,
        sql=sql,
        database=database,
        query=query,
        cache_by=cache_by,
        engine=engine,
        address=address,
        options=LabelOptions(
            label=label,
            split=split,
            count_column=count_column,
            classes=None if declared is None else declared.names,
            class_ids=None if declared is None else declared.ids,
            classes_typed=classes,
            class_order=class_order or ClassOrder.SORTED,
            ignore_labels=tuple(ignore_label or ()),
            missing_values=tuple(missing_value or ()),
            delimiter=delimiter,
            encoding=encoding,
            header=header,
            quotes=quotes,
            on_bad_rows=on_bad_rows or BadRows.ERROR,
            kind=kind,
            one_hot=one_hot,
            separator="" if separator == "none" else separator,
            count=count,
            palette=palette,
            pixel_divisor=pixel_divisor,
            on_bad_files=on_bad_files or BadFiles.ERROR,
            max_pixels=MAX_PIXELS if max_pixels is None else parsed_pixels(max_pixels),
            max_bytes=MAX_BYTES if max_bytes is None else parsed_size(max_bytes),
        ),
    )


_ON = Annotated[
    list[str] | None,
    typer.Option(
        "--on",
        metavar="SOURCE",
        help="The data: label files, masks, annotation files, a folder of them, a glob, or - for standard "
        "input (repeatable). train=a.csv names a split. (default: what was analysed last here)",
    ),
]


_UNLISTED = Annotated[str | None, typer.Option(hidden=True)]


def takes_source(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command all the options above; it receives them as one ``SourceSpec``, first."""
    return _taking(command, dict(inspect.signature(source_spec, eval_str=True).parameters))


def takes_rows(command: Callable[..., None]) -> Callable[..., None]:
    """The same for a command that needs the rows themselves: what only counts is refused, unlisted."""
    shared = dict(inspect.signature(source_spec, eval_str=True).parameters)
    for name in ("counts", "ratio", "count_column", "database", "query"):
        shared[name] = shared[name].replace(annotation=_UNLISTED)
    return _taking(command, shared)


def takes_source_on(command: Callable[..., None]) -> Callable[..., None]:
    """The same for a command whose own arguments come first: the source is named with ``--on``."""
    shared = dict(inspect.signature(source_spec, eval_str=True).parameters)
    shared["sources"] = shared["sources"].replace(annotation=_ON)
    return _taking(command, shared)


def _taking(
    command: Callable[..., None], shared: dict[str, inspect.Parameter]
) -> Callable[..., None]:
    own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]

    @wraps(command)
    def wrapper(**given: Any) -> None:
        spec = source_spec(**{name: given.pop(name) for name in shared})
        command(spec, **given)

    parameters = [*shared.values(), *own]
    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in parameters]
    # Typer reads a command's options off its signature.
    wrapper.__signature__ = inspect.Signature(keyword)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {p.name: p.annotation for p in keyword}
    return wrapper
