"""``check`` as Python users call it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from imbweights.analysis import (
    Analysis,
    analysis_of_object,
    analyze,
    cache_place,
    label_options,
)
from imbweights.checking import CheckResult, DataSet, check_set, counted_set
from imbweights.checking.baselines import baseline_for, read_baselines
from imbweights.checking.given_data import given_paths, labels_of_splits, profile_of_splits
from imbweights.checking.settings import Settings, refuse_nothing, settings_from
from imbweights.core.choices import CacheBy, choice
from imbweights.core.errors import ConfigError, UsageError
from imbweights.core.existing import is_file
from imbweights.core.options import SourceSpec
from imbweights.core.profile import Profile
from imbweights.rules import THRESHOLDS
from imbweights.running.cache import caching
from imbweights.suggestions import refuse_unknown

_LIMITS = tuple(name.replace("-", "_") for name in THRESHOLDS)
_PLACE = "check()"


def check(
    y_or_path: Any,
    *,
    select: str | Iterable[str] = (),
    ignore: str | Iterable[str] = (),
    levels: Mapping[str, str] | None = None,
    fail_on: str = "error",
    baseline: str | os.PathLike[str] | None = None,
    drift_metric: str = "linf",
    weights: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
    images: str | os.PathLike[str] | None = None,
    name: str | None = None,
    **options: Any,
) -> CheckResult:
    """Run every rule over a data set: what ``imbweights check`` does, without a configuration.

    ``y_or_path``: the data, as for ``analyze``, or an ``Analysis`` (rules that look at single files
    then have none to look at). Splits: a mapping of split name to path or to labels,
    ``{"train": "train.csv", "val": "val.csv"}``, or a list such as ``["train=train.csv",
    "val=val.csv"]``; a list of files that exist is one data set. ``options``: the thresholds by their names (``min_count``,
    ``min_share``, ``max_ratio``, ``max_missing``, ``max_drift``, …; the others keep their defaults,
    which ``imbweights rule --all`` lists) and the label options of ``analyze``. ``select``,
    ``ignore``: codes or beginnings of codes; ``levels``: code → ``error``, ``warning``, ``note`` or
    ``off``. ``fail_on``: ``error`` or ``warning``, the level from which on ``failed`` is true.
    ``baseline``: the file of ``--write-baseline`` to compare with; ``name``: which data set of it,
    where it holds several, and what the data set is called. ``drift_metric``: ``linf``, ``js``,
    ``psi`` or ``cramers-v``. ``weights``: files of weights in use, to audit. ``images``: the folder of
    the images that the masks belong to.

    Returns an immutable ``CheckResult``. Raises ``ImbweightsError`` (a ``ValueError``) for what
    cannot be read, and for options that mean nothing.

    >>> found = check(["ok"] * 98 + ["fault"] * 2, min_count=5)
    >>> found.codes, found.failed
    (('IMB003',), True)
    >>> found.findings[0].message
    'class "fault" has 2 samples, at least 5 wanted'
    >>> check({"train": ["a"] * 50 + ["b"] * 50, "val": ["b"] * 20}, select="IMB020").codes
    ('IMB020',)
    """
    limits = {key: options.pop(key) for key in _LIMITS if key in options}
    refuse_unknown(options, analyze, check, _LIMITS)
    table = {
        "select": _texts(select),
        "ignore": _texts(ignore),
        "levels": dict(levels or {}),
        "fail-on": fail_on,
        "drift-metric": drift_metric,
        "weights": _texts(weights),
        **({} if baseline is None else {"baseline": os.fspath(baseline)}),
        **({} if images is None else {"images": os.fspath(images)}),
        **{key: value for key, value in limits.items() if value is not None},
    }
    settings = settings_from(table, _PLACE, Path.cwd())
    refuse_nothing([settings])
    data, profile = _counted(y_or_path, settings, name, options)
    stored = None
    if settings.baseline is not None:
        if not is_file(settings.baseline):
            raise ConfigError(f"{settings.baseline}: there is no such baseline")
        every = read_baselines(settings.baseline)
        stored = baseline_for(
            data.name_in(settings.baseline), every, settings.baseline, alone=name is None
        )
    checked = check_set(data, profile, stored)
    named = replace(checked, source=checked.source or profile.source.name)
    return CheckResult(sets=(named,), fail_on=settings.fail_on)


def _counted(
    y_or_path: Any, settings: Settings, name: str | None, options: dict[str, Any]
) -> tuple[DataSet, Profile]:
    if isinstance(y_or_path, Analysis):
        if options:
            raise UsageError(
                f"{next(iter(options))} says how labels are read, and these are counted already",
                hint="give it to analyze",
            )
        source = y_or_path.profile.source.name
        data = DataSet(name=name or source, spec=SourceSpec(), settings=settings)
        return data, y_or_path.profile
    spread = {key: options.pop(key, None) for key in ("jobs", "engine", "address")}
    cache, by = cache_place(options.pop("cache", False)), options.pop("cache_by", None)
    spec = SourceSpec(
        paths=given_paths(y_or_path) or (),
        options=label_options(**options),
        cache_by=None if by is None else choice(CacheBy, by),
        **spread,
    )
    data = DataSet(
        name=name or spec.describe() or "y", spec=spec, settings=settings, unnamed=name is None
    )
    if spec.paths:
        with caching(cache):
            return data, counted_set(data)
    kept = replace(spec.options, keep_undeclared=True)
    splits = labels_of_splits(y_or_path)
    if splits is not None:
        return data, profile_of_splits(splits, kept)
    return data, analysis_of_object(y_or_path, kept).profile


def _texts(value: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[str]:
    single = isinstance(value, str | os.PathLike)
    every: Any = [value] if single else value
    return [os.fspath(each) for each in every]
