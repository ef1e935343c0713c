"""NumPy's file of one array: bytes, hence written to a file and never printed."""

from __future__ import annotations

from typing import NoReturn

from imbweights.core.errors import UsageError
from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject, by_no_gradient


def not_printed(subject: Subject) -> NoReturn:
    """Say how to have it. Always raises ``UsageError``."""
    del subject
    raise UsageError(
        "--for npy: its bytes cannot be printed", hint="-o weights.npy writes them to a file"
    )


FRAMEWORK = Framework(
    name="npy",
    title="NumPy file",
    suffix=".npy",
    comment="",
    reference="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html",
    code=dict.fromkeys(Role, not_printed),
    scale_matters=by_no_gradient,
    by_index=False,
)
