"""The comparisons, in the order of the page."""

from __future__ import annotations

from comparisons.base import Comparison
from comparisons.cache import CACHE
from comparisons.classes import CLASSES
from comparisons.coco import COCO
from comparisons.indicators import INDICATORS
from comparisons.masks import MASKS
from comparisons.start import HELP, VERSION
from comparisons.tables import CSV, PARQUET, SMALL

COMPARISONS: dict[str, Comparison] = {
    each.name: each
    for each in (HELP, VERSION, SMALL, CSV, PARQUET, INDICATORS, CLASSES, MASKS, COCO, CACHE)
}
