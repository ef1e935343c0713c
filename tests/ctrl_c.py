"""Processes that tests interrupt."""

from __future__ import annotations

import signal


def hearing_ctrl_c() -> None:
    """For a new process: what a shell starts in the background ignores Ctrl-C, and hands that down."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
