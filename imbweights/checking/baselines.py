"""The file that holds the baselines of one or several data sets."""

from __future__ import annotations

import json
import os
import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path

from imbweights.core.baseline import Baseline
from imbweights.core.counts import ClassCounts
from imbweights.core.errors import ConfigError, ImbweightsError
from imbweights.core.locking import locked
from imbweights.core.options import SourceSpec
from imbweights.core.profile import Profile
from imbweights.core.small_files import small_text
from imbweights.core.training import training_counts
from imbweights.core.urls import is_remote, shown_url
from imbweights.core.writing import write_atomically
from imbweights.sources.opening import split_of

SCHEMA = "imbweights.baseline/1"
_AGAIN = "write it anew: imbweights check --write-baseline"


def read_baselines(path: Path) -> dict[str, Baseline]:
    """Data set → baseline. Raises ``ConfigError`` for a file that is none of ours."""
    try:
        data = json.loads(small_text(path))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: cannot be read as a baseline ({error})", hint=_AGAIN) from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise ConfigError(f"{path}: is no baseline ({SCHEMA} expected)", hint=_AGAIN)
    sets = data.get("datasets")
    if not isinstance(sets, dict):
        raise ConfigError(f"{path}: holds no data sets", hint=_AGAIN)
    found = {str(name): Baseline.from_dict(each, str(path)) for name, each in sets.items()}
    for each in found.values():
        _check_scheme(each, path)
    return found


def _check_scheme(baseline: Baseline, path: Path) -> None:
    from imbweights.schemes import find_scheme

    try:
        if baseline.scheme is not None:
            find_scheme(baseline.scheme)
    except ImbweightsError as error:
        raise ConfigError(f"{path}: {error.message}", hint=_AGAIN) from error


def baseline_for(name: str, stored: Mapping[str, Baseline], path: Path, alone: bool) -> Baseline:
    """The baseline of a data set; where both sides have one only, names do not matter."""
    key = stored_key(name, stored)
    if key is not None:
        return stored[key]
    if alone and len(stored) == 1:
        return next(iter(stored.values()))
    known = ", ".join(stored) or "none"
    raise ConfigError(f"{path}: holds no data set {name!r} (it holds {known})", hint=_AGAIN)


def stored_key(name: str, stored: Iterable[str]) -> str | None:
    """Under which name a file holds a data set: ``./a.csv`` and ``a.csv`` are one.

    >>> stored_key("data/a.csv", ["./data/a.csv"])
    './data/a.csv'
    """
    every = list(stored)
    if name in every:
        return name
    plain = posixpath.normpath(name)
    return next((key for key in every if posixpath.normpath(key) == plain), None)


def key_of(spec: SourceSpec, path: Path) -> str:
    """The name of a data set that has none but its source: as seen from the folder of the baseline,
    so that it is the same however and wherever the source was typed.
    """
    paths = " ".join(_seen_from(path.absolute().parent, typed) for typed in spec.paths)
    return spec.queried(paths)


def _seen_from(folder: Path, typed: str) -> str:
    split, path = split_of(typed)
    if path == "-" or is_remote(path):
        return shown_url(typed)
    given = Path(os.path.normpath(path)).absolute()
    place = given.parent.resolve() / given.name
    try:
        near = Path(os.path.relpath(place, folder.resolve())).as_posix()
    except ValueError:  # another drive on Windows
        near = place.as_posix()
    return f"{split}={near}" if split else near


def update_baselines(path: Path, baselines: Mapping[str, Baseline], version: str) -> None:
    """Store baselines in a file that may hold others: those stay, also when several runs write.

    The file is read and replaced while a lock is held.
    """
    try:
        with locked(path):
            stored = read_baselines(path) if path.is_file() else {}
            for name, each in baselines.items():
                old = stored_key(name, stored)
                stored = {**stored, old or name: each}
            write_baselines(path, stored, version)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror or error})") from error


def write_baselines(path: Path, baselines: Mapping[str, Baseline], version: str) -> None:
    """Store baselines as small, readable JSON: a class a line."""
    data = {
        "schema": SCHEMA,
        "version": version,
        "datasets": {name: each.to_dict() for name, each in baselines.items()},
    }
    try:
        write_atomically(path, json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from error


def baseline_of(profile: Profile, scheme: str | None) -> Baseline:
    """What is stored of a data set now."""
    weights = scheme_weights(training_counts(profile, None)[0], scheme)
    return Baseline.of(profile.total, profile.splits, scheme if weights else None, weights)


def scheme_weights(counts: ClassCounts, scheme: str | None) -> dict[str, float]:
    """Class → weight under a scheme, on the classes that have samples; empty without a scheme."""
    if scheme is None:
        return {}
    from imbweights.schemes import find_scheme
    from imbweights.schemes.weighing import Wishes, weigh

    try:
        weights = weigh(find_scheme(scheme), counts.only_present(), Wishes())
    except ImbweightsError as error:
        raise ConfigError(f"scheme {scheme}: {error.message}", hint=error.hint) from error
    return dict(zip(weights.classes, weights.values.tolist(), strict=True))


def moved_weights(counts: ClassCounts, baseline: Baseline) -> dict[str, tuple[float, float]]:
    """Class → weight under the baseline's scheme then and now, of the classes that have both."""
    now: dict[str, float] = {}
    try:
        now = scheme_weights(counts, baseline.scheme)
    except ConfigError:
        return {}  # the scheme no longer fits these counts; other rules say what changed
    return {name: (old, now[name]) for name, old in baseline.weights.items() if name in now}
