"""COCO JSON: instances (also LVIS and key points), and panoptic with or without its PNGs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from imbweights.core.choices import Counted
from imbweights.core.counts import ClassCounts, Unit
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.core.file_facts import FileFacts
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Order, Reading, Source
from imbweights.sources.coco_panoptic import panoptic_tally
from imbweights.sources.coco_schema import (
    RESULTS,
    CocoSet,
    NoLabelsError,
    category_names,
    decoded_set,
)
from imbweights.sources.files import FileSet, named_splits, split_of_name
from imbweights.sources.images_beside import folder_of_images
from imbweights.sources.label_files import class_name, new_tally
from imbweights.sources.per_image import ImageTally, file_facts, unit_of

_LIST = re.compile(rb'"(images|annotations|categories)"\s*:\s*\[')
_START = 1 << 17
_NAME = re.compile(r"(?i)[_.-]?(train|val|valid|validation|dev|test)(_?\d{4})?(?=[_.-]|$)")
_COMPRESSED = (".json", ".json.gz", ".json.zst")


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """A JSON object with lists of images, annotations or categories."""
    del options
    return _is_coco(file.head[:_START])


def _is_coco(head: bytes) -> bool:
    text = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if text.startswith(b"{"):
        return _LIST.search(head) is not None
    return RESULTS.match(text) is not None  # to be refused by its name


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
    held: dict[str, list[FileFacts]] = {}
    for split, members in groups.items():
        tally = ImageTally(frozenset(options.ignore_labels), keeps_sets=unit is Unit.IMAGES)
        kept = held.setdefault(split, []) if options.keep_files else None
        for path in members:
            if unit is Unit.PIXELS:
                part, found = panoptic_tally(files, path, sets[path], names, options, kept)
                notes += found
            else:
                part = _object_tally(files, path, sets[path], names, options, kept)
            tally.merge(part)
        splits[split] = tally.to_counts(unit)
    declared = tuple(n for n in names.values() if n not in options.ignore_labels)
    return Reading(
        splits=splits,
        amount=(len(paths), "COCO panoptic JSON file" if panoptic else "COCO JSON file"),
        notes=(*notes, *_notes(sets), *_twice(sets), *_left_out(files, paths)),
        order=Order.IDS,
        declared=declared,
        ids={name: number for number, name in names.items() if name in declared},
        files={split: tuple(kept) for split, kept in held.items()} if options.keep_files else {},
        looked_beside=bool(panoptic),
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
            "  " + " ".join(files.inner(path) for path in paths) for paths in families.values()
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
    try:
        data = decoded_set(files, path)
    except NoLabelsError:
        return False
    return bool(data.categories)


def _by_split(paths: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(split_of_name(path), []).append(path)
    return groups


def _object_tally(
    files: FileSet,
    path: str,
    data: CocoSet,
    names: Mapping[int, str],
    options: LabelOptions,
    kept: list[FileFacts] | None,
) -> ImageTally:
    """Objects image by image; what each image holds is put into ``kept``."""
    tally = new_tally(options)
    called = {number: class_name(number, names) for _, number in data.objects()}
    objects = Counter((image, called[category]) for image, category in data.objects())
    missing = Counter(data.unlabelled())
    by_image: dict[int | str, dict[str, int]] = {image.id: {} for image in data.images}
    strange = next((i for i in (*(i for i, _ in objects), *missing) if i not in by_image), None)
    if strange is not None:
        raise SourceError(
            f"{files.shown(path)}: an annotation belongs to image {strange!r}, which is not listed"
        )
    for (image, name), n in objects.items():
        by_image[image][name] = n
    for image, labels in by_image.items():
        tally.add(labels, missing=missing[image])
    if kept is not None:
        kept += _files(files.place(path), data, by_image, options)
    return tally


def _files(
    listing: Path,
    data: CocoSet,
    by_image: Mapping[int | str, Mapping[str, int]],
    options: LabelOptions,
) -> Iterator[FileFacts]:
    """The images that the file names; one without a name is no file."""
    named = {image.id: image.file_name for image in data.images if image.file_name}
    folder = folder_of_images(listing, named.values(), split_of_name(str(listing)))
    ignore = frozenset(options.ignore_labels)
    for image, name in named.items():
        yield file_facts(name, folder / name, by_image[image], ignore=ignore)


def _notes(sets: Mapping[str, CocoSet]) -> list[str]:
    crowds = sum(data.crowds for data in sets.values())
    if not crowds:
        return []
    regions = "crowd region counts" if crowds == 1 else "crowd regions count"
    return [f"{crowds:,} {regions} as one object each"]


def _twice(sets: Mapping[str, CocoSet]) -> list[str]:
    """Images that several files hold; ids alone tell nothing, since every file may start at 1."""
    seen = Counter(
        image.file_name for data in sets.values() for image in {*data.images} if image.file_name
    )
    twice = sum(n > 1 for n in seen.values())
    if not twice:
        return []
    images = "image is" if twice == 1 else "images are"
    return [f"{twice:,} {images} in more than one file and counted each time"]


def _left_out(files: FileSet, paths: list[str]) -> list[str]:
    others = sorted({*files.having(".json")} - {*paths}) if files.is_folder else []
    shown = ", ".join(others[:3]) + (" …" if len(others) > 3 else "")
    what = "JSON file" if len(others) == 1 else "JSON files"
    return [f"left out {len(others):,} other {what} ({shown})"] if others else []


SOURCE = Source(recognises=recognises, claims=claims, read_set=read_set, alone=(".json",))
