"""Which of a data set's splits weights are computed on: the one that is trained on."""

from __future__ import annotations

from functools import reduce
from operator import add

from imbweights.core.counts import ClassCounts
from imbweights.core.errors import UsageError
from imbweights.core.meaning import did_you_mean
from imbweights.core.profile import Profile
from imbweights.core.rows import TOGETHER, Rows


def training_counts(profile: Profile, wanted: str | None) -> tuple[ClassCounts, str | None]:
    """The counts that weights are computed on, and a sentence that says so if there is a choice.

    Weights belong to the training split. ``wanted`` names another split, or ``all``. Raises
    ``UsageError`` when there is no such split.
    """
    name, why = _training_split(profile, wanted)
    return (profile.total if name is None else profile.splits[name]), why


def training_rows(profile: Profile, wanted: str | None) -> Rows:
    """The label of each row that training draws from. Raises ``UsageError`` when they are unknown."""
    name, _ = _training_split(profile, wanted)
    if not profile.rows and profile.source.kind == "database":
        raise UsageError(
            "--database: a weight per sample needs the label of each row, and only counts come "
            "from a database",
            hint="write the rows to a file and name that, or let the code compute them from your "
            "targets: --scheme sampler --for torch",
        )
    if not profile.rows:
        raise UsageError(
            "a weight per sample needs the label of each row, which this source does not tell",
            hint="name the label file itself (CSV, Parquet, JSON, .npy, a folder per class …), or let "
            "the code compute them from your targets: --scheme sampler --for torch",
        )
    if name is not None:
        return profile.rows[name]
    if TOGETHER in profile.rows:
        return profile.rows[TOGETHER]
    return reduce(add, profile.rows.values())


def _training_split(profile: Profile, wanted: str | None) -> tuple[str | None, str | None]:
    """The name of the split, ``None`` for all of them, and the sentence that says so."""
    splits = profile.splits
    if wanted is not None and wanted != "all" and wanted not in splits:
        known = f"splits: {', '.join(splits)}, all" if splits else "this data has no splits"
        known = did_you_mean(wanted, splits) + known
        raise UsageError(f"--use-split {wanted}: there is no such split", hint=known)
    if not splits or wanted == "all":
        return None, "computed on all splits together" if splits else None
    name = wanted or next((n for n in splits if n.lower().startswith("train")), None)
    if name is None:
        return None, (
            f"computed on all splits together, since none of {', '.join(splits)} is called train; "
            "--use-split NAME takes one"
        )
    why = "" if wanted else ": weights belong to the training data"
    return name, f"computed on split {name!r} alone ({splits[name].samples:,} samples){why}"
