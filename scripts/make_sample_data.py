"""Make the files of ``sample_data/``; the same every time.

Run from the top of the repository: ``python scripts/make_sample_data.py``.
"""

from __future__ import annotations

import csv
import json
import math
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

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


def articles(rng: random.Random) -> None:
    """1,000 topics, two for each article, written into one cell; some topics are far rarer."""
    topics = [f"topic_{i:03d}" for i in range(1000)]
    weights = [1 / (i + 20) for i in range(1000)]
    rows: list[list[str]] = []
    for number in range(1, 3001):
        first = topics[number - 1] if number <= 1000 else rng.choices(topics, weights)[0]
        second = first
        while second == first:
            [second] = rng.choices(topics, weights)
        rows.append([f"A{number:04d}", f"{first}|{second}"])
    rng.shuffle(rows)
    write("articles.csv", ["article", "tags"], rows)


def masks(rng: random.Random) -> None:
    """Twelve masks of cracks, exactly 60 background pixels for every crack pixel, two without."""
    folder = FOLDER / "masks"
    folder.mkdir(exist_ok=True)
    sizes = [90, 130, 150, 180, 210, 0, 250, 260, 280, 0, 400, 450]
    for number, size in enumerate(sizes, 1):
        values = np.zeros((100, 122), dtype=np.uint8)
        y, x = rng.randrange(20, 80), rng.randrange(30, 90)
        while int(values.sum()) < size:
            values[y, x] = 1
            y = min(99, max(0, y + rng.choice((-1, 0, 1))))
            x = min(121, max(0, x + rng.choice((-1, 1, 1, 0))))
            if x == 121:
                y, x = rng.randrange(20, 80), rng.randrange(0, 60)
        image = Image.frombytes("P", (122, 100), values.tobytes())
        image.putpalette([40, 40, 40, 240, 80, 60])
        image.save(folder / f"crack_{number:02d}.png", optimize=True)


ANIMALS = {"cow": 0.75, "sheep": 0.2, "dog": 0.04, "fox": 0.01}


Box = tuple[str, float, float]


def fields(rng: random.Random) -> None:
    """The same photos of fields as a YOLO set and as COCO files: train and val, some without animals."""
    number = 0
    for split, images in (("train", 40), ("val", 10)):
        photos: dict[int, list[Box]] = {}
        for _ in range(images):
            number += 1
            found = rng.choices(list(ANIMALS), list(ANIMALS.values()), k=rng.choice((0, 3, 5, 8)))
            photos[number] = [
                (name, round(rng.uniform(0.1, 0.9), 4), round(rng.uniform(0.1, 0.9), 4))
                for name in found
            ]
        _as_yolo(FOLDER / "yolo" / "labels" / split, photos)
        _as_coco(FOLDER / "coco" / f"instances_{split}.json", photos)
    names = "".join(f"  {i}: {name}\n" for i, name in enumerate(ANIMALS))
    _write_text(
        FOLDER / "yolo" / "data.yaml",
        f"path: .\ntrain: images/train\nval: images/val\nnames:\n{names}",
    )


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _as_yolo(folder: Path, photos: Mapping[int, Sequence[Box]]) -> None:
    ids = list(ANIMALS)
    for number, boxes in photos.items():
        lines = (f"{ids.index(name)} {x} {y} 0.1 0.08\n" for name, x, y in boxes)
        _write_text(folder / f"field_{number:02d}.txt", "".join(lines))


def _as_coco(path: Path, photos: Mapping[int, Sequence[Box]]) -> None:
    ids = {name: i for i, name in enumerate(ANIMALS, 1)}
    annotations = [
        {
            "image_id": number,
            "category_id": ids[name],
            "bbox": [round(x * 640 - 32, 1), round(y * 480 - 19.2, 1), 64, 38.4],
            "area": 2457.6,
            "iscrowd": 0,
        }
        for number, boxes in photos.items()
        for name, x, y in boxes
    ]
    data = {
        "images": [
            {"id": n, "file_name": f"field_{n:02d}.jpg", "width": 640, "height": 480}
            for n in photos
        ],
        "categories": [{"id": i, "name": name} for name, i in ids.items()],
        "annotations": [{"id": i, **found} for i, found in enumerate(annotations, 1)],
    }
    _write_text(path, json.dumps(data) + "\n")


def turned_nan(rng: random.Random) -> None:
    """What a layer with softmax saw when its loss turned NaN: 400 rows, four classes, in float32.

    The network is so sure of some rows that single precision holds 0 for the other classes.
    """
    names, shares = list(FOUR), list(FOUR.values())
    truth = rng.choices(names, shares, k=400)
    logits = np.zeros((400, 4), dtype=np.float32)
    for row, name in enumerate(truth):
        logits[row] = [rng.gauss(0, 2) for _ in names]
        logits[row, names.index(name)] += 3
        if row % 57 == 20:  # one feature ran away
            logits[row, names.index(name)] += 130
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = e / e.sum(axis=1, keepdims=True)
    # What is smaller than single precision can hold at all is 0, whatever the processor does.
    probabilities[probabilities < 1e-37] = 0
    np.save(FOLDER / "predictions.npy", probabilities.astype(np.float32))
    write("targets.csv", ["label"], ([name] for name in truth))


def scores(rng: random.Random) -> None:
    """600 scores of a detector of defects, 15 of them there, learned with a large pos_weight."""
    rows: list[list[str]] = []
    for number in range(600):
        defect = int(number % 40 == 7)
        z = rng.gauss(1.2 if defect else -1.4, 1.3)
        rows.append([f"S{number:03d}", f"{1 / (1 + math.exp(-z)):.4f}", str(defect)])
    write("scores.csv", ["id", "score", "defect"], rows)


def messy(rng: random.Random) -> None:
    """Labels as they come: the same class written in several ways, placeholders, empty cells."""
    written = {
        "cat": 40,
        "dog": 35,
        "Cat": 3,
        "bird": 14,
        "bird ": 2,
        "?": 4,
        "": 3,
        "7": 12,
        "7.0": 11,
    }
    labels = [name for name, count in written.items() for _ in range(count)]
    rng.shuffle(labels)
    write("messy.csv", ["id", "label"], ((i, label) for i, label in enumerate(labels, 1)))


def main() -> None:
    """Write every file."""
    makers = (
        four_classes,
        anomaly,
        tags,
        reviews,
        articles,
        masks,
        fields,
        turned_nan,
        scores,
        messy,
    )
    for make in makers:
        make(random.Random(2026))  # noqa: S311 - sample data, not secrets


if __name__ == "__main__":
    main()
