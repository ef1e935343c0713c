"""Ctrl-C, noticed for sure; and a wish to end, obeyed in order."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def noticing_interrupts() -> Iterator[Callable[[], bool]]:
    """Gives a function that tells whether Ctrl-C was pressed.

    It raises ``KeyboardInterrupt`` as ever; but Python drops an exception that comes up in a
    finaliser or in a callback of C code, and a long run would go on. Outside the main thread, and
    where somebody else handles the signal, nothing is changed.
    """
    asked = False

    def handler(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        raise KeyboardInterrupt

    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield lambda: False
        return
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


TERMINATED = 143


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Within this context ``SIGTERM`` ends the process as an exception does, with status 143.

    Whatever is being done is left through its ``finally``: temporary files go, workers end, old
    files stay. Outside the main thread, and where somebody else handles the signal, nothing is
    changed.
    """

    def handler(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(TERMINATED)

    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
