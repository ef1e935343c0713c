"""Indexed PNG masks of blobs, as of streets or organs: large areas, smooth borders, 20 classes."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

HEIGHT, WIDTH, CLASSES, SEEDS = 1024, 2048, 20, 60


def masks(folder: Path, files: int, height: int = HEIGHT, width: int = WIDTH) -> Path:
    """A folder of ``files`` masks; each pixel has the class of its nearest seed."""
    target = folder / f"masks_{files}_of_{height}x{width}"
    if target.exists():
        return target
    unfinished = folder / f"unfinished_{target.name}"
    unfinished.mkdir(exist_ok=True)
    one = partial(_one, unfinished, height, width)
    if files < 20:
        list(map(one, range(files)))
    else:
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(one, range(files), chunksize=8))
    return unfinished.replace(target)


def repeated(folder: Path, files: int, different: int) -> Path:
    """A folder of ``files`` masks, ``different`` of them different: to count them takes as long."""
    target = folder / f"masks_{files}_repeated"
    if target.exists():
        return target
    originals = sorted(masks(folder, different).glob("*.png"))
    unfinished = folder / f"unfinished_{target.name}"
    unfinished.mkdir(exist_ok=True)
    for number in range(files):
        shutil.copyfile(originals[number % different], unfinished / f"{number:06d}.png")
    return unfinished.replace(target)


def _one(folder: Path, height: int, width: int, number: int) -> None:
    rng = np.random.default_rng(number)
    y, x = np.mgrid[0 : height // 4, 0 : width // 4].astype(np.float32) * 4
    nearest = np.full(y.shape, np.inf, dtype=np.float32)
    values = np.zeros(y.shape, dtype=np.uint8)
    places = rng.integers(0, (height, width), (SEEDS, 2))
    classes = rng.integers(0, CLASSES, SEEDS).astype(np.uint8)
    for (row, column), value in zip(places, classes, strict=True):
        distance = (y - row) ** 2 + (x - column) ** 2
        closer = distance < nearest
        nearest[closer], values[closer] = distance[closer], value
    full = values.repeat(4, axis=0).repeat(4, axis=1)
    image = Image.frombytes("P", (width, height), full.tobytes())
    image.putpalette(np.arange(768, dtype=np.uint8).tobytes())
    image.save(folder / f"{number:06d}.png")
