"""The forms in which results can be had, and which one a file name asks for."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from imbweights.core.errors import UsageError


class Form(StrEnum):
    """The forms in which every result can be had."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"


FORM_OF_SUFFIX = {".json": Form.JSON, ".csv": Form.CSV, ".md": Form.MARKDOWN, ".txt": Form.TABLE}


def form_of(path: Path) -> Form:
    """The form that a file name asks for. Raises ``UsageError`` when it asks for none.

    >>> form_of(Path("weights.json")).value
    'json'
    """
    try:
        return FORM_OF_SUFFIX[path.suffix.lower()]
    except KeyError:
        raise UsageError(
            f"-o {path}: the name must end in one of {', '.join(FORM_OF_SUFFIX)}, which says the form"
        ) from None
