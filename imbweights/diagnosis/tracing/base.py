"""What a mechanism looks at, and how it says where it was at work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.escaping import visible
from imbweights.core.findings import Code, Finding, Level, Where, finding
from imbweights.diagnosis.conventions import Reported
from imbweights.diagnosis.pairing import Kind, Pair
from imbweights.diagnosis.remedies import remedy_for
from imbweights.diagnosis.scale import Scale
from imbweights.diagnosis.scores import Baseline
from imbweights.diagnosis.seen import Seen, Trace
from imbweights.diagnosis.tally import Tally

_NAMED = 4
_LONGEST = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything that was found in the pass.

    ``weights``: as given, one per class or label (``None``: none); ``framework``: that whose losses are the user's, if named; ``target``: the name
    itself; ``losses``: the table.
    """

    pair: Pair
    scale: Scale
    half: bool
    tally: Tally
    weights: npt.NDArray[np.float64] | None
    weight_names: tuple[str, ...]
    names: tuple[str, ...]
    framework: str | None
    target: str | None
    losses: tuple[Reported, ...]
    baseline: Baseline

    @property
    def classes(self) -> bool:
        """Whether the classes exclude each other."""
        return self.pair.kind is Kind.CLASSES

    @property
    def logits(self) -> bool:
        """Whether the predictions are logits."""
        return self.scale is Scale.LOGITS

    def seen(self, trace: Trace) -> Seen:
        """Where that was seen."""
        return self.tally.seen(trace)

    @property
    def considered(self) -> tuple[Reported, ...]:
        """The losses that count for this user: of the framework, or of all.

        Written by hand counts where the predictions are what such a layer gets.
        """
        by_hand = not self.logits and self.framework in {None, "matlab"}
        own = {"torch", "keras", "matlab"} if self.framework is None else {self.framework}
        return tuple(
            r for r in self.losses if r.framework in own or (r.framework == "hand" and by_hand)
        )

    def level(self, *frameworks: str) -> Level:
        """An error if one of these is not finite and counts, else a note."""
        bad = [r for r in self.considered if not r.finite and r.framework in frameworks]
        return Level.ERROR if bad else Level.NOTE

    def where(self, seen: Seen) -> str:
        """In how many rows, which, and of which classes."""
        total = self.pair.rows
        what = "row" if len(self.pair.dims) < 2 else "pixel" if len(self.pair.dims) < 4 else "voxel"
        rows = f"{seen.rows:,} of {total:,} {what}{'s' * (total != 1)}"
        shown = ", ".join(self.spell(row) for row in seen.first)
        more = " …" if seen.rows > len(seen.first) else ""
        return f"{rows} ({shown}{more}){self.of_classes(seen)}"

    def spell(self, row: int) -> str:
        """A row by its number, a pixel by image and place."""
        place = self.pair.place(row)
        if len(place) == 1:
            return str(place[0])
        return f"{place[0]}:{','.join(map(str, place[1:]))}"

    def of_classes(self, seen: Seen) -> str:
        """The classes concerned, the commonest first."""
        order = np.argsort(-seen.by_class, kind="stable")
        found = [int(i) for i in order if seen.by_class[i]]
        if not found or (len(found) == self.tally.width and self.tally.width > _NAMED):
            return ""
        if self.tally.width == 1:
            return ""
        named = ", ".join(visible(self.names[i][:_LONGEST]) for i in found[:_NAMED])
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        return f", class{'es' * (len(found) > 1)} {named}{more}"

    def report(
        self,
        code: Code,
        message: str,
        seen: Seen | None = None,
        *,
        level: Level | None = None,
        remedy: str | None = None,
        **details: Any,
    ) -> Finding:
        """The finding, with ``remedy`` or else that in the user's framework."""
        where = Where()
        if seen is not None:
            cls = None
            if seen.by_class.any() and len(seen.by_class) == len(self.names):
                cls = self.names[int(seen.by_class.argmax())]
            where = Where(row=self.pair.place(seen.first[0])[0] if seen.first else None, cls=cls)
            details |= {
                "rows": seen.rows,
                "first": [list(self.pair.place(row)) for row in seen.first],
                "classes": {self.names[i]: int(n) for i, n in enumerate(seen.by_class) if n},
            }
        return finding(
            code,
            message,
            level=level,
            remedy=remedy or remedy_for(code, self.target, classes=self.classes),
            where=where,
            **details,
        )


Mechanism = Callable[[Case], Finding | None]
