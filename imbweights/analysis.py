"""``analyze``: from a source to counts and measures."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imbweights.core.choices import BadFiles, BadRows, CacheBy, ClassOrder, Counted, choice
from imbweights.core.class_list import ClassList, class_list
from imbweights.core.counts import ClassCounts
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.core.profile import Profile, Recognised
from imbweights.core.urls import is_remote
from imbweights.measures import measured
from imbweights.measures.base import Value
from imbweights.profiling import profile_from, profile_of
from imbweights.running.cache import caching
from imbweights.running.cache_folder import FOLDER
from imbweights.sources.python_objects import has_categories, read_object
from imbweights.sources.saved import SCHEMA

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Analysis:
    """What a data set's labels say: counts of the whole and of each split, and the measures.

    Immutable. ``profile`` holds the counts and where they came from. ``keys``: class name → the
    label itself, for labels from memory that are numbers or booleans.
    """

    profile: Profile
    keys: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def counts(self) -> ClassCounts:
        """The counts of the whole data set."""
        return self.profile.total

    @cached_property
    def measures(self) -> Mapping[str, Value]:
        """Every measure that means something for this task, by name (``MEASURES`` explains)."""
        return measured(self.counts)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, schema ``imbweights.analysis/1``; saved, it is itself a source."""
        return {
            "schema": SCHEMA,
            "source": self.profile.source.to_dict(),
            **self.counts.to_dict(),
            "measures": dict(self.measures),
            "splits": {
                name: {**counts.to_dict(), "measures": measured(counts)}
                for name, counts in self.profile.splits.items()
            },
        }

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        from imbweights.render.html_form import analysis_html

        return analysis_html(self)

    def to_frame(self) -> pd.DataFrame:
        """A pandas frame, one row per class: ``class``, ``count``, ``share`` and, when there are
        splits, ``count_SPLIT`` for each. The frame's index is the class index.
        """
        import pandas as pd

        columns: dict[str, Any] = {
            "class": self.counts.classes,
            "count": self.counts.counts,
            "share": self.counts.shares,
        }
        columns |= {f"count_{name}": c.counts for name, c in self.profile.splits.items()}
        return pd.DataFrame(columns).rename_axis("index")


def analyze(
    y_or_path: Any,
    *,
    label: str | None = None,
    split: str | None = None,
    count_column: str | None = None,
    classes: Sequence[str | int] | Mapping[int, str] | None = None,
    class_order: str = "sorted",
    ignore_label: str | Iterable[str] = (),
    missing_value: str | Iterable[str] = (),
    delimiter: str | None = None,
    encoding: str | None = None,
    header: bool | None = None,
    quotes: bool | None = None,
    on_bad_rows: str = "error",
    kind: str | None = None,
    one_hot: bool = False,
    separator: str | None = None,
    count: str | None = None,
    palette: str | os.PathLike[str] | None = None,
    pixel_divisor: int | None = None,
    on_bad_files: str = "error",
    jobs: int | None = None,
    engine: str | None = None,
    address: str | None = None,
    cache: bool | str | os.PathLike[str] = False,
    cache_by: str | None = None,
) -> Analysis:
    """Count the labels of a data set and measure how imbalanced it is.

    ``y_or_path``: a path (text or ``Path``; a list of ``Path`` is one data set; a mapping of
    split name to ``Path`` names splits); or the labels themselves, (N,) as list, array, Series
    or tensor, (N, K) of 0 and 1 for multi-label data; or a mapping class → count. Text is always
    a path. The other arguments are the options of the same name of ``imbweights analyze``
    (``kind`` is ``--as``; ``jobs``, ``engine`` and ``address`` say who counts files). ``classes`` may also map numbers in the data to names; a text is what
    ``--classes`` takes. ``cache``: whether the counts of files are kept between runs, in
    ``.imbweights_cache`` of the working directory or in the folder that is named; nothing is written
    unless this is asked for.

    Returns an immutable ``Analysis``. Raises ``ImbweightsError`` (a ``ValueError``) with a
    message for the user when there is nothing to count or more than one way to count it.

    >>> analyze(["ok"] * 98 + ["fault"] * 2).counts.as_dict()
    {'fault': 2, 'ok': 98}
    >>> analyze({"A": 198, "B": 436, "C": 710, "D": 272}).measures["imbalance_ratio"]
    3.585858585858586
    """
    options = label_options(
        label=label,
        split=split,
        count_column=count_column,
        classes=classes,
        class_order=class_order,
        ignore_label=ignore_label,
        missing_value=missing_value,
        delimiter=delimiter,
        encoding=encoding,
        header=header,
        quotes=quotes,
        on_bad_rows=on_bad_rows,
        kind=kind,
        one_hot=one_hot,
        separator=separator,
        count=count,
        palette=palette,
        pixel_divisor=pixel_divisor,
        on_bad_files=on_bad_files,
    )
    paths = source_paths(y_or_path)
    if paths is not None:
        by = None if cache_by is None else choice(CacheBy, cache_by)
        spec = SourceSpec(
            paths=paths, options=options, jobs=jobs, engine=engine, address=address, cache_by=by
        )
        with caching(cache_place(cache)):
            return Analysis(profile_of(spec))
    return analysis_of_object(y_or_path, options)


