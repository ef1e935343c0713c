"""``Baseline``: what a data set was like when somebody looked at it and found it good."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from imbweights.core.errors import ConfigError
from imbweights.core.units import Task, Unit

if TYPE_CHECKING:
    from imbweights.core.counts import ClassCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Counts, class order and weights of one data set as they were stored.

    ``classes``: in class order; ``counts``: of the whole; ``splits``: split → its counts;
    ``scheme``: the scheme whose ``weights`` (class → weight) were stored, if one was.
    """

    task: Task
    unit: Unit
    samples: int
    classes: tuple[str, ...]
    counts: Mapping[str, int]
    splits: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    scheme: str | None = None
    weights: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        counts: ClassCounts,
        splits: Mapping[str, ClassCounts],
        scheme: str | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> Baseline:
        """The baseline of these counts."""
        return cls(
            task=counts.task,
            unit=counts.unit,
            samples=counts.samples,
            classes=counts.classes,
            counts=counts.as_dict(),
            splits={name: part.as_dict() for name, part in splits.items()},
            scheme=scheme,
            weights=dict(weights or {}),
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; the order of ``classes`` is the class order."""
        stored: dict[str, Any] = {
            "task": self.task.value,
            "unit": self.unit.value,
            "samples": self.samples,
            "order": list(self.classes),
            "counts": dict(self.counts),
        }
        if self.splits:
            stored["splits"] = {name: dict(counts) for name, counts in self.splits.items()}
        if self.scheme is not None:
            stored["scheme"] = {"name": self.scheme, "weights": dict(self.weights)}
        return stored

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], where: str) -> Baseline:
        """Read back what ``to_dict`` wrote. Raises ``ConfigError`` when it does not fit."""
        try:
            scheme = data.get("scheme")
            baseline = cls(
                task=Task(data["task"]),
                unit=Unit(data["unit"]),
                samples=_whole(data["samples"]),
                classes=tuple(str(name) for name in data["order"]),
                counts=_counts(data["counts"]),
                splits={str(k): _counts(v) for k, v in data.get("splits", {}).items()},
                scheme=None if scheme is None else str(scheme["name"]),
                weights={}
                if scheme is None
                else {str(k): _weight(v) for k, v in scheme["weights"].items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise ConfigError(
                f"{where}: lacks or garbles {error}",
                hint="write it anew: imbweights check --write-baseline",
            ) from error
        wrong = baseline._contradiction()
        if wrong:
            raise ConfigError(
                f"{where}: {wrong}",
                hint="write it anew: imbweights check --write-baseline",
            )
        return baseline

    def _contradiction(self) -> str | None:
        """What cannot be, because somebody wrote in the file."""
        if len(set(self.classes)) != len(self.classes):
            return "order names a class twice"
        if set(self.classes) != set(self.counts):
            return "order and counts name different classes"
        if not set(self.weights) <= set(self.classes):
            return "weights and counts name different classes"
        trained = next((s for s in self.splits if s.lower().startswith("train")), None)
        counts = self.counts if trained is None else self.splits[trained]
        lacking = [name for name, n in counts.items() if n and name not in self.weights]
        if len(self.weights) > 1 and lacking:
            return f"weights lack class {lacking[0]!r}"
        return None


_MOST = 2**63 - 1


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise ValueError("a count that is no whole number from 0 to 2⁶³ − 1")
    return value


def _weight(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"a weight that is no finite number from 0 on: {number}")
    return number


def _counts(data: Mapping[str, Any]) -> dict[str, int]:
    return {str(name): _whole(count) for name, count in data.items()}
