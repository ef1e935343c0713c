"""Make the files of ``sample_data/``; the same every time.

Run from the top of the repository: ``python scripts/make_sample_data.py``.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "sample_data"
FOUR = {"A": 198, "B": 436, "C": 710, "D": 272}
TAGS = {"bug": 0.31, "docs": 0.2, "ui": 0.12, "performance": 0.05, "security": 0.015}


def write(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one CSV file."""
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def four_classes(rng: random.Random) -> None:
    """The four-class case: 198 A, 436 B, 710 C, 272 D, in random order."""
    labels = [name for name, count in FOUR.items() for _ in range(count)]
    rng.shuffle(labels)
    write("four_classes.csv", ["id", "label"], ((i, c) for i, c in enumerate(labels, 1)))


def anomaly(rng: random.Random) -> None:
    """98 : 2, 1,000 readings of machines; faults run hotter and shake more, with overlap."""
    status = ["ok"] * 980 + ["fault"] * 20
    rng.shuffle(status)
    rows: list[list[str]] = []
    for state in status:
        worse = 1.0 if state == "fault" else 0.0
        temperature = rng.gauss(61 + 9 * worse, 5)
        vibration = rng.gammavariate(2 + 1.5 * worse, 0.4)
        pressure = rng.gauss(3.2 - 0.15 * worse, 0.3)
        machine = rng.choice(["press", "lathe", "mill"])
        rows.append([f"{temperature:.1f}", f"{vibration:.2f}", f"{pressure:.2f}", machine, state])
    write("anomaly.csv", ["temperature", "vibration", "pressure", "machine", "status"], rows)


def tags(rng: random.Random) -> None:
    """A multi-label table: one 0/1 column per tag, some rows without any."""
    rows = [
        [f"T{i:03d}", *(int(rng.random() < share) for share in TAGS.values())]
        for i in range(1, 601)
    ]
    write("tags.csv", ["ticket", *(f"tag_{name}" for name in TAGS)], rows)


def reviews(rng: random.Random) -> None:
    """Three splits of one table; the rarest class is absent from the validation split."""
    shares = {"positive": 0.7, "neutral": 0.22, "negative": 0.06, "mixed": 0.02}
    rows: list[list[str]] = []
    for split, size in (("train", 600), ("val", 100), ("test", 100)):
        for _ in range(size):
            [label] = rng.choices(list(shares), weights=list(shares.values()))
            if split == "val" and label == "mixed":
                label = "neutral"
            rows.append([f"R{len(rows):03d}", split, label])
    write("reviews.csv", ["review", "split", "sentiment"], rows)


def main() -> None:
    """Write every file."""
    for make in (four_classes, anomaly, tags, reviews):
        make(random.Random(2026))  # noqa: S311 - sample data, not secrets


if __name__ == "__main__":
    main()
