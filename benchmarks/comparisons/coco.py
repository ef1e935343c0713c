"""Objects of a COCO file."""

from __future__ import annotations

from made_data.coco import instances

from comparisons.base import Comparison, Target, Way, as_json, counting, python

OBJECTS, FEW = 660_000, 3000
PYCOCOTOOLS = "`pycocotools.COCO(path)`"
_COUNT = """
names = {c["id"]: c["name"] for c in categories}
print(json.dumps({names[k]: n for k, n in Counter(a["category_id"] for a in annotations).items()}))"""
_COCOTOOLS = f"""
import sys, json
from collections import Counter
from pycocotools.coco import COCO
coco = COCO(sys.argv[1])
categories, annotations = coco.cats.values(), coco.anns.values()
{_COUNT}"""
_JSON = f"""
import sys, json
from collections import Counter
data = json.load(open(sys.argv[1], encoding="utf-8"))
categories, annotations = data["categories"], data["annotations"]
{_COUNT}"""

COCO = Comparison(
    name="coco",
    title="COCO instances JSON of 450 MB",
    about="660,000 objects of 80 categories with polygons, in 90,000 images.",
    make=lambda folder, quick: instances(folder, FEW if quick else OBJECTS),
    ways=(
        counting(),
        Way(name=PYCOCOTOOLS, command=python(_COCOTOOLS), reads=as_json, needs=("pycocotools",)),
        Way(name="`json.load` and a Counter", command=python(_JSON), reads=as_json),
    ),
    targets=(
        Target(beside=PYCOCOTOOLS, times_as_fast=3),
        Target(beside=PYCOCOTOOLS, share_of_memory=0.5),
    ),
)
