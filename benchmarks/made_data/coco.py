"""A COCO instances JSON: images, objects with polygons and boxes, 80 categories."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

CATEGORIES, PER_IMAGE = 80, 7.3
_POLYGONS, _AT_A_TIME = 2000, 20_000


def instances(folder: Path, objects: int) -> Path:
    """``objects`` objects of some 500 bytes each, laid out like instances_train2017.json."""
    path = folder / f"instances_{objects}.json"
    if path.exists():
        return path
    unfinished = folder / f"unfinished_{path.name}"
    rng = np.random.default_rng(0)
    polygons = [_polygon(rng) for _ in range(_POLYGONS)]
    images = max(1, int(objects / PER_IMAGE))
    with unfinished.open("w", encoding="utf-8") as stream:
        stream.write('{"info": {"year": 2017}, "licenses": [], "images": ')
        json.dump([_image(i) for i in range(images)], stream)
        stream.write(', "annotations": [')
        for start in range(0, objects, _AT_A_TIME):
            size = min(_AT_A_TIME, objects - start)
            categories = np.floor(CATEGORIES * rng.random(size) ** 3).astype(int) + 1
            where = rng.integers(0, images, size)
            shapes = rng.integers(0, _POLYGONS, size)
            crowd = rng.random(size) < 0.01
            lines = (
                f'{{"segmentation": [[{polygons[shape]}]], "area": {900 + shape}.25, '
                f'"iscrowd": {int(many)}, "image_id": {image}, "bbox": [10.5, 20.25, 200.0, 99.5], '
                f'"category_id": {category}, "id": {number}}}'
                for number, (category, image, shape, many) in enumerate(
                    zip(categories, where, shapes, crowd, strict=True), start
                )
            )
            stream.write((", " if start else "") + ", ".join(lines))
        stream.write('], "categories": ')
        json.dump([{"id": i + 1, "name": f"thing {i:02}"} for i in range(CATEGORIES)], stream)
        stream.write("}")
    return unfinished.replace(path)


def _polygon(rng: np.random.Generator) -> str:
    points = rng.integers(6, 60, 1)[0] * 2
    return ", ".join(f"{v:.2f}" for v in rng.random(points) * 600)


def _image(number: int) -> dict[str, object]:
    name = f"{number:012d}.jpg"
    address = f"http://images.cocodataset.org/train2017/{name}"
    return {"license": 3, "file_name": name, "coco_url": address, "height": 480, "width": 640,
            "date_captured": "2013-11-14 11:18:45", "flickr_url": address, "id": number}  # fmt: skip
