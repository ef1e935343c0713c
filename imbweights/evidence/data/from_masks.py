"""Data sets from masks and their images."""

from __future__ import annotations

from dataclasses import replace

from imbweights.core.errors import UsageError
from imbweights.evidence.data.columns import Column, described
from imbweights.evidence.data.labels import single
from imbweights.evidence.data.loaded import (
    Loaded,
    finished,
    renaming,
)
from imbweights.evidence.data.pixels import NAMES, sampled_pixels
from imbweights.evidence.dataset import Dataset
from imbweights.sources.base import InputFile
from imbweights.sources.files import FileSet, by_split, named_files
from imbweights.sources.masks import masks_of
from imbweights.sources.opening import opened
from imbweights.sources.remote.folder import named_set


def of_masks(loaded: Loaded) -> Dataset:
    """Sampled pixels, grouped by image."""
    if loaded.wishes.images is None:
        raise UsageError(
            "masks alone hold no features: a sweep needs the images that they belong to",
            hint="--images DIR",
        )
    masks = _mask_set(loaded)
    place = {name: i for i, name in enumerate(loaded.counts.classes)}
    named = place | {
        text: place[name] for text, name in renaming(loaded.options).items() if name in place
    }
    limit = (loaded.wishes.max_rows, loaded.wishes.seed)
    pixels = sampled_pixels(masks, loaded.wishes.images, named, loaded.options, limit)
    found = single(pixels.codes, loaded.counts, loaded.wishes)
    columns = [
        Column(name=name, values=pixels.features[found.rows, i], named=True)
        for i, name in enumerate(NAMES)
    ]
    facts = described(columns)
    notes = [
        f"{len(found.rows):,} pixels were sampled from {pixels.used:,} masks; folds keep images whole"
    ]
    if pixels.unmatched:
        count = len(pixels.unmatched)
        which = "mask has" if count == 1 else "masks have"
        more = " …" if count > 1 else ""
        notes.append(f"{count:,} {which} no image ({pixels.unmatched[0]}{more})")
    return finished(
        loaded,
        found,
        facts.matrix,
        groups=pixels.images[found.rows],
        grouped_by="image",
        unit="pixels",
        left_out=facts.left_out,
        notes=(*notes, *facts.notes),
    )


def _mask_set(loaded: Loaded) -> FileSet:
    """The masks of the split that is taken."""
    with opened(loaded.spec.paths, loaded.options.limits) as items:
        folders = [
            item
            for split, item in items
            if isinstance(item, FileSet) and (not split or loaded.takes(split))
        ]
        files = [
            item for split, item in items if isinstance(item, InputFile) and loaded.takes(split)
        ]
    if files:
        name = f"{len(files):,} files" if len(files) > 1 else files[0].name
        remote = [file.remote for file in files if file.remote is not None]
        if not remote:
            together = named_files([file.path for file in files], name)
            return replace(together, limits=loaded.options.limits)
        if len(remote) < len(files):
            raise UsageError("a sweep reads masks from one place: all remote, or all from here")
        where, names = named_set(remote)
        return FileSet.of_remote(where, name, names, is_folder=False)
    if len(folders) > 1:
        raise UsageError("name one folder of masks for a sweep")
    masks = folders[0].only(masks_of(folders[0]))
    splits = by_split(masks.paths)
    return masks.only(splits[loaded.split]) if loaded.split in splits else masks
