"""COCO JSON: instances (also LVIS and key points), and panoptic with or without its PNGs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from imbweights.core.choices import Counted
from imbweights.core.counts import ClassCounts, Unit
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Order, Reading, Source
from imbweights.sources.coco_panoptic import panoptic_tally
from imbweights.sources.coco_schema import CocoSet, category_names, decoded_set
from imbweights.sources.files import FileSet, named_splits, split_of_name
from imbweights.sources.label_files import new_tally
from imbweights.sources.per_image import ImageTally, unit_of

_LIST = re.compile(rb'"(images|annotations|categories)"\s*:\s*\[')
_START = 1 << 17
_NAME = re.compile(r"(?i)[_.-]?(train|val|valid|validation|dev|test)(_?\d{4})?(?=[_.-]|$)")
_COMPRESSED = (".json", ".json.gz", ".json.zst")


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """A JSON object with lists of images, annotations or categories."""
    del options
    return _is_coco(file.head[:_START])


def _is_coco(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and _LIST.search(head) is not None


def claims(files: FileSet, options: LabelOptions) -> bool:
    """Some JSON file of the folder is of this kind."""
    del options
    found = files.having(".json")
    return any(_is_coco(files.start(path, _START)) for path in found[:20])


def read_set(files: FileSet, options: LabelOptions) -> Reading:
    """Count objects, images that hold one, or (panoptic) pixels, by category.

    The class order is that of the category ids, as pycocotools and the common data loaders have
    it; categories without objects are listed. Crowd regions count as one object each. Splits are
    told by the names of several files.

    Source: https://cocodataset.org/#format-data
    """
    paths = _chosen(files)
    sets = {path: decoded_set(files, path) for path in paths}
    panoptic = [path for path, data in sets.items() if data.is_panoptic]
    if panoptic and len(panoptic) < len(paths):
        raise AmbiguousSourceError(
            f"{files.name}: some files are panoptic and some are not", hint="name one sort"
        )
    unit = _unit(options, is_panoptic=bool(panoptic))
    names = category_names(sets)
    groups = named_splits(_by_split(paths))
    notes: list[str] = []
    splits: dict[str, ClassCounts] = {}
    for split, members in groups.items():
        tally = ImageTally(frozenset(options.ignore_labels), keeps_sets=unit is Unit.IMAGES)
        for path in members:
            if unit is Unit.PIXELS:
                part, found = panoptic_tally(files, path, sets[path], names, options)
                notes += found
            else:
                part = _object_tally(sets[path], names, options, files.shown(path))
            tally.merge(part)
        splits[split] = tally.to_counts(unit)
    declared = tuple(n for n in names.values() if n not in options.ignore_labels)
    return Reading(
        splits=splits,
        details=(_detail(len(paths), is_panoptic=bool(panoptic)),),
        notes=(*notes, *_notes(sets), *_left_out(files, paths)),
        order=Order.IDS,
        declared=declared,
        ids={name: number for number, name in names.items() if name in declared},
    )


def _unit(options: LabelOptions, *, is_panoptic: bool) -> Unit:
    if is_panoptic and options.count in {None, Counted.PIXELS}:
        return Unit.PIXELS
    if options.count is Counted.PIXELS:
        raise UsageError(
            "--count pixels: objects of COCO instances overlap, so their areas are no pixel counts",
            hint="name the panoptic JSON, or a folder of masks",
        )
    return unit_of(options.count)


def _detail(files: int, *, is_panoptic: bool) -> str:
    what = "COCO panoptic" if is_panoptic else "COCO"
    return f"{what} JSON" if files == 1 else f"{files} {what} JSON files"


def _chosen(files: FileSet) -> list[str]:
    """The files to count: those named, or the one family of a folder that holds labels."""
    if not files.is_folder:
        return list(files.paths)
    found = [p for p in files.having(".json") if _is_coco(files.start(p, _START))]
    families: dict[str, list[str]] = {}
    for path in found:
        if _has_labels(files, path):
            families.setdefault(_family(path), []).append(path)
    if not families:
        raise SourceError(f"{files.name}: no COCO file in it holds annotations with categories")
    if len(families) > 1:
        listed = "\n".join(
            "  " + " ".join(str(files.at(path)) for path in paths) for paths in families.values()
        )
        raise AmbiguousSourceError(
            f"{files.name}: holds several sorts of COCO files", hint=f"name one:\n{listed}"
        )
    return next(iter(families.values()))


def _family(path: str) -> str:
    """What is left of a file's name without the split."""
    return _NAME.sub("", PurePosixPath(path).stem)


def _has_labels(files: FileSet, path: str) -> bool:
    """Captions and lists of images have no categories to count."""
    data = decoded_set(files, path)
    return bool(data.categories) and (
        data.is_panoptic or any(a.category_id is not None for a in data.annotations)
    )


def _by_split(paths: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(split_of_name(path), []).append(path)
    return groups


def _object_tally(
    data: CocoSet, names: Mapping[int, str], options: LabelOptions, where: str
) -> ImageTally:
    tally = new_tally(options)
    objects = Counter(
        (image, names.get(category, str(category))) for image, category in data.objects()
    )
    by_image: dict[int | str, dict[str, int]] = {image.id: {} for image in data.images}
    for (image, name), n in objects.items():
        if image not in by_image:
            raise SourceError(
                f"{where}: an annotation belongs to image {image!r}, which is not listed"
            )
        by_image[image][name] = n
    for labels in by_image.values():
        tally.add(labels)
    return tally


def _notes(sets: Mapping[str, CocoSet]) -> list[str]:
    crowds = sum(data.crowds for data in sets.values())
    if not crowds:
        return []
    regions = "crowd region counts" if crowds == 1 else "crowd regions count"
    return [f"{crowds:,} {regions} as one object each"]


def _left_out(files: FileSet, paths: list[str]) -> list[str]:
    others = [p for p in files.having(".json") if p not in set(paths)] if files.is_folder else []
    shown = ", ".join(others[:3]) + (" …" if len(others) > 3 else "")
    return [f"left out {len(others):,} JSON files without labels ({shown})"] if others else []


SOURCE = Source(recognises=recognises, claims=claims, read_set=read_set)