def analysis_of_object(y: Any, options: LabelOptions) -> Analysis:
    """The analysis of labels in memory. Raises as ``analyze`` does."""
    reading = read_object(y, options)
    kind = "categories" if has_categories(y) else "python"
    profile = profile_from([("", reading)], Recognised(name="y", kind=kind), options)
    return Analysis(profile, keys=reading.keys)


def cache_place(cache: bool | str | os.PathLike[str]) -> Path | None:
    """The cache folder that a Python caller named; ``None``: none."""
    if isinstance(cache, bool):
        return Path.cwd() / FOLDER if cache else None
    return Path(cache)


def label_options(
    *,
    label: str | None = None,
    split: str | None = None,
    count_column: str | None = None,
    classes: Sequence[str | int] | Mapping[int, str] | None = None,
    class_order: str = "sorted",
    ignore_label: str | Iterable[str] = (),
    missing_value: str | Iterable[str] = (),
    delimiter: str | None = None,
    encoding: str | None = None,
    header: bool | None = None,
    quotes: bool | None = None,
    on_bad_rows: str = "error",
    kind: str | None = None,
    one_hot: bool = False,
    separator: str | None = None,
    count: str | None = None,
    palette: str | os.PathLike[str] | None = None,
    pixel_divisor: int | None = None,
    on_bad_files: str = "error",
) -> LabelOptions:
    """What a Python caller said about labels; the arguments are those of ``analyze``."""
    declared = _class_list(classes)
    return LabelOptions(
        label=label,
        split=split,
        count_column=count_column,
        classes=None if declared is None else declared.names,
        class_ids=None if declared is None else declared.ids,
        class_order=choice(ClassOrder, class_order),
        ignore_labels=_texts(ignore_label),
        missing_values=_texts(missing_value),
        delimiter=delimiter,
        encoding=encoding,
        header=header,
        quotes=quotes,
        on_bad_rows=choice(BadRows, on_bad_rows),
        kind=kind,
        one_hot=one_hot,
        separator="" if separator == "none" else separator,
        count=None if count is None else choice(Counted, count),
        palette=None if palette is None else os.fspath(palette),
        pixel_divisor=pixel_divisor,
        on_bad_files=choice(BadFiles, on_bad_files),
    )


def _class_list(classes: Sequence[str | int] | Mapping[int, str] | None) -> ClassList | None:
    if classes is None:
        return None
    if isinstance(classes, str):
        return class_list(classes)
    if isinstance(classes, Mapping):
        ids = tuple(sorted(classes))
        return ClassList(tuple(str(classes[i]) for i in ids), ids)
    return ClassList(tuple(map(str, classes)))


def source_paths(value: Any) -> tuple[str, ...] | None:
    """The paths that a Python caller gave, or ``None`` when the value holds labels."""
    if isinstance(value, str | os.PathLike):
        return (os.fspath(value),)
    if isinstance(value, Mapping) and value and all(map(_is_place, value.values())):
        return tuple(f"{name}={os.fspath(path)}" for name, path in value.items())
    if isinstance(value, list | tuple) and value and all(map(_is_place, value)):
        return tuple(os.fspath(v) for v in value)
    return None


def _is_place(value: Any) -> bool:
    """A path, or an address, which no label looks like."""
    return isinstance(value, os.PathLike) or (isinstance(value, str) and is_remote(value))


def _texts(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str | int) else tuple(map(str, value))
