"""Slow, independent counts of what simple files say, where there is only one way to read them."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

Counts = dict[str, int]


def of_lines(data: bytes) -> Counts | None:
    """One label a line, read with no header and no separator."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if (
        "\r" in text
        or "\0" in text
        or "\x1f" in text
        or data.startswith((b"\x1f\x8b", b"\x28\xb5"))
    ):
        return None
    text = text.removeprefix("\ufeff").removesuffix("\n")
    return dict(Counter(line for line in text.split("\n") if line.strip()))


def of_json_texts(data: bytes) -> Counts | None:
    """An array of texts."""
    try:
        values = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        return None
    if any("\0" in v or not v.isprintable() for v in values):
        return None
    return dict(Counter(v for v in values if v.strip()))


def of_npy(data: bytes) -> Counts | None:
    """One dimension of whole numbers."""
    try:
        array = np.load(io.BytesIO(data), allow_pickle=False)
    except Exception:  # noqa: BLE001 - what NumPy cannot read is not counted twice
        return None
    if not isinstance(array, np.ndarray) or array.ndim != 1 or array.dtype.kind not in "iu":
        return None
    return {str(k): n for k, n in Counter(array.tolist()).items()}


def of_coco(data: bytes) -> Counts | None:
    """Objects per category of a plain file of instances."""
    try:
        found: Any = json.loads(data)
        names = {c["id"]: c["name"] for c in found["categories"]}
        if any("segments_info" in a for a in found["annotations"]):
            return None
        return dict(Counter(names[a["category_id"]] for a in found["annotations"]))
    except (ValueError, RecursionError, KeyError, TypeError):
        return None


def of_grey_png(path: Path) -> Counts | None:
    """Pixels per value of an 8-bit grey or indexed PNG, by Pillow."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            if image.format != "PNG" or image.mode not in {"L", "P"} or image.info.get("bits"):
                return None
            if path.read_bytes()[24] != 8:
                return None
            values = np.asarray(image)
    except Exception:  # noqa: BLE001 - what Pillow cannot read is not counted twice
        return None
    return {str(k): n for k, n in Counter(values.ravel().tolist()).items()}
