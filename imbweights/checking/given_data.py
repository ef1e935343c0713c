"""What Python callers hand to ``check``: paths, splits, or the labels themselves."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from imbweights.analysis import source_paths
from imbweights.core.errors import UsageError
from imbweights.core.options import LabelOptions
from imbweights.core.profile import Profile, Recognised
from imbweights.core.urls import is_remote
from imbweights.profiling import profile_from
from imbweights.sources.opening import split_of
from imbweights.sources.python_objects import read_object

_SPLIT_NAME = re.compile(r"[A-Za-z][\w-]*")
_SPLIT_PATH = re.compile(r"[A-Za-z][\w-]*=.*(\.\w{1,8}|[/\\].*)")
_HINT = "give {'train': …, 'val': …} with a path each or with labels each"


def given_paths(value: Any) -> tuple[str, ...] | None:
    """The paths that were given, splits as ``train=path``; ``None`` where the value holds labels.

    A list of texts is one of paths when each is another, and either all exist or all are written
    ``split=path``. Texts in a mapping are paths, since counts are numbers. Raises ``UsageError`` for
    a mixture, and for splits whose name is none.
    """
    if isinstance(value, Mapping):
        return _of_mapping(value)
    if isinstance(value, list | tuple) and value and all(map(_is_path, value)):
        return _of_list([os.fspath(each) for each in value], value)
    return source_paths(value)


def labels_of_splits(value: Any) -> dict[str, Any] | None:
    """Split → its labels, of a mapping that holds such; ``None`` for anything else."""
    if not isinstance(value, Mapping) or not value or not all(map(_is_labels, value.values())):
        return None
    _refuse_names(value)
    return dict(value)


def profile_of_splits(splits: Mapping[str, Any], options: LabelOptions) -> Profile:
    """The profile of labels in memory, split by split."""
    readings = [(split, read_object(y, options)) for split, y in splits.items()]
    return profile_from(readings, Recognised(name="y", kind="python"), options)


def _of_mapping(value: Mapping[Any, Any]) -> tuple[str, ...] | None:
    paths = [_is_path(each) for each in value.values()]
    if not any(paths):
        if any(map(_is_labels, value.values())) and not all(map(_is_labels, value.values())):
            raise UsageError("some values of the mapping are counts and some are lists", hint=_HINT)
        return None
    if not all(paths):
        raise UsageError("some values of the mapping are paths and some are not", hint=_HINT)
    _refuse_names(value)
    return tuple(f"{split}={os.fspath(path)}" for split, path in value.items())


def _of_list(texts: Sequence[str], given: Sequence[Any]) -> tuple[str, ...] | None:
    if all(isinstance(each, os.PathLike) for each in given):
        return tuple(texts)
    # Labels come again and again, and there may be millions of them: the first one mostly decides.
    if not _may_be_path(texts[0]) or len(set(texts)) < len(texts):
        return None
    missing = [text for text in texts if not _may_be_path(text)]
    if missing and all(os.path.splitext(text)[1] for text in texts):  # noqa: PTH122
        raise UsageError(
            f"{missing[0]}: no such file, though {texts[0]} is one",
            hint="labels that are called like files: give an array of them",
        )
    return None if missing else tuple(texts)


def _may_be_path(text: str) -> bool:
    """A file, or ``split=path`` whether it exists or not; a folder may have the name of a class."""
    split, path = split_of(text)
    if split:
        return _SPLIT_PATH.fullmatch(text) is not None or is_remote(path) or os.path.exists(path)  # noqa: PTH110
    if is_remote(path):
        return True
    return os.path.isfile(path) or (os.path.isdir(path) and path != os.path.basename(path))  # noqa: PTH112, PTH113, PTH119


def _is_path(value: Any) -> bool:
    return isinstance(value, str | os.PathLike)


def _is_labels(value: Any) -> bool:
    """Something that holds many: a number in an array without dimensions is a count."""
    many = isinstance(value, Iterable) and not isinstance(value, str | bytes | os.PathLike)
    return many and getattr(value, "ndim", 1) > 0


def _refuse_names(splits: Mapping[Any, Any]) -> None:
    for name in splits:
        if not isinstance(name, str) or _SPLIT_NAME.fullmatch(name) is None:
            raise UsageError(
                f"{name!r} is no name of a split", hint="a letter, then letters, digits, _ and -"
            )
