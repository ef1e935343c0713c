"""The file that holds the baselines of one or several data sets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from imbweights.core.baseline import Baseline
from imbweights.core.counts import ClassCounts
from imbweights.core.errors import ConfigError, ImbweightsError
from imbweights.core.profile import Profile
from imbweights.core.writing import write_atomically
from imbweights.suggestions import training_counts

SCHEMA = "imbweights.baseline/1"
_AGAIN = "write it anew: imbweights check --write-baseline"


def read_baselines(path: Path) -> dict[str, Baseline]:
    """Data set → baseline. Raises ``ConfigError`` for a file that is none of ours."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: cannot be read as a baseline ({error})", hint=_AGAIN) from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise ConfigError(f"{path}: is no baseline ({SCHEMA} expected)", hint=_AGAIN)
    sets = data.get("datasets")
    if not isinstance(sets, dict):
        raise ConfigError(f"{path}: holds no data sets", hint=_AGAIN)
    return {str(name): Baseline.from_dict(each, str(path)) for name, each in sets.items()}


def baseline_for(name: str, stored: Mapping[str, Baseline], path: Path, alone: bool) -> Baseline:
    """The baseline of a data set; where both sides have one only, names do not matter."""
    if name in stored:
        return stored[name]
    if alone and len(stored) == 1:
        return next(iter(stored.values()))
    known = ", ".join(stored) or "none"
    raise ConfigError(f"{path}: holds no data set {name!r} (it holds {known})", hint=_AGAIN)


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
