"""Pascal VOC XML, one file per image; also the XML of LabelMe's web tool."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from imbweights.core.choices import Counted
from imbweights.core.errors import UsageError
from imbweights.core.options import LabelOptions
from imbweights.core.small_files import small_text
from imbweights.sources.base import InputFile, Reading, Source
from imbweights.sources.files import FileSet, by_split, named_splits
from imbweights.sources.label_files import (
    BadLabelFileError,
    Labels,
    count_label_files,
    counts_of,
    files_of,
    first_files,
)
from imbweights.sources.wording import counted
from imbweights.sources.xml_file import XmlError, xml_root

_ROOT = re.compile(rb"<annotation[\s>]")
_LISTS = ("Main", "Segmentation", "Layout")
_MASKS = "SegmentationClass"


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """XML whose root is ``annotation``."""
    del options
    return _is_voc(file.start)


def _is_voc(start: bytes) -> bool:
    return start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and _ROOT.search(start) is not None


def claims(files: FileSet, options: LabelOptions) -> bool:
    """The XML files of the folder are of this kind."""
    del options
    found = files.having(".xml")
    return bool(found) and all(_is_voc(files.start(path)) for path in found[:3])


def read_set(files: FileSet, options: LabelOptions) -> Reading:
    """Count objects (or images that hold one) by name; parts of objects are not counted.

    Splits are those of ``ImageSets`` (``Main``, else ``Segmentation`` or ``Layout``), else
    of folders. Every XML file is an image, also one without objects.

    Source: http://host.robots.ox.ac.uk/pascal/VOC/voc2012/devkit_doc.pdf
    """
    if options.count is Counted.PIXELS:
        raise UsageError(
            "--count pixels: VOC's XML holds boxes",
            hint=f"name the folder of the masks, {_MASKS} in VOC itself",
        )
    xml = [path for path in files.paths if path.lower().endswith(".xml")]
    splits, list_notes = _splits(files, xml)
    found, notes = count_label_files(files, splits, labels_in, options)
    masks = next((path for path in files.paths if f"/{_MASKS}/" in f"/{path}"), None)
    note = (
        (
            f"boxes are counted; for pixels: imbweights analyze {files.inner(str(PurePosixPath(masks).parent))}",
        )
        if masks
        else ()
    )
    return Reading(
        splits=counts_of(found, options),
        amount=(len(xml), "VOC XML file"),
        notes=(*note, *list_notes, *notes),
        first_seen=first_files(found, files),
        files=files_of(found, files, options),
    )


def labels_in(path: Path) -> Labels:
    """The names of the objects in one XML file; an object that was deleted is none."""
    try:
        root = xml_root(path, "annotation")
    except XmlError as error:
        raise BadLabelFileError(str(error)) from error
    names = [
        (node.findtext("name") or "").strip()
        for node in root.findall("object")
        if (node.findtext("deleted") or "0").strip() != "1"
    ]
    found = Counter(name for name in names if name)
    return Labels(found, missing=len(names) - found.total())


def _splits(files: FileSet, xml: list[str]) -> tuple[Mapping[str, list[str]], tuple[str, ...]]:
    """XML files by split, and what is odd about the lists of images."""
    lists = _image_sets(files)
    if not lists:
        return by_split(xml), ()
    listed: dict[str, str] = {}
    notes = []
    for split, images in lists.items():
        twice = [image for image in images if image in listed]
        if twice:
            notes.append(
                f"in {listed[twice[0]]} and in {split}: {counted(len(twice), 'image', 'images')} such as "
                f"{twice[0]}; counted in {split}"
            )
        listed |= dict.fromkeys(images, split)
    groups: dict[str, list[str]] = {}
    for path in xml:
        groups.setdefault(listed.get(PurePosixPath(path).stem, ""), []).append(path)
    lost = set(listed) - {PurePosixPath(path).stem for path in xml}
    if lost:
        what = counted(len(lost), "listed image has", "listed images have")
        notes.append(f"{what} no XML file ({min(lost)} …)")
    return named_splits(groups), tuple(notes)


def _image_sets(files: FileSet) -> dict[str, list[str]]:
    """Split → images; ``trainval`` counts only where ``train`` and ``val`` are not listed."""
    for folder in _LISTS:
        found: dict[str, list[str]] = {}
        for split in ("train", "val", "test", "trainval"):
            ending = f"ImageSets/{folder}/{split}.txt"
            for path in files.paths:
                if path == ending or path.endswith(f"/{ending}"):
                    text = small_text(files.at(path), errors="replace")
                    names = [line.split()[0] for line in text.splitlines() if line.strip()]
                    found[split] = [re.sub(r"\.(jpe?g|png|xml)$", "", name) for name in names]
        if found.get("train") or found.get("val"):
            found.pop("trainval", None)
        if any(found.values()):
            return found
    return {}


SOURCE = Source(recognises=recognises, claims=claims, read_set=read_set)
