"""The progress bar: on standard error, only where somebody can see it, only for long work."""

from __future__ import annotations

import io
import sys

import pytest

from imbweights.cli import progress


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def test_nobody_to_see_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Piped: nothing is told, nothing is drawn."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress.progress_bar() as bar:
        assert bar is None


def test_short_work_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a moment."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress.progress_bar() as bar:
        assert bar is not None
        bar(1, 2)
        bar(2, 2)
    assert not screen.getvalue()


def test_long_work_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Done of all."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "_A_MOMENT", -1.0)
    with progress.progress_bar() as bar:
        assert bar is not None
        bar(250, 1000)
        bar(1000, 1000)
    drawn = screen.getvalue()
    assert "counting" in drawn
    assert "1000/1000" in drawn
