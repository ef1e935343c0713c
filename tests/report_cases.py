"""Data whose reports are looked at: hostile names, very many classes, splits."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
from PIL import Image

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=cmd()",
    "\x1b[31mred\x1b[0m",
    "\u202egnp.exe",
    "line\nfeed",
    "```\n# heading",
    "</style></svg><b>bold",
    "a|b *c* [d](http://example.org)",
    "{{ 7 * 7 }} ${x} %} #}",
    "' onmouseover='alert(1)",
    "&lt;i&gt;",
    "日本語の長いクラス名です",
    "עברית",
    "x" * 300,
)
# The same as text that can be seen, of those that hold what cannot.
SPELLED = {
    "\x1b[31mred\x1b[0m": "\\x1b[31mred\\x1b[0m",
    "\u202egnp.exe": "\\u202egnp.exe",
    "line\nfeed": "line\\nfeed",
    "```\n# heading": "```\\n# heading",
}


def write_hostile(path: Path) -> Path:
    """A table with every hostile name in three splits, one of which has such a name, too."""
    splits = ("train", "val", 'te"><b>')
    rows = [(name, splits[k % 3]) for i, name in enumerate(HOSTILE) for k in range(30 + 10 * i)]
    return write_rows(path, rows)


def write_many(path: Path, classes: int = 1000) -> Path:
    """A long tail of very many classes in two splits."""
    rows = [
        (f"class_{i:04d}", "val" if k % 5 == 4 else "train")
        for i in range(classes)
        for k in range(10 + 3000 // (i + 1))
    ]
    return write_rows(path, rows)


def write_rows(path: Path, rows: list[tuple[str, str]]) -> Path:
    """A CSV file with a label and a split."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["label", "split"])
        writer.writerows(rows)
    return path


def write_volume(path: Path) -> Path:
    """A volume of 6 × 8 × 5 voxels: value 7 in three voxels of slice 4, value 300 in one of slice 2."""
    values = np.zeros((6, 8, 5), dtype=np.int16)
    values[1, 2:5, 3] = 7
    values[4, 6, 1] = 300
    library: Any = nibabel  # has no types
    library.save(library.Nifti1Image(values, np.eye(4)), path)
    return path


def write_panoptic(folder: Path) -> Path:
    """Two PNGs of 6 × 4 pixels beside their JSON: grass everywhere, a cat of 3 pixels, one of void.

    Segment ids need more than one byte, so that the order of the bytes matters.
    """
    (folder / "pan").mkdir(parents=True)
    grass, cat = 70_000, 300
    annotations = []
    for number in (1, 2):
        segments = np.full((4, 6), grass)
        segments[0, 0] = 0
        if number == 2:
            segments[1, 2:5] = cat
        colours = np.stack([segments % 256, segments // 256 % 256, segments // 65536], axis=2)
        Image.fromarray(colours.astype(np.uint8)).save(folder / f"pan/{number}.png")
        parts = [(grass, 9, int((segments == grass).sum()))]
        parts += [(cat, 4, 3)] * (number == 2)
        annotations.append(
            {
                "image_id": number,
                "file_name": f"{number}.png",
                "segments_info": [{"id": i, "category_id": c, "area": a} for i, c, a in parts],
            }
        )
    listing = folder / "pan.json"
    listing.write_text(
        json.dumps(
            {
                "images": [{"id": i, "width": 6, "height": 4} for i in (1, 2)],
                "annotations": annotations,
                "categories": [{"id": 4, "name": "cat"}, {"id": 9, "name": "grass"}],
            }
        ),
        encoding="utf-8",
    )
    return listing
