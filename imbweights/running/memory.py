"""What was analysed last in this folder, so that ``suggest`` works without naming it again."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imbweights.core.counts import ClassCounts
from imbweights.core.options import SourceSpec
from imbweights.core.profile import Profile, Recognised
from imbweights.core.urls import is_remote
from imbweights.core.writing import write_atomically
from imbweights.running.cache_folder import FOLDER, marked
from imbweights.running.fingerprints import fingerprint

_SCHEMA = "imbweights.last/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """The last source of this folder, and its counts as they were then."""

    spec: SourceSpec
    profile: Profile

    def changed_files(self) -> tuple[str, ...]:
        """Files that are not as they were when they were counted (size or modification time).

        Of remote files nothing is asked.
        """
        return tuple(
            path
            for path, size, modified in self.profile.source.files
            if not is_remote(path) and _status(path) != (size, modified)
        )


def _status(path: str) -> tuple[int, int] | None:
    try:
        return fingerprint(Path(path))[1:]
    except OSError:
        return None


def remember(folder: Path, spec: SourceSpec, profile: Profile) -> None:
    """Store the source for later; a folder that cannot be written is left alone."""
    data = {
        "schema": _SCHEMA,
        "spec": spec.to_dict(),
        "source": profile.source.to_dict(),
        "total": profile.total.to_dict(),
        "splits": {name: counts.to_dict() for name, counts in profile.splits.items()},
    }
    with suppress(OSError):
        cache = marked(folder / FOLDER)
        write_atomically(cache / "last.json", json.dumps(data, ensure_ascii=True))


def recall(folder: Path) -> Remembered | None:
    """The last source analysed in ``folder``; ``None`` if there is none or it is unreadable."""
    try:
        data: dict[str, Any] = json.loads((folder / FOLDER / "last.json").read_text("utf-8"))
        if data["schema"] != _SCHEMA:
            return None
        profile = Profile(
            total=ClassCounts.from_dict(data["total"]),
            splits={s: ClassCounts.from_dict(c) for s, c in data["splits"].items()},
            source=Recognised.from_dict(data["source"]),
        )
        return Remembered(spec=SourceSpec.from_dict(data["spec"]), profile=profile)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
        return None  # ImbweightsError is a ValueError
    except RecursionError:
        return None
