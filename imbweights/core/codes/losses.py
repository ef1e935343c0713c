"""Codes of what can be wrong with a loss, ``IMB2xx``."""

from __future__ import annotations

from imbweights.core.findings import Code

CODES: tuple[Code, ...] = ()
