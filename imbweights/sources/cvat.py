"""CVAT XML: images with shapes, or video with tracks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

from imbweights.core.choices import Counted
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.file_facts import FileFacts
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Order, Reading, Source
from imbweights.sources.files import FileSet, named_splits, split_of_name
from imbweights.sources.images_beside import folder_of_images
from imbweights.sources.label_files import new_tally
from imbweights.sources.per_image import ImageTally, file_facts, unit_of
from imbweights.sources.wording import counted
from imbweights.sources.xml_file import XmlError, xml_root

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ROOT = re.compile(rb"<annotations[\s>]")
_TAG = "tag"
# Four days of video.
_MOST_FRAMES = 10_000_000
_LONGEST_SIZE = 30
_SHAPES = frozenset(
    ["box", "polygon", "polyline", "points", "cuboid", "ellipse", "mask", "skeleton", "rle"]
)


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """XML whose root is ``annotations``."""
    del options
    return _is_cvat(file.start)


def _is_cvat(start: bytes) -> bool:
    return start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and _ROOT.search(start) is not None


def claims(files: FileSet, options: LabelOptions) -> bool:
    """The XML files of the folder are of this kind."""
    del options
    found = files.having(".xml")
    return bool(found) and all(_is_cvat(files.start(path)) for path in found[:3])


def read_set(files: FileSet, options: LabelOptions) -> Reading:
    """Count shapes; in video a shape of a track counts in each frame unless it is outside.

    A label for a whole image (``tag``) counts with ``--count images``, and alone when there are
    no shapes. The class order is that of the labels in the file's header. Splits are the subsets
    of the project, else those that several files' names tell.

    Source: https://docs.cvat.ai/docs/manual/advanced/xml_format/
    """
    if options.count is Counted.PIXELS:
        raise UsageError(
            "--count pixels: CVAT's XML holds shapes", hint="export masks and name those"
        )
    paths = [path for path in files.paths if path.lower().endswith(".xml")]
    declared: dict[str, None] = {}
    groups: dict[str, list[Frame]] = {}
    for path in paths:
        root = _root(files, path)
        declared.update(dict.fromkeys(_declared(root)))
        file_split = split_of_name(path) if len(paths) > 1 else ""
        found = list(_frames(root, files.shown(path)))
        if options.keep_files:
            _find_images(files.place(path), found)
        for split, frame in found:
            groups.setdefault(split or file_split, []).append(frame)
    if not groups:
        raise SourceError(f"{files.name}: holds no images and no tracks")
    frames = [frame for group in groups.values() for frame in group]
    only_tags = any(frame.tags for frame in frames) and not any(frame.shapes for frame in frames)
    images = options.count is Counted.IMAGES or only_tags
    named = _named(groups)
    tallies = {split: _tally(group, options, images=images) for split, group in named.items()}
    unit = unit_of(Counted.IMAGES if images else None)
    return Reading(
        splits={split: tally.to_counts(unit) for split, tally in tallies.items()},
        amount=(len(paths), "CVAT file"),
        notes=_notes(frames, images=images),
        order=Order.DECLARED if declared else None,
        declared=tuple(name for name in declared if name not in options.ignore_labels),
        files={split: _files(group, options, images=images) for split, group in named.items()}
        if options.keep_files
        else {},
    )


class Frame:
    """One image or frame: its shapes and its tags, each label → number.

    ``name`` and ``path``: of an image, as the file names it and where it lies.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.shapes: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.outside = 0
        self.name = ""
        self.path: Path | None = None

    def add(self, node: Element, label: str) -> None:
        """Add what one XML node says."""
        if node.tag == _TAG:
            self.tags[label] += 1
        elif node.tag in _SHAPES:
            if node.get("outside") == "1":
                self.outside += 1
            else:
                self.shapes[label] += 1


def _named(groups: dict[str, list[Frame]]) -> dict[str, list[Frame]]:
    names = named_splits({split: [] for split in groups})
    if len(names) == 1:
        return {"": [frame for group in groups.values() for frame in group]}
    return dict(zip(names, groups.values(), strict=True))


