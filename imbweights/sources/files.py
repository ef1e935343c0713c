"""Many files that are one source: a folder, or files named one by one."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from imbweights.core.errors import SourceError
from imbweights.core.limits import Limits
from imbweights.sources.steady import Steady

if TYPE_CHECKING:
    from imbweights.sources.remote.folder import RemoteSet

IMAGE_SUFFIXES = (
    *(".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"),  # torchvision's
    ".gif",
)
_SPLIT = re.compile(
    r"(train(?:ing)?|val(?:id(?:ation)?)?|dev|test(?:ing)?)(?:annot|_?masks?|_?labels?)?(_?\d{4})?",
    re.IGNORECASE,
)
_IN_NAME = re.compile(
    r"(?:^|[_.-])(train|val|valid|validation|dev|test)(_?\d{4})?(?=[_.-]|$)", re.IGNORECASE
)
NO_SPLIT = "(none)"
# Folders of masks, without blanks and signs; also train_labels, valannot, labelsTr, SegmentationClass.
_MASK_FOLDER = re.compile(
    r"(train|training|val|valid|validation|dev|test|testing)?"
    r"(masks?|labels?|annots?|annotations?|gt|gtfine|gtcoarse|groundtruths?|seg|segs|segmentations?|"
    r"segmentationclass|semantic|labelmaps?|labels?(tr|ts|val)|labeled\w*)"
)
_MASK_FILE = re.compile(r"(?i)[_-](mask|gt|seg|label|labelids|labeltrainids|l)$")
_ANNOTATIONS = re.compile(rb'"(annotations|categories|segments_info|shapes)"\s*:\s*\[')
_NOT_A_MASK = re.compile(r"(?i)(no|with|without)[ _-]?mask")


@dataclass(frozen=True)
class FileSet:
    """Files under one root, in order of their names.

    ``root``: the folder that ``paths`` are relative to. ``name``: what messages call it.
    ``is_folder``: the user named the folder, not the files. ``hidden``: files left out because
    they, or a folder of theirs, begin with a dot. ``remote``: where they are, if not on this machine.
    ``limits``: how much may be held at once.
    """

    root: Path
    name: str
    paths: tuple[str, ...]
    is_folder: bool = True
    hidden: int = 0
    remote: RemoteSet | None = None
    limits: Limits = Limits()  # noqa: RUF009 - frozen

    @classmethod
    def of_remote(
        cls,
        remote: RemoteSet,
        name: str,
        paths: tuple[str, ...],
        *,
        is_folder: bool = True,
        hidden: int = 0,
    ) -> FileSet:
        """Files that are not on this machine."""
        return cls(Path(), name, paths, is_folder, hidden, remote)

    @cached_property
    def suffixes(self) -> Counter[str]:
        """How many files have each lower-case suffix (``.nii.gz`` counts as one)."""
        return Counter({suffix: len(paths) for suffix, paths in self._by_suffix.items()})

    @cached_property
    def _by_suffix(self) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for path in self.paths:
            groups.setdefault(suffix_of(path), []).append(path)
        return groups

    def having(self, *suffixes: str) -> list[str]:
        """The files with one of these suffixes, by name."""
        groups = [self._by_suffix[suffix] for suffix in suffixes if suffix in self._by_suffix]
        return list(groups[0]) if len(groups) == 1 else sorted(p for group in groups for p in group)

    def at(self, path: str) -> Path:
        """Where a file lies; a remote one is brought near and stays, so this is for few files."""
        if self.remote is not None:
            return self.remote.file(path, self.shown(path)).near()
        return self.root / path

    def place(self, path: str) -> Path:
        """Where a file lies, for its name alone: at the place of a remote one is nothing here."""
        return self.root / path if self.remote is None else Path(self.shown(path))

    @property
    def here(self) -> Path | None:
        """The folder that ``paths`` are relative to, where the files lie on this machine."""
        return self.root if self.remote is None else None

    def nearby(self, paths: Sequence[str]) -> Iterator[tuple[str, AbstractContextManager[Path]]]:
        """Each path with its file, which is there within the context.

        Remote files come one by one and go again; entering raises ``RemoteError`` for one that
        cannot be read. Leaving raises ``ChangedError`` for one that did not stay as it was.
        """
        if self.remote is None:
            return ((path, Steady(self.root / path, self.shown(path))) for path in paths)
        from imbweights.sources.remote.folder import fetched

        return fetched(self.remote, [(path, self.shown(path)) for path in paths])

    def shown(self, path: str) -> str:
        """What a message calls a file."""
        return f"{self.name.rstrip('/')}/{path}" if self.is_folder else path

    @contextmanager
    def near(self, path: str) -> Iterator[Path]:
        """One file, which is there within the context."""
        for _, coming in self.nearby([path]):
            with coming as place:
                yield place

    def only(self, paths: Iterable[str]) -> FileSet:
        """The same set with just these files."""
        remote = self.remote and replace(self.remote, starts={})  # it may be sent to workers
        return replace(self, paths=tuple(paths), remote=remote)

    def below(self, prefix: str) -> FileSet:
        """The files in an inner folder (``a/b/``), which becomes the root."""
        inside = tuple(path.removeprefix(prefix) for path in self.paths if path.startswith(prefix))
        remote = self.remote and replace(self.remote, root=f"{self.remote.root}{prefix}", starts={})
        root = self.root / prefix if remote is None else self.root
        return FileSet(
            root, f"{self.name.rstrip('/')}/{prefix}", inside, remote=remote, limits=self.limits
        )

    def inner(self, path: str) -> str:
        """What messages call a folder or file inside, as it would be typed."""
        return str(self.root / path) if self.remote is None else f"{self.name.rstrip('/')}/{path}"

    def elsewhere(self) -> FileSet:
        """The set without its files, as another process finds them, wherever it was started."""
        if self.remote is not None:
            return self.only(())
        root = Path(os.path.abspath(self.root))  # noqa: PTH100 - links stay as they are
        return replace(self, root=root, paths=())

    def start(self, path: str, size: int = 4096) -> bytes:
        """The first bytes of a file. Raises ``SourceError`` when it cannot be read."""
        if self.remote is not None:
            return self.remote.start(path, self.shown(path), size)
        try:
            with self.at(path).open("rb") as stream:
                return stream.read(size)
        except OSError as error:
            raise SourceError(f"{self.shown(path)}: cannot be read ({error.strerror})") from error


def suffix_of(path: str) -> str:
    """The lower-case suffix of a path.

    >>> suffix_of("a/b.PNG"), suffix_of("a.nii.gz"), suffix_of("data.json.gz")
    ('.png', '.nii.gz', '.gz')
    """
    lower = path.lower()
    if lower.endswith(".nii.gz"):
        return ".nii.gz"
    # As pathlib has it, which takes several times as long: a leading dot begins no suffix.
    name = lower.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return f".{suffix}" if dot and suffix and stem.strip(".") else ""


def stem_of(path: str) -> str:
    """A file's name without its last suffix.

    >>> stem_of("a/b.tar.gz"), stem_of(".hidden"), stem_of("a.")
    ('b.tar', '.hidden', 'a.')
    """
    # As pathlib has it, which takes several times as long.
    name = path.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and suffix and stem.strip(".") else name


def folder_files(folder: Path, name: str) -> FileSet:
    """Every file under ``folder``; links are followed, but no folder is entered twice."""
    found: list[str] = []
    hidden = 0
    for path in _walked(folder, "", {os.path.realpath(folder)}):
        if any(part.startswith(".") for part in path.split("/")):
            hidden += 1
        else:
            found.append(path)
    return FileSet(folder, name, tuple(sorted(found)), is_folder=True, hidden=hidden)


def _walked(folder: Path, prefix: str, entered: set[str]) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise SourceError(f"{folder}: cannot be read ({error.strerror})") from error
    for entry in entries:
        path = f"{prefix}{entry.name}"
        try:
            if entry.is_dir():
                real = os.path.realpath(entry.path)
                if real not in entered:
                    entered.add(real)
                    yield from _walked(Path(entry.path), path + "/", entered)
            elif entry.is_file():
                yield path
        except OSError:
            continue  # a link to nowhere is no file


def named_files(paths: Sequence[Path], name: str) -> FileSet:
    """Files that the user named, as one set."""
    root = Path()
    return FileSet(root, name, tuple(str(path) for path in paths), is_folder=False)


def split_of_path(path: str) -> str:
    """The split that a folder on the way names; ``""`` when none does.

    >>> split_of_path("images/train2017/a.png"), split_of_path("trainannot/a.png")
    ('train2017', 'train')
    >>> split_of_path("masks/a.png")
    ''
    """
    for part in reversed(path.split("/")[:-1]):
        match = _SPLIT.fullmatch(part)
        if match:
            return (match[1] + (match[2] or "")).lower()
    return ""


def split_of_name(path: str) -> str:
    """The split that a file's own name tells, else that of its folder.

    >>> split_of_name("annotations/instances_val2017.json")
    'val2017'
    >>> split_of_name("train/_annotations.coco.json")
    'train'
    """
    match = _IN_NAME.search(PurePosixPath(path).stem)
    return (match[1] + (match[2] or "")).lower() if match else split_of_path(path)


def by_split(paths: Iterable[str]) -> dict[str, list[str]]:
    """Files by the split that their folders name.

    When no folder, or only one, names a split, there is nothing to tell apart.
    """
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(split_of_path(path), []).append(path)
    return named_splits(groups)


def named_splits(groups: dict[str, list[str]]) -> dict[str, list[str]]:
    """The groups under names for people; a single group is no split."""
    if len(groups) < 2:
        return {"": [path for group in groups.values() for path in group]}
    return {name or NO_SPLIT: paths for name, paths in groups.items()}


def is_mask_place(path: str) -> bool:
    """Whether a folder on the way, or the file's own name, says that this is a mask.

    >>> is_mask_place("train_labels/a.png"), is_mask_place("a_mask.png"), is_mask_place("cat/a.png")
    (True, True, False)
    """
    folder, _, name = path.rpartition("/")
    return _holds_masks(folder) or _MASK_FILE.search(stem_of(name)) is not None


@lru_cache(maxsize=4096)
def _holds_masks(folder: str) -> bool:
    """Whether a folder, or one on the way to it, is called as folders of masks are."""
    folders = (re.sub(r"[ _-]", "", part.lower()) for part in folder.split("/"))
    return any(_MASK_FOLDER.fullmatch(part) for part in folders)


def speaks_of_face_masks(paths: Iterable[str]) -> bool:
    """``with_mask`` and ``no_mask`` are classes of photos."""
    folders = {path.rpartition("/")[0] for path in paths}
    return any(_NOT_A_MASK.fullmatch(part) for folder in folders for part in folder.split("/"))


def holds_annotations(files: FileSet) -> bool:
    """Whether JSON files beside the images hold the labels, as those of COCO and LabelMe do."""
    return any(
        _ANNOTATIONS.search(files.start(path, 1 << 17)) for path in files.having(".json")[:5]
    )
