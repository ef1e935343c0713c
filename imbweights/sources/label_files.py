"""Counting annotation sets that have one label file per image."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from imbweights.core.choices import BadFiles
from imbweights.core.counts import ClassCounts, Unit
from imbweights.core.errors import SourceError
from imbweights.core.file_facts import FileFacts
from imbweights.core.options import LabelOptions
from imbweights.running.cache import About, Counted, counted_each
from imbweights.running.trials import must_see
from imbweights.sources.files import IMAGE_SUFFIXES, FileSet, suffix_of
from imbweights.sources.images_beside import ImagesBeside, expected_image
from imbweights.sources.per_image import ImageTally, file_facts, unit_of
from imbweights.sources.remote.problems import reason_of
from imbweights.sources.whole import TooLargeError, refuse_large_file
from imbweights.sources.wording import bad_files_note

# Bytes of memory for each byte of a label file: XML takes most.
_MEMORY = 12


class BadLabelFileError(Exception):
    """A label file that does not follow its format, with the reason for people."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What one image holds: label → number of objects, and objects without a label.

    ``apart``: labels that the format itself sets apart, which count as ignored.
    """

    objects: Mapping[str, int]
    missing: int = 0
    apart: frozenset[str] = frozenset()


Parse = Callable[[Path], Labels]


# Label file (or image without one), label → objects, and how many were set apart by the format.
Held = tuple[str, Mapping[str, int], int]


@dataclass
class Found:
    """The tally of many label files, the first file of each label, and what cannot be read.

    ``held``: what each file holds, if that is wanted.
    """

    tally: ImageTally
    held: list[Held] = field(default_factory=list)
    first_seen: dict[str, str] = field(default_factory=dict)
    bad: dict[str, str] = field(default_factory=dict)
    apart: dict[str, int] = field(default_factory=dict)


def count_label_files(
    files: FileSet, splits: Mapping[str, Sequence[str]], parse: Parse, options: LabelOptions
) -> tuple[dict[str, Found], tuple[str, ...]]:
    """Each split's files counted, and notes on those that were skipped.

    Raises ``SourceError`` naming a file that cannot be read unless such are to be skipped.
    """
    found: dict[str, Found] = {}
    skips = options.on_bad_files is BadFiles.SKIP
    bad: dict[str, str] = {}
    for split, paths in splits.items():
        part = Found(new_tally(options))
        step = partial(_batch, files.elsewhere(), parse)
        take = partial(_take, part, keeps=options.keep_files)
        counted_each(_about(parse), step, files.here, list(paths), take)
        bad |= part.bad
        found[split] = part
    if bad and (not skips or not any(part.tally.samples for part in found.values())):
        path = min(bad)
        others = f" ({len(bad):,} such files)" if len(bad) > 1 else ""
        raise SourceError(
            f"{files.shown(path)}: {bad[path]}{others}",
            hint=None if skips else "mend it, or leave such files out with --on-bad-files skip",
        )
    return found, bad_files_note(bad)


def class_name(number: int, names: Mapping[int, str]) -> str:
    """The name of a class number; of one that is not declared the number, told apart from a class
    that is called so.

    >>> class_name(1, {1: "cat"}), class_name(7, {1: "cat"}), class_name(7, {1: "7"})
    ('cat', '7', 'id 7')
    """
    known = names.get(number)
    if known is not None:
        return known
    return f"id {number}" if str(number) in names.values() else str(number)


def new_tally(options: LabelOptions) -> ImageTally:
    """An empty tally that keeps what the options ask for."""
    return ImageTally(
        frozenset(options.ignore_labels), keeps_sets=unit_of(options.count) is Unit.IMAGES
    )


def counts_of(found: Mapping[str, Found], options: LabelOptions) -> dict[str, ClassCounts]:
    """The counts of each split, in objects or images."""
    return {split: part.tally.to_counts(unit_of(options.count)) for split, part in found.items()}


def first_files(found: Mapping[str, Found], files: FileSet) -> dict[str, str]:
    """Label → the first file with it, as messages call it."""
    first: dict[str, str] = {}
    for part in found.values():
        for name, path in part.first_seen.items():
            first[name] = min(path, first.get(name, path))
    return {name: files.shown(path) for name, path in first.items()}


def _about(parse: Parse) -> About:
    """What decides how a file is read: the function, and what was given to it (names of classes)."""
    if isinstance(parse, partial):
        given = sorted((name, repr(value)) for name, value in parse.keywords.items())
        return About(parse.func.__module__, given)
    return About(parse.__module__)


def _batch(files: FileSet, parse: Parse, paths: Sequence[str]) -> list[Counted]:
    """One batch, in whichever process."""
    return [_parsed(files, path, near, parse) for path, near in files.nearby(paths)]


def _parsed(files: FileSet, path: str, near: AbstractContextManager[Path], parse: Parse) -> Counted:
    try:
        with near as place:
            refuse_large_file(place, files.limits, _MEMORY)
            labels = parse(place)
    except (BadLabelFileError, TooLargeError) as error:
        return Counted(path, None, str(error))
    except SourceError as error:
        return Counted(path, None, reason_of(error))
    except OSError as error:
        must_see(files.at(path))
        return Counted(path, None, f"cannot be read ({error.strerror})")
    except UnicodeDecodeError as error:
        return Counted(path, None, f"is not UTF-8 text (byte {error.start})")
    except (ValueError, OverflowError, RecursionError) as error:
        # A class of thousands of digits, a label that is infinite.
        return Counted(path, None, f"holds what is no label ({str(error).splitlines()[0]})")
    return Counted(path, (dict(labels.objects), labels.missing, sorted(labels.apart)))


def _take(found: Found, part: Sequence[Counted], *, keeps: bool) -> None:
    """Add files, or note why they cannot be read."""
    for path, record, bad in part:
        if bad is not None:
            found.bad[path] = bad
            continue
        objects, missing, apart = record
        kept = _add(found, path, Labels(objects, missing, frozenset(apart)))
        if keeps:
            found.held.append((path, kept, sum(objects.values()) - sum(kept.values())))


def files_of(
    found: Mapping[str, Found], files: FileSet, options: LabelOptions
) -> dict[str, tuple[FileFacts, ...]]:
    """What the image of each label file holds, by name, if that is wanted.

    An image that cannot be found goes by the name of its label file.
    """
    if not options.keep_files:
        return {}
    beside, ignore = ImagesBeside(), frozenset(options.ignore_labels)
    return {
        split: tuple(_facts(files, beside, each, ignore) for each in sorted(part.held, key=_first))
        for split, part in found.items()
    }


def _first(held: Held) -> str:
    return held[0]


def _facts(files: FileSet, beside: ImagesBeside, held: Held, ignore: frozenset[str]) -> FileFacts:
    path, labels, apart = held
    label = files.place(path)
    image = label if suffix_of(path) in IMAGE_SUFFIXES else beside.of(label)
    name = files.shown(path) if image is None else str(image)
    place = expected_image(label) if image is None else image
    return file_facts(name, place, labels, ignore=ignore, ignored=apart)


def _add(found: Found, path: str, labels: Labels) -> dict[str, int]:
    kept = {name: n for name, n in labels.objects.items() if name not in labels.apart}
    found.tally.add(kept, missing=labels.missing)
    for name, n in labels.objects.items():
        if name in labels.apart:
            found.tally.ignored += n
            found.apart[name] = found.apart.get(name, 0) + n
        else:
            found.first_seen[name] = min(path, found.first_seen.get(name, path))
    return kept