def _root(files: FileSet, path: str) -> Element:
    try:
        with files.near(path) as place:
            return xml_root(place, "annotations", files.limits)
    except XmlError as error:
        raise SourceError(f"{files.shown(path)}: {error}") from error


def _declared(root: Element) -> Iterator[str]:
    for node in root.iterfind("meta//labels/label"):
        name = (node.findtext("name") or "").strip()
        if name and not (node.findtext("parent") or "").strip():
            yield name


def _frames(root: Element, where: str) -> Iterator[tuple[str, Frame]]:
    """(subset, frame) of every image, and of every frame of a video."""
    for image in root.iterfind("image"):
        frame = Frame()
        frame.name = (image.get("name") or "").strip()
        for node in image:
            frame.add(node, (node.get("label") or "").strip())
        yield (image.get("subset") or "").strip().lower(), frame
    yield from _video_frames(root, where)


def _video_frames(root: Element, where: str) -> Iterator[tuple[str, Frame]]:
    """The frames that have shapes, and those of the video that have none."""
    by_number: dict[tuple[str, str, str], Frame] = {}
    for track in root.iterfind("track"):
        label = (track.get("label") or "").strip()
        place = (track.get("subset") or "").strip().lower(), track.get("task_id") or ""
        for node in track:
            if node.tag in _SHAPES:
                by_number.setdefault((*place, node.get("frame") or ""), Frame()).add(node, label)
    if not by_number:
        return
    size = (root.findtext("meta/task/size") or root.findtext("meta/job/size") or "").strip()
    if len(size) > _LONGEST_SIZE or (size.isdecimal() and int(size) > _MOST_FRAMES):
        raise SourceError(
            f"{where}: claims a video of {size[:20]} frames, and {_MOST_FRAMES:,} are the most"
        )
    empty = max(0, int(size) - len(by_number)) if size.isdecimal() else 0
    yield from ((subset, frame) for (subset, _, _), frame in by_number.items())
    yield from repeat(("", Frame()), empty)  # one and the same: there may be many


def _find_images(listing: Path, frames: Sequence[tuple[str, Frame]]) -> None:
    names = [frame.name for _, frame in frames if frame.name]
    folder = folder_of_images(listing, names, split_of_name(str(listing)))
    for _, frame in frames:
        frame.path = folder / frame.name if frame.name else None


def _files(
    frames: Iterable[Frame], options: LabelOptions, *, images: bool
) -> tuple[FileFacts, ...]:
    """What each image holds; frames of a video are no files."""
    ignore = frozenset(options.ignore_labels)
    return tuple(
        file_facts(frame.name, frame.path, _named_labels(frame, images=images), ignore=ignore)
        for frame in frames
        if frame.path is not None
    )


def _named_labels(frame: Frame, *, images: bool) -> dict[str, int]:
    found = frame.shapes + frame.tags if images else frame.shapes
    return {name: n for name, n in found.items() if name}


def _tally(frames: list[Frame], options: LabelOptions, *, images: bool) -> ImageTally:
    tally = new_tally(options)
    tally.keeps_sets = images
    for frame in frames:
        missing = frame.shapes[""] + (frame.tags[""] if images else 0)
        tally.add(_named_labels(frame, images=images), missing=missing)
    return tally


def _notes(frames: list[Frame], *, images: bool) -> tuple[str, ...]:
    outside = sum(frame.outside for frame in frames)
    tags = 0 if images else sum(frame.tags.total() for frame in frames)
    notes = []
    if outside:
        notes.append(f"not counted: {counted(outside, 'shape', 'shapes')} outside the frame")
    if tags:
        what = counted(tags, "tag", "tags")
        notes.append(f"not counted: {what} of whole images; --count images counts them")
    return tuple(notes)


SOURCE = Source(recognises=recognises, claims=claims, read_set=read_set, alone=(".xml",))
