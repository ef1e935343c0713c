"""Which colour stands for which class: from a file, or one of the published palettes."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from imbweights.core.errors import UsageError
from imbweights.core.existing import is_file
from imbweights.core.small_files import small_text
from imbweights.core.urls import refuse_remote
from imbweights.sources.images.palette_lines import Entry, Header, entry_of, header_of

_VOC = [
    "background",
    "aeroplane",
    "bicycle",
    "bird",
    "boat",
    "bottle",
    "bus",
    "car",
    "cat",
    "chair",
    "cow",
    "diningtable",
    "dog",
    "horse",
    "motorbike",
    "person",
    "pottedplant",
    "sheep",
    "sofa",
    "train",
    "tvmonitor",
]
# The 32 classes of label_colors.txt, as the CamVid web page gives them.
_CAMVID = """
Animal 64 128 64|Archway 192 0 128|Bicyclist 0 128 192|Bridge 0 128 64|Building 128 0 0|Car 64 0 128
CartLuggagePram 64 0 192|Child 192 128 64|Column_Pole 192 192 128|Fence 64 64 128
LaneMkgsDriv 128 0 192|LaneMkgsNonDriv 192 0 64|Misc_Text 128 128 64|MotorcycleScooter 192 0 192
OtherMoving 128 64 64|ParkingBlock 64 192 128|Pedestrian 64 64 0|Road 128 64 128
RoadShoulder 128 128 192|Sidewalk 0 0 192|SignSymbol 192 128 128|Sky 128 128 128
SUVPickupTruck 64 128 192|TrafficCone 0 0 64|TrafficLight 0 64 64|Train 192 64 128|Tree 128 128 0
Truck_Bus 192 128 192|Tunnel 64 0 64|VegetationMisc 192 192 0|Void 0 0 0|Wall 64 192 0
"""
# cityscapesScripts, helpers/labels.py: the 19 that are trained, in order of their trainId …
_CITYSCAPES = """
road 128 64 128|sidewalk 244 35 232|building 70 70 70|wall 102 102 156|fence 190 153 153
pole 153 153 153|traffic light 250 170 30|traffic sign 220 220 0|vegetation 107 142 35
terrain 152 251 152|sky 70 130 180|person 220 20 60|rider 255 0 0|car 0 0 142|truck 0 0 70
bus 0 60 100|train 0 80 100|motorcycle 0 0 230|bicycle 119 11 32
"""
# … and those that are not. "unlabeled" and five others share black.
_CITYSCAPES_OTHER = """
void 0 0 0|dynamic 111 74 0|ground 81 0 81|parking 250 170 160|rail track 230 150 140
guard rail 180 165 180|bridge 150 100 100|tunnel 150 120 90|caravan 0 0 90|trailer 0 0 110
"""
PALETTE_NAMES = ("voc", "camvid", "cityscapes")


@dataclass(frozen=True, slots=True)
class Palette:
    """``names``: colour 0xRRGGBB → class, in class order. ``optional``: classes that are listed
    only when they occur.
    """

    names: dict[int, str]
    optional: frozenset[str] = frozenset()

    @property
    def declared(self) -> tuple[str, ...]:
        """The classes that are listed whether they occur or not."""
        return tuple(dict.fromkeys(n for n in self.names.values() if n not in self.optional))

    @property
    def order(self) -> tuple[str, ...]:
        """All classes in class order."""
        return tuple(dict.fromkeys(self.names.values()))


def palette(given: str) -> Palette:
    """The palette in a file, or one of ``voc``, ``camvid`` and ``cityscapes``.

    A file has a class a line: ``name r g b``, ``r g b name``, ``id name r g b``, ``name:r,g,b`` or
    ``#rrggbb name``, separated by blanks, commas or tabs; a header line says which column is which;
    ``#`` and a blank begin a comment. Ids decide the class order, else the order of the lines. Raises ``UsageError`` naming the line that is none of these.
    """
    path = Path(given)
    if is_file(path):
        return Palette(dict(_from_file(path)))
    match given.lower():
        case "voc":
            colours = {voc_colour(i): name for i, name in enumerate(_VOC)}
            return Palette(colours | {0xE0E0C0: "void"}, frozenset({"void"}))
        case "camvid":
            return Palette(dict(_listed(_CAMVID)), frozenset({"Void"}))
        case "cityscapes":
            others = dict(_listed(_CITYSCAPES_OTHER))
            return Palette(dict(_listed(_CITYSCAPES)) | others, frozenset(others.values()))
    refuse_remote("--palette", given)
    raise UsageError(
        f"--palette {given}: no such file", hint=f"a file, or one of: {', '.join(PALETTE_NAMES)}"
    )


def voc_colour(index: int) -> int:
    """Colour of class ``index`` in the Pascal VOC palette (VOCcode/VOClabelcolormap.m).

    >>> f"{voc_colour(15):06x}"
    'c08080'
    """
    red = green = blue = 0
    for shift in range(7, -1, -1):
        red |= (index & 1) << shift
        green |= (index >> 1 & 1) << shift
        blue |= (index >> 2 & 1) << shift
        index >>= 3
    return red << 16 | green << 8 | blue


def _listed(text: str) -> Iterator[tuple[int, str]]:
    for entry in text.replace("\n", "|").split("|"):
        if entry.strip():
            name, *rgb = entry.rsplit(maxsplit=3)
            yield _packed(rgb), name


def _packed(rgb: Sequence[str]) -> int:
    red, green, blue = map(int, rgb)
    if not 0 <= min(red, green, blue) <= max(red, green, blue) <= 255:
        raise ValueError(f"{rgb!r} is no colour")
    return red << 16 | green << 8 | blue


def _from_file(path: Path) -> list[tuple[int, str]]:
    try:
        text = small_text(path, "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"--palette {path}: is not UTF-8 text (byte {error.start})") from error
    if text.lstrip().startswith("{"):
        return list(_from_meta(path, text))
    found = list(_entries(path, text))
    if not found:
        raise UsageError(f"--palette {path}: holds no classes with colours")
    if all(entry.number is not None for entry in found):
        found.sort(key=lambda entry: entry.number or 0)
    return [(entry.colour, entry.name) for entry in found]


def _entries(path: Path, text: str) -> Iterator[Entry]:
    """The classes line by line. Raises ``UsageError`` naming a line that is none."""
    header: Header | None = None
    seen: dict[int, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or re.match(r"\s*(#\s|//)", line):
            continue
        if not seen and header is None:
            header = _header(line)
            if header is not None:
                continue
        entry = _entry(line, header)
        if entry is None:
            raise UsageError(
                f"--palette {path}, line {number}: {line.strip()[:60]!r} is no class and colour",
                hint="write one class a line: name r g b",
            )
        if seen.setdefault(entry.colour, entry.name) != entry.name:
            raise UsageError(
                f"--palette {path}, line {number}: #{entry.colour:06x} is {seen[entry.colour]!r} already"
            )
        yield entry


def _entry(line: str, header: Header | None) -> Entry | None:
    try:
        return entry_of(line, header)
    except (csv.Error, ValueError):  # a field of 200 kB, a number of thousands of digits
        return None


def _header(line: str) -> Header | None:
    try:
        return header_of(line)
    except csv.Error:
        return None


def _from_meta(path: Path, text: str) -> Iterator[tuple[int, str]]:
    """``dataset_meta.json`` as Datumaro and Open Model Zoo write it."""
    try:
        data = json.loads(text)
        labels, colours = data["label_map"], data["segmentation_colors"]
        for (_, name), rgb in zip(labels.items(), colours, strict=True):
            yield _packed(rgb), str(name)
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ) as error:
        raise UsageError(f"--palette {path}: is no palette ({error!r})") from error
