"""What describes a YOLO set: the names of its classes and its splits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from imbweights.core.errors import SourceError
from imbweights.core.existing import is_file
from imbweights.core.small_files import small_text
from imbweights.core.yaml_text import YamlError, yaml_value
from imbweights.sources.files import FileSet, named_splits, split_of_path

_LISTS = ("obj.names", "classes.txt", "classes.names", "names.txt")
# A folder of labels lies at most this deep below what describes it: set/labels/train.
_ABOVE = 2
_TELLING = frozenset(("images", "image", "labels", "label", "annotations", "."))
_SPLITS = ("train", "val", "test")

Beside = Callable[[str], Path | None]


@dataclass(frozen=True)
class Layout:
    """``names``: class id → name; ``named_by``: the file that says so. ``folders``: split → part
    of the path that its images (and so its labels) have; ``listed``: image → split, from lists.
    """

    names: Mapping[int, str] = field(default_factory=dict)
    named_by: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)
    listed: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def declared(self) -> bool:
        """Whether anything describes the set at all."""
        return bool(self.named_by)

    def splits(self, paths: Iterable[str]) -> dict[str, list[str]]:
        """Files by split."""
        found = list(paths)
        groups: dict[str, list[str]] = {}
        for path in found:
            groups.setdefault(self._split(path), []).append(path)
        return named_splits(groups)

    def _split(self, path: str) -> str:
        where = f"/{path}".replace("/images/", "/labels/")
        for split, folder in self.folders.items():
            if f"/{folder}/" in where:
                return split
        key = place_key(path)
        alike = self._by_name.get(key.rpartition("/")[2], ())
        exact = next((split for listed, split in alike if _ends_with(listed, key)), "")
        return exact or split_of_path(path)

    @cached_property
    def _by_name(self) -> dict[str, list[tuple[str, str]]]:
        """The listed images with their splits, by the last part of their path."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for listed, split in self.listed.items():
            groups.setdefault(listed.rpartition("/")[2], []).append((listed, split))
        return groups


def place_key(path: str) -> str:
    """A path without its suffix and without the folders that tell labels from images.

    >>> place_key("train/labels/1.txt"), place_key("images/train/1.jpg")
    ('train/1', 'train/1')
    """
    pure = PurePosixPath(path.strip().replace("\\", "/")).with_suffix("")
    return "/".join(p for p in pure.parts if p.lower() not in _TELLING)


def _ends_with(listed: str, key: str) -> bool:
    """Whether one is the end of the other: lists hold absolute paths, or paths from elsewhere."""
    return f"/{listed}".endswith(f"/{key}") or f"/{key}".endswith(f"/{listed}")


def layout_of(files: FileSet) -> Layout:
    """What the files beside the labels say. Raises ``SourceError`` for a description that cannot be
    read.
    """
    for folder, path, name in _candidates(files):
        if path.suffix in {".yaml", ".yml"}:
            described = _from_yaml(path, partial(_beside, files, folder), name)
            if described is not None:
                return described
        else:
            lines = small_text(path, "utf-8-sig", "replace").splitlines()
            names = {i: line.strip() for i, line in enumerate(lines) if line.strip()}
            return Layout(names, PurePosixPath(name).name)
    return Layout()


def _candidates(files: FileSet) -> Iterable[tuple[Path | None, Path, str]]:
    """(folder, file, what messages call it) of descriptions in the folder, or above files or a folder of
    labels. Above remote files nothing is looked for, and no other file that they list.
    """
    if files.is_folder:
        inside = [p for p in files.paths if _describes(PurePosixPath(p).name)]
        for name in sorted(inside, key=lambda p: (p.count("/"), p)):
            yield None if files.remote else files.root, files.at(name), files.shown(name)
    if files.remote is not None:
        return
    if files.is_folder:
        above = list(files.root.resolve().parents[:_ABOVE])
    else:
        start = files.at(files.paths[0]).resolve().parent
        above = [start, *start.parents[:_ABOVE]]
    for folder in above:
        for path in sorted(folder.iterdir()):
            if is_file(path) and _describes(path.name):
                yield folder, path, str(path)


def _beside(files: FileSet, folder: Path | None, listed: str) -> Path | None:
    """A list of images that a description names, if it is there; a remote one in the set itself."""
    if folder is None:
        inside = normpath(listed)
        return files.at(inside) if inside in files.paths else None
    path = folder / listed
    return path if is_file(path) else None


def _describes(name: str) -> bool:
    return name.lower() in _LISTS or name.lower().endswith((".yaml", ".yml", ".names"))


def _from_yaml(path: Path, beside: Beside, name: str) -> Layout | None:
    """``names`` as a list or mapping, and where ``train``, ``val`` and ``test`` lie."""
    try:
        data: Any = yaml_value(small_text(path, "utf-8-sig"), typed=False)
    except (YamlError, UnicodeDecodeError) as error:
        raise SourceError(f"{name}: is no YAML that can be read ({_short(error)})") from error
    if not isinstance(data, dict) or "names" not in data:
        return None
    names = data["names"]
    if isinstance(names, list):
        pairs = dict(enumerate(map(str, names)))
    elif isinstance(names, dict) and all(str(key).isdecimal() for key in names):
        pairs = {int(key): str(name) for key, name in names.items()}
    else:
        raise SourceError(f"{name}: names must be a list, or map class ids to names")
    if len(set(pairs.values())) < len(pairs):
        pairs = {
            i: f"{n} ({i})" if list(pairs.values()).count(n) > 1 else n for i, n in pairs.items()
        }
    folders, listed = _places(data, beside)
    return Layout(
        dict(sorted(pairs.items())), PurePosixPath(name).name, folders, listed, _notes(data, pairs)
    )


def _notes(data: Mapping[str, Any], names: Mapping[int, str]) -> tuple[str, ...]:
    notes = []
    if sorted(names) != list(range(len(names))):
        notes.append(
            "the class ids have gaps, and a network that indexes its outputs by them needs "
            f"{max(names) + 1} outputs; weights are given in the order of the ids"
        )
    if str(data.get("nc") or len(names)) != str(len(names)):
        notes.append(f"nc says {data['nc']} classes, but {len(names)} are named")
    return tuple(notes)


def _places(data: Mapping[str, Any], beside: Beside) -> tuple[dict[str, str], dict[str, str]]:
    folders: dict[str, str] = {}
    listed: dict[str, str] = {}
    for split in _SPLITS:
        places = data.get(split)
        for place in places if isinstance(places, list) else [places]:
            if not isinstance(place, str) or not place.strip():
                continue
            if place.endswith(".txt"):
                path = beside(place)
                if path is not None:
                    lines = small_text(path, errors="replace").splitlines()
                    listed |= {place_key(line): split for line in lines if line.strip()}
                continue
            parts = [p for p in PurePosixPath(place).parts if p not in {"..", ".", "/"}]
            folders[split] = "/".join("labels" if p == "images" else p for p in parts)
    if len(set(folders.values())) < len(folders):  # train and val are the same images
        folders = {}
    return folders, listed


def _short(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:120]
