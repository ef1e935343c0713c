"""Reading the weights that somebody already has. Nothing that is read is ever run."""

from __future__ import annotations

from imbweights.auditing.reading.opening import read_weights

__all__ = ["read_weights"]
