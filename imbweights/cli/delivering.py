"""Results to standard output and to files."""

from __future__ import annotations

from pathlib import Path

from imbweights.analysis import Analysis
from imbweights.cli import streams
from imbweights.core.errors import UsageError
from imbweights.core.profile import Profile
from imbweights.core.weights import ClassWeights
from imbweights.core.writing import write_atomically
from imbweights.render.forms import Form, form_of
from imbweights.render.rendering import rendered
from imbweights.render.view import View
from imbweights.suggestions import Suggestion


def checked_outputs(paths: list[Path] | None) -> list[tuple[Path, Form]]:
    """The files to write with their forms. Raises before any work is done for them."""
    outputs = [(path, form_of(path)) for path in paths or []]
    for path, _ in outputs:
        if not path.parent.is_dir():
            raise UsageError(f"-o {path}: there is no folder {path.parent}")
        if path.is_dir():
            raise UsageError(f"-o {path}: is a folder")
    return outputs


def deliver(
    result: Analysis | ClassWeights | Suggestion,
    profile: Profile,
    form: Form,
    outputs: list[tuple[Path, Form]],
    view: View,
) -> None:
    """Write the files, then print; so that a reader who leaves early loses nothing.

    Raises ``UsageError`` for a file that is a source: the labels would be gone.
    """
    sources = {Path(path) for path, _, _ in profile.source.files}
    for path, _ in outputs:
        if path.resolve() in sources:
            raise UsageError(f"-o {path}: is the source itself and would be overwritten")
    plain = View(width=view.width, show_all=True, again=view.again)
    for path, wanted in outputs:
        try:
            write_atomically(path, rendered(result, profile, wanted, plain))
        except OSError as error:
            raise UsageError(f"-o {path}: cannot be written ({error.strerror})") from error
        streams.note(f"wrote {path}")
    streams.result(rendered(result, profile, form, view))
