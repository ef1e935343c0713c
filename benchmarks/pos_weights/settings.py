"""What is tried: each group of trials with its name, and where its data come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pos_weights.data import Collection, Setting, Split, cooking, drawn, medical, yeast

# Inverse strength of the penalty, scikit-learn's C: weak, strong.
WEAK, STRONG = 1.0, 0.01
ROWS = (6000, 4000)
SEEDS = 3
LEAST = 10
DISTANCES = (2.0, 3.0, 4.5)
READERS: dict[str, Callable[[Path, int], Collection]] = {
    "medical": medical,
    "cooking": cooking,
    "yeast": yeast,
}
# Real set: penalties, and how often five folds are drawn.
REAL = {"medical": ((1.0, 10.0), 2), "cooking": ((1.0, 10.0), 1), "yeast": ((1.0,), 2)}


@dataclass(frozen=True, kw_only=True)
class Group:
    """Trials that belong together.

    ``facts``: what is told of them. ``folds``: whether their training rows overlap.
    """

    name: str
    c: float
    facts: dict[str, Any]
    splits: Callable[[], Iterator[Split]]
    folds: bool


def synthetic() -> list[Group]:
    """1000, 100 and 20 labels; 1, 2 and 5 of 100; three distances; two penalties."""
    shapes = [(1000, 2), (100, 1), (100, 2), (100, 5), (20, 2)]
    return [
        _drawn(Setting(labels=labels, active=active, distance=distance), c, ROWS, SEEDS)
        for labels, active in shapes
        for distance in DISTANCES
        for c in (WEAK, STRONG)
        if labels < 1000 or c == STRONG or distance == DISTANCES[1]
    ]


def tiny() -> list[Group]:
    """Two groups that take seconds, to see that everything works."""
    return [
        _drawn(Setting(labels=labels, active=2, distance=3.0), STRONG, (600, 300), 2)
        for labels in (60, 10)
    ]


def _drawn(setting: Setting, c: float, rows: tuple[int, int], seeds: int) -> Group:
    name = f"{setting.labels}/{setting.active}/{setting.distance:g}/{c:g}"

    def splits() -> Iterator[Split]:
        return (drawn(setting, rows, seed) for seed in range(seeds))

    return Group(
        name=name, c=c, facts=asdict(setting) | {"rows": rows[0]}, splits=splits, folds=False
    )


def real(paths: dict[str, Path]) -> list[Group]:
    """The sets that were given."""
    found = []
    for name, path in paths.items():
        collection = READERS[name](path, LEAST)
        facts = {
            "set": name,
            "labels": collection.y.shape[1],
            "rows": len(collection.y),
            "active": round(float(collection.y.sum(axis=1).mean()), 2),
        }
        penalties, repeats = REAL[name]
        found += [_of(collection, facts, c, repeats) for c in penalties]
    return found


def _of(collection: Collection, facts: dict[str, Any], c: float, repeats: int) -> Group:
    return Group(
        name=f"{collection.name}/{c:g}",
        c=c,
        facts=facts,
        splits=lambda: collection.splits(repeats),
        folds=True,
    )
