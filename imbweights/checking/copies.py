"""Files that are in two splits: named twice, listed twice, linked or copied."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb

from imbweights.core.file_facts import FileFacts

Copy = tuple[str, str, str, str]
_CHUNK = 1 << 20
_SAMPLE = 1 << 12
# So few pixels of another class than the most frequent one may lie alike by chance.
_FEW_PIXELS = 64
# Content that one split holds more often than this is a drawing that many masks share.
_MOST_ALIKE = 2
_BY_CHANCE = 4


@dataclass(frozen=True, slots=True)
class _Place:
    """A file of a split. ``file``: the same for two paths to one file; ``size``: bytes, 0 when it
    cannot be read; ``holds``: what files of equal content have in common, ``None`` when equal
    content tells nothing.
    """

    split: str
    name: str
    path: str
    file: Hashable
    size: int
    holds: Hashable | None


Wanted = Callable[[Sequence[_Place]], bool]


def copies(
    files: Mapping[str, Sequence[FileFacts]],
    named: Sequence[tuple[str, str]] = (),
    *,
    are_masks: bool = False,
) -> tuple[Copy, ...]:
    """(split, name, other split, other name) of files that two splits share.

    Files are the same when their paths lead to the same place, through links too, or when they hold
    the same bytes. ``named``: (split, path) of files that were named for a split.

    ``are_masks``: equal bytes alone do not tell that two masks are those of one image, since an empty
    mask, a dot and the round frame of a microscope come again and again. So at least 64 pixels must
    be of another class than the most frequent one, neither split may hold the same drawing more than
    twice, and where names differ too, masks of two splits must be alike more often than chance has it,
    which masks of one split tell (see ``_by_chance``).
    """
    places = [
        _place(split, file.name, os.fspath(file.path), _holds(file, are_masks=are_masks))
        for split, part in files.items()
        for file in part
    ]
    known = {(place.split, place.file) for place in places}
    more = (_place(split, path, path, ()) for split, path in named)
    places += [place for place in more if (place.split, place.file) not in known]
    same = list(_same_file(places))
    told = {(copy[2], copy[3]) for copy in same}
    alike = _drawn_alike(places) if are_masks else _same_content(places)
    return tuple(dict.fromkeys((*same, *(c for c in alike if (c[2], c[3]) not in told))))


def _place(split: str, name: str, path: str, holds: Hashable | None) -> _Place:
    try:
        found = os.stat(path)  # noqa: PTH116 - called for every file
    except (OSError, ValueError):
        return _Place(split, name, path, os.path.abspath(path), 0, holds)  # noqa: PTH100
    file = (found.st_dev, found.st_ino) if found.st_ino else os.path.realpath(path)
    # A folder that is named twice is one place, but has no bytes of its own.
    return _Place(split, name, path, file, found.st_size if os.path.isfile(path) else 0, holds)  # noqa: PTH113


def _holds(file: FileFacts, *, are_masks: bool) -> Hashable | None:
    """What a mask holds: equal bytes mean equal pixels. Of a photo, nothing is known: its copy may
    have another label.
    """
    if not are_masks:
        return ()
    pixels = [*file.labels.values(), file.ignored]
    if sum(pixels) - max(pixels) < _FEW_PIXELS:
        return None
    return (file.size, file.ignored, tuple(sorted(file.labels.items())))


def _same_file(places: Sequence[_Place]) -> Iterator[Copy]:
    first: dict[Hashable, _Place] = {}
    for place in places:
        one = first.setdefault(place.file, place)
        if one.split != place.split:
            yield one.split, one.name, place.split, place.name


def _same_content(places: Sequence[_Place]) -> Iterator[Copy]:
    """Photos and the like: equal bytes are the same picture."""
    for equal in _equal(places, _in_two_splits):
        yield from _pairs(equal)


def _drawn_alike(places: Sequence[_Place]) -> Iterator[Copy]:
    groups = [
        equal
        for equal in _equal(places, _several)
        if max(Counter(place.split for place in equal).values()) <= _MOST_ALIKE
    ]
    of_each_split = Counter(place.split for place in places if place.holds is not None)
    by_chance = _by_chance(groups, of_each_split)
    for equal in groups:
        for copy in _pairs(equal):
            if not by_chance or os.path.basename(copy[1]) == os.path.basename(copy[3]):  # noqa: PTH119
                yield copy


def _by_chance(groups: Sequence[Sequence[_Place]], masks: Mapping[str, int]) -> bool:
    """Whether masks of two splits are alike no more than four times as often as the pairs of masks
    within a split lead to expect. Simple shapes repeat by chance, and do so within a split as well.
    """
    inside = sum(
        comb(n, 2) for group in groups for n in Counter(place.split for place in group).values()
    )
    across = sum(comb(len(group), 2) for group in groups) - inside
    possible_inside = sum(comb(n, 2) for n in masks.values())
    possible_across = comb(sum(masks.values()), 2) - possible_inside
    expected = _BY_CHANCE * inside * possible_across
    return inside > 0 and across * possible_inside <= expected


def _equal(places: Sequence[_Place], wanted: Wanted) -> Iterator[list[_Place]]:
    """Groups of files with equal bytes; only those that are alike in all that is known are read."""
    known = {id(p): (p.size, p.holds) for p in places if p.size and p.holds is not None}
    for group in _grouped(known, places, wanted):
        sampled = {id(p): _sample(p) for p in group}
        for alike in _grouped(sampled, group, wanted):
            whole = {id(p): _digest(p) for p in alike}
            yield from _grouped(whole, alike, wanted)


def _grouped(
    keys: Mapping[int, Hashable | None], places: Sequence[_Place], wanted: Wanted
) -> Iterator[list[_Place]]:
    """The wanted groups of one key; what has no key is like nothing else."""
    groups: dict[Hashable, list[_Place]] = {}
    for place in places:
        key = keys.get(id(place))
        if key is not None:
            groups.setdefault(key, []).append(place)
    return filter(wanted, groups.values())


def _several(group: Sequence[_Place]) -> bool:
    return len(group) > 1


def _in_two_splits(group: Sequence[_Place]) -> bool:
    return len({place.split for place in group}) > 1


def _pairs(equal: Sequence[_Place]) -> Iterator[Copy]:
    """Each file of a later split beside the first one."""
    one = equal[0]
    for place in equal:
        if place.split != one.split and place.file != one.file:
            yield one.split, one.name, place.split, place.name


def _sample(place: _Place) -> bytes | None:
    """Some bytes of the beginning, the middle and the end: most files differ there."""
    try:
        with open(place.path, "rb", buffering=0) as stream:  # noqa: PTH123
            found = stream.read(_SAMPLE)
            for start in (place.size // 2, place.size - _SAMPLE):
                if start > len(found):
                    stream.seek(start)
                    found += stream.read(_SAMPLE)
            return found if place.size <= _SAMPLE else hashlib.blake2b(found).digest()
    except OSError:
        return None


def _digest(place: _Place) -> bytes | None:
    """The digest of all bytes; ``None`` when the file cannot be read."""
    if place.size <= _SAMPLE:
        return _sample(place)
    digest = hashlib.blake2b(digest_size=16)
    try:
        with open(place.path, "rb", buffering=0) as stream:  # noqa: PTH123
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return None
    return digest.digest()
