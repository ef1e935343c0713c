"""Codes of what can be wrong with weights, ``IMB1xx``."""

from __future__ import annotations

from imbweights.core.findings import Code

CODES: tuple[Code, ...] = ()
