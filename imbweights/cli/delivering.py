"""Results to standard output and to files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from imbweights.cli import streams
from imbweights.core.errors import UsageError
from imbweights.core.profile import Profile
from imbweights.core.urls import refuse_remote
from imbweights.core.writing import write_atomically
from imbweights.render.forms import Form, form_of
from imbweights.render.rendering import Result, rendered
from imbweights.render.view import View

# A report says so in its first line; the template holds the same.
PAGE_START = b"<!doctype html>\n<!-- imbweights"
# How our own files begin; what begins otherwise in a source folder may be data.
_OURS = (b'{\n  "schema": "imbweights.', b"index,class,", b"row,class,", b"**", b"# ", PAGE_START)

_NEVER_DATA = {".svg", ".pdf"}

Content = Callable[[], str | bytes]
Files = Mapping[Path, Content]


def checked_outputs(paths: Iterable[Path]) -> list[tuple[Path, Form]]:
    """The files to write with their forms. Raises before any work is done for them."""
    outputs = [(path, form_of(path)) for path in paths]
    check_places(path for path, _ in outputs)
    return outputs


def check_places(paths: Iterable[Path], option: str = "-o") -> None:
    """Raise ``UsageError`` for files that could not be written; ``option``: what named them."""
    for path in paths:
        if not path.parent.is_dir():
            refuse_remote(option, str(path))
            raise UsageError(f"{option} {path}: there is no folder {path.parent}")
        if path.is_dir():
            raise UsageError(f"{option} {path}: is a folder")


def result_files(
    result: Result, profile: Profile, outputs: list[tuple[Path, Form]], view: View
) -> Files:
    """The result in the form that each file name asks for."""
    plain = replace(view, color=False, unicode=True, show_all=True)
    return {path: partial(rendered, result, profile, form, plain) for path, form in outputs}


def deliver(profile: Profile, text: Content, files: Files, inputs: Iterable[Path] = ()) -> None:
    """Write the files, then print ``text``; what was read is not overwritten."""
    deliver_beside([Path(path) for path, _, _ in profile.source.files], text, files, inputs)


def deliver_beside(
    sources: Iterable[Path], text: Content, files: Files, inputs: Iterable[Path] = ()
) -> None:
    """Write the files, then print ``text``; so that a reader who leaves early loses nothing.

    Contents are made one at a time. Raises as ``refuse_inputs`` does.
    """
    refuse_inputs(files, sources, inputs)
    for path, content in files.items():
        try:
            write_atomically(path, content())
        except OSError as error:
            raise UsageError(f"-o {path}: cannot be written ({error.strerror})") from error
        streams.note(f"wrote {path}")
    shown = text()
    streams.result(shown if isinstance(shown, str) else shown.decode())


def refuse_inputs(
    outputs: Iterable[Path], sources: Iterable[Path], inputs: Iterable[Path] = ()
) -> None:
    """Raise ``UsageError`` for an output that was read, be it a source or one of the other
    ``inputs``: it would be gone. In a folder that is a source only our own files are replaced.
    """
    kept = [path.resolve() for path in sources]
    given = {path.resolve() for path in inputs}
    for path in outputs:
        where = path.resolve()
        if where in kept:
            raise UsageError(f"-o {path}: is the source itself and would be overwritten")
        if where in given:
            raise UsageError(f"-o {path}: was given as an input and would be overwritten")
        if any(source in where.parents for source in kept) and is_foreign(path):
            raise UsageError(
                f"-o {path}: lies in the source folder and was not written by imbweights",
                hint="choose another name, or a folder of its own",
            )


def is_foreign(path: Path) -> bool:
    """Whether there is a file of that name which does not begin as ours do."""
    if not path.exists() or path.suffix.lower() in _NEVER_DATA:
        return False
    with path.open("rb") as stream:
        return not stream.read(64).startswith(_OURS)
