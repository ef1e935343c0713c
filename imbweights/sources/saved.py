"""An analysis saved as JSON: counting once is enough."""

from __future__ import annotations

import json

from imbweights.core.counts import ClassCounts
from imbweights.core.errors import CountsError, SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Reading, Source
from imbweights.sources.whole import TooLargeError, whole_bytes

_MEMORY = 8
SCHEMA = "imbweights.analysis/1"


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """By the schema, which is the first thing in the file."""
    del options
    return is_saved(file.opening)


def is_saved(head: bytes) -> bool:
    """Whether a file that begins like this was written by imbweights.

    >>> is_saved(b'{"schema": "imbweights.analysis/1"}'), is_saved(b"label")
    (True, False)
    """
    return head[:4096].lstrip().startswith(b"{") and b'"imbweights.' in head[:4096]


def read(file: InputFile, options: LabelOptions) -> Reading:
    """The counts as they were saved; options that would need the rows are refused."""
    asked = [name for name in ("label", "split", "count_column") if getattr(options, name)]
    if asked:
        raise UsageError(
            f"{file.name}: holds counts, not rows; --{asked[0].replace('_', '-')} has nothing to choose from"
        )
    try:
        data = json.loads(whole_bytes(file.path, file.limits, _MEMORY))
    except (ValueError, RecursionError, TooLargeError) as error:
        raise SourceError(f"{file.name}: is a damaged analysis ({error})") from error
    if not isinstance(data, dict):
        raise SourceError(f"{file.name}: is no analysis that imbweights saved")
    if str(data.get("schema")).startswith("imbweights.weights/"):
        raise SourceError(f"{file.name}: holds weights, not labels or counts")
    if data.get("schema") != SCHEMA:
        raise SourceError(f"{file.name}: has schema {data.get('schema')!r}, expected {SCHEMA!r}")
    try:
        splits = data.get("splits") or {"": data}
        counts = {
            s: _filtered(ClassCounts.from_dict(_whole(c, data)), options) for s, c in splits.items()
        }
    except CountsError as error:
        raise SourceError(f"{file.name}: {error}") from error
    except (AttributeError, LookupError, TypeError) as error:
        raise SourceError(f"{file.name}: is a damaged analysis ({error!r})") from error
    return Reading(splits=counts, details=("saved analysis",))


def _whole(split: dict[str, object], data: dict[str, object]) -> dict[str, object]:
    return {"task": data["task"], "unit": data["unit"]} | split


def _filtered(counts: ClassCounts, options: LabelOptions) -> ClassCounts:
    """Leave out what the user now says to ignore or to take for missing."""
    names = set(counts.classes)
    drop = names & {*options.ignore_labels, *options.missing_values}
    if not drop:
        return counts
    if counts.label_sets is not None or counts.present.tolist() != counts.counts.tolist():
        raise UsageError(
            "--ignore-label and --missing-value need the labels themselves here, not saved counts"
        )
    found = counts.as_dict()
    ignored = sum(found[c] for c in drop if c in options.ignore_labels)
    missing = sum(found[c] for c in drop if c not in options.ignore_labels)
    return ClassCounts.multiclass(
        {c: n for c, n in found.items() if c not in drop},
        missing=counts.missing + missing,
        ignored=counts.ignored + ignored,
        order=[c for c in counts.classes if c not in drop],
        unit=counts.unit,
    )


SOURCE = Source(recognises=recognises, read=read, counts_only=True)
