"""Indexed PNG masks, 2000 of 1024 × 2048 pixels."""

from __future__ import annotations

from made_data.masks import masks

from comparisons.base import Comparison, Target, Way, as_json, counting, python

FILES, FEW = 2000, 8
PILLOW, UNIQUE = "Pillow `histogram`, a loop", "`np.unique` over Pillow arrays, a loop"
_LOOP = """
import sys, json
from pathlib import Path
import numpy as np
{imports}
total = np.zeros(256, dtype=np.int64)
for path in sorted(Path(sys.argv[1]).glob("*.png"))[::int(sys.argv[2])]:
    {body}
print(json.dumps({{str(i): int(n) for i, n in enumerate(total) if n}}))"""


def _loop(name: str, imports: str, *body: str, needs: tuple[str, ...] = (), step: int = 1) -> Way:
    code = _LOOP.format(imports=imports, body="\n    ".join(body))
    reads = as_json if step == 1 and "total" in "".join(body) else None
    command = python(code, "{data}", str(step))
    return Way(name=name, command=command, reads=reads, needs=needs, part=1 / step)


_DECODE = _loop(
    "floor: decode alone (kornia-rs), one process",
    "from kornia_rs import io",
    'io.read_image_png_u8(str(path), "mono")',
)
_HISTOGRAM = _loop(
    "floor: histogram alone of one mask, as often",
    "from kornia_rs import io\nfrom imbweights.sources.images.histogram import histogram\nmask = None",
    'mask = io.read_image_png_u8(str(path), "mono") if mask is None else mask',
    "histogram(mask)",
)
_PIL = _loop(
    PILLOW,
    "from PIL import Image",
    "with Image.open(path) as image:",
    "    total += image.histogram()[:256]",
)
_CV2 = _loop(
    "OpenCV `imread` and `calcHist`, a loop (counts the palette's grey, not the class)",
    "import cv2",
    "image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)",
    "cv2.calcHist([image], [0], None, [256], [0, 256])",
    needs=("cv2",),
)


def _unique(step: int) -> Way:
    return _loop(
        UNIQUE,
        "from PIL import Image",
        "with Image.open(path) as image:",
        "    values, counts = np.unique(np.asarray(image), return_counts=True)",
        "    total[values] += counts",
        step=step,
    )


MASKS = Comparison(
    name="masks",
    title="2000 indexed PNG of 1024 × 2048 pixels",
    about="20 classes in smooth areas. The `np.unique` loop runs on every eighth mask, and its time is "
    "multiplied by eight.",
    make=lambda folder, quick: masks(folder, FEW, 64, 128) if quick else masks(folder, FILES),
    ways=(
        counting(),
        counting("--jobs", "1", name="imbweights analyze --jobs 1"),
        _PIL,
        _unique(8),
        _CV2,
        _DECODE,
        _HISTOGRAM,
    ),
    targets=(
        Target(beside=PILLOW, times_as_fast=3.5),
        Target(beside=UNIQUE, times_as_fast=12),
    ),
    rounds=3,
)
# The loop that is timed in part is checked on all of a few masks.
CHECKED = _unique(1)
