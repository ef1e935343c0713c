"""The command line: the only place that prints, asks or exits."""

from __future__ import annotations

from imbweights.cli.app import main

__all__ = ["main"]
