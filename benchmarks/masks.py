"""Counting indexed masks, beside what a user would type instead; whole processes in one run.

``python benchmarks/masks.py`` makes 1000 masks of 2048 × 1024 pixels with 20 classes in a temporary
folder, runs every way to count them in turn, several times, and prints the medians as ratios.
``--files 100 --rounds 1`` is a quick look.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

HEIGHT, WIDTH, CLASSES, SEEDS = 1024, 2048, 20, 60
_LOOP = """
import sys
from pathlib import Path
import numpy as np
from PIL import Image
total = np.zeros(256, dtype=np.int64)
for path in Path(sys.argv[1]).glob("*.png"):
    with Image.open(path) as image:
        {body}
print({{i: int(n) for i, n in enumerate(total) if n}})
"""
WAYS = {
    "imbweights analyze": [sys.executable, "-m", "imbweights", "analyze", "--no-cache"],
    "imbweights analyze --jobs 1": [
        *(sys.executable, "-m", "imbweights", "analyze", "--no-cache"),
        *("--jobs", "1"),
    ],
    "np.unique over Pillow arrays, a loop": [
        *(sys.executable, "-c"),
        _LOOP.format(
            body="values, counts = np.unique(np.asarray(image), return_counts=True);"
            " total[values] += counts"
        ),
    ],
    "Image.histogram(), a loop": [
        *(sys.executable, "-c"),
        _LOOP.format(body="total += image.histogram()[:256]"),
    ],
}


def make(folder: Path, files: int) -> None:
    """Masks of blobs: each pixel has the class of its nearest seed."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[0 : HEIGHT // 4, 0 : WIDTH // 4].astype(np.float32) * 4
    for number in range(files):
        places = rng.integers(0, (HEIGHT, WIDTH), (SEEDS, 2))
        classes = rng.integers(0, CLASSES, SEEDS).astype(np.uint8)
        nearest = np.full(y.shape, np.inf, dtype=np.float32)
        values = np.zeros(y.shape, dtype=np.uint8)
        for (row, column), value in zip(places, classes, strict=True):
            distance = (y - row) ** 2 + (x - column) ** 2
            closer = distance < nearest
            nearest[closer], values[closer] = distance[closer], value
        full = values.repeat(4, axis=0).repeat(4, axis=1)
        image = Image.frombytes("P", (WIDTH, HEIGHT), full.tobytes())
        image.putpalette(np.arange(768, dtype=np.uint8).tobytes())
        image.save(folder / f"{number:05d}.png")


def timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds of one whole process, and the largest memory in MB of it or a process of its own."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*command, str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"failed: {command[:4]}")
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


def main() -> None:
    """Make the data, take turns, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, chosen.files)
        found: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
        for _ in range(chosen.rounds):
            for way, command in WAYS.items():
                found[way].append(timed(command, folder))
    ours = statistics.median(seconds for seconds, _ in found["imbweights analyze"])
    print(
        f"{chosen.files:,} indexed PNG of {WIDTH} × {HEIGHT}, {CLASSES} classes, {os.cpu_count()} cores"
    )
    print("| way | time, imbweights = 1 | peak memory of a process, MB |")
    print("| --- | ---: | ---: |")
    for way, runs in found.items():
        seconds = statistics.median(s for s, _ in runs)
        print(f"| {way} | {seconds / ours:.2f} | {max(m for _, m in runs):.0f} |")


if __name__ == "__main__":
    main()
