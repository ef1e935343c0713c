"""A missing framework is skipped with a reason, or fails where it is required."""

from __future__ import annotations

import json

import pytest
from frameworks_support import needs

REASON = r"needs no_such_framework: pip install imbweights\[frameworks\]"


def test_there() -> None:
    """The module itself."""
    assert needs("json") is json


def test_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skipped, and the reason says what to install."""
    monkeypatch.delenv("IMBWEIGHTS_REQUIRE_FRAMEWORKS", raising=False)
    with pytest.raises(pytest.skip.Exception, match=REASON):
        needs("no_such_framework")


def test_missing_but_required(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure."""
    monkeypatch.setenv("IMBWEIGHTS_REQUIRE_FRAMEWORKS", "1")
    with pytest.raises(pytest.fail.Exception, match=REASON):
        needs("no_such_framework")
