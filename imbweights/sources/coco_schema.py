"""What is read of a COCO file; everything else in it is passed over while decoding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from imbweights.core.errors import SourceError
from imbweights.sources.files import FileSet
from imbweights.sources.whole import TooLargeError, reason_of, whole_bytes

RESULTS = re.compile(
    rb'\[\s*\{(?=[^{}]*"image_id")(?=[^{}]*"(?:category_id|keypoints)")(?=[^{}]*"score")'
)


# Bytes of memory for each byte of JSON: a box with its numbers is 250 bytes of text.
_MEMORY = 3


class NoLabelsError(SourceError):
    """A COCO file of a sort that has no classes: captions, or a list of images."""


class Image(msgspec.Struct, frozen=True):
    """One image; its size in pixels where the file gives it."""

    id: int | str
    file_name: str | None = None
    height: int | float | None = None
    width: int | float | None = None


class Segment(msgspec.Struct, frozen=True):
    """One segment of a panoptic image; ``area`` in pixels."""

    id: int
    category_id: int
    area: int | float = 0
    iscrowd: int | bool | None = 0


class Annotation(msgspec.Struct, frozen=True):
    """One object, or for panoptic sets one image with its segments."""

    image_id: int | str
    category_id: int | None = None
    iscrowd: int | bool | None = 0
    segments_info: list[Segment] | None = None
    file_name: str | None = None


class Category(msgspec.Struct, frozen=True):
    """One class."""

    id: int
    name: str | int


class _File(msgspec.Struct, frozen=True):
    images: list[Image] = []
    annotations: list[Annotation] | None = None
    categories: list[Category] = []


@dataclass(frozen=True)
class CocoSet:
    """One COCO file."""

    images: list[Image] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)

    @property
    def is_panoptic(self) -> bool:
        """Whether annotations are images with segments."""
        return any(a.segments_info is not None for a in self.annotations)

    @property
    def crowds(self) -> int:
        """Objects that stand for a crowd."""
        flat = sum(bool(a.iscrowd) for a in self.annotations)
        return flat + sum(bool(s.iscrowd) for a in self.annotations for s in a.segments_info or ())

    def unlabelled(self) -> Iterator[int | str]:
        """The image of every object without a category."""
        for annotation in self.annotations:
            if annotation.segments_info is None and annotation.category_id is None:
                yield annotation.image_id

    def objects(self) -> Iterator[tuple[int | str, int]]:
        """(image, category) of every object or segment."""
        for annotation in self.annotations:
            if annotation.segments_info is not None:
                for segment in annotation.segments_info:
                    yield annotation.image_id, segment.category_id
            elif annotation.category_id is not None:
                yield annotation.image_id, annotation.category_id


def decoded_set(files: FileSet, path: str) -> CocoSet:
    """Read one file. Raises ``SourceError`` for what is no ground truth of COCO's form."""
    where = files.shown(path)
    try:
        with files.near(path) as place:
            content = whole_bytes(place, files.limits, _MEMORY)
        found = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=_File)
    except (OSError, TooLargeError) as error:
        raise SourceError(f"{where}: {reason_of(error)}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if RESULTS.match(content.lstrip()[:4096]):
            raise SourceError(
                f"{where}: is a list of detections (a COCO results file), not ground truth"
            ) from error
        raise SourceError(f"{where}: is no COCO file that can be read ({error})") from error
    if found.annotations is None:
        raise NoLabelsError(f"{where}: holds no annotations, only a list of images")
    data = CocoSet(found.images, found.annotations, found.categories)
    if data.annotations and not any(True for _ in data.objects()) and not data.is_panoptic:
        raise NoLabelsError(f"{where}: its annotations have no categories (captions?)")
    if not data.categories:
        raise SourceError(f"{where}: declares no categories")
    return data


def category_names(sets: Mapping[str, CocoSet]) -> dict[int, str]:
    """Category id → name over all files, by id; a name that two ids share is told apart by them.

    Raises ``SourceError`` when files give one id different names.
    """
    names: dict[int, str] = {}
    for path, data in sets.items():
        for category in data.categories:
            name = str(category.name)
            if names.setdefault(category.id, name) != name:
                raise SourceError(
                    f"{path}: category {category.id} is {name!r} here and "
                    f"{names[category.id]!r} in another file",
                    hint="these are not parts of one data set",
                )
    shared = {name for name in names.values() if list(names.values()).count(name) > 1}
    return {
        number: f"{names[number]} ({number})" if names[number] in shared else names[number]
        for number in sorted(names)
    }
