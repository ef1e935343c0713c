"""Results to standard output and to files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from imbweights.cli import streams
from imbweights.core.errors import UsageError
from imbweights.core.profile import Profile
from imbweights.core.writing import write_atomically
from imbweights.render.forms import Form, form_of
from imbweights.render.rendering import Result, rendered
from imbweights.render.view import View

Content = Callable[[], str | bytes]
Files = Mapping[Path, Content]


def checked_outputs(paths: Iterable[Path]) -> list[tuple[Path, Form]]:
    """The files to write with their forms. Raises before any work is done for them."""
    outputs = [(path, form_of(path)) for path in paths]
    check_places(path for path, _ in outputs)
    return outputs


def check_places(paths: Iterable[Path]) -> None:
    """Raise ``UsageError`` for files that could not be written."""
    for path in paths:
        if not path.parent.is_dir():
            raise UsageError(f"-o {path}: there is no folder {path.parent}")
        if path.is_dir():
            raise UsageError(f"-o {path}: is a folder")


def result_files(
    result: Result, profile: Profile, outputs: list[tuple[Path, Form]], view: View
) -> Files:
    """The result in the form that each file name asks for."""
    plain = View(width=view.width, show_all=True, again=view.again)
    return {path: partial(rendered, result, profile, form, plain) for path, form in outputs}


def deliver(profile: Profile, text: Content, files: Files) -> None:
    """Write the files, then print ``text``; the files that were counted are not overwritten."""
    deliver_beside([Path(path) for path, _, _ in profile.source.files], text, files)


def deliver_beside(sources: Iterable[Path], text: Content, files: Files) -> None:
    """Write the files, then print ``text``; so that a reader who leaves early loses nothing.

    Contents are made one at a time. Raises ``UsageError`` for a file that is a source: the labels
    would be gone.
    """
    kept = {path.resolve() for path in sources}
    for path in files:
        if path.resolve() in kept:
            raise UsageError(f"-o {path}: is the source itself and would be overwritten")
    for path, content in files.items():
        try:
            write_atomically(path, content())
        except OSError as error:
            raise UsageError(f"-o {path}: cannot be written ({error.strerror})") from error
        streams.note(f"wrote {path}")
    shown = text()
    streams.result(shown if isinstance(shown, str) else shown.decode())
