"""Ctrl-C is noticed even where Python drops the exception."""

from __future__ import annotations

import contextlib
import os
import signal
import sys

import pytest

from imbweights.running.interrupts import noticing_interrupts


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to itself")
def test_an_interrupt_that_is_swallowed_is_noticed() -> None:
    """As in a finaliser; and afterwards the signal is what it was."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with noticing_interrupts() as interrupted:
            assert not interrupted()
            with contextlib.suppress(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGINT)
            assert interrupted()
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_handler_of_somebody_else_stays() -> None:
    """Nothing is changed then."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with noticing_interrupts() as interrupted:
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
            assert not interrupted()
    finally:
        signal.signal(signal.SIGINT, before)
