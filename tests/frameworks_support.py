"""Frameworks that are large and need not be there: their tests are skipped, and say so."""

from __future__ import annotations

import importlib
import os
import warnings
from typing import Any

import pytest


def needs(name: str) -> Any:
    """The framework called ``name``, or the calling test module is skipped with the reason.

    With ``IMBWEIGHTS_REQUIRE_FRAMEWORKS=1`` a missing framework fails the run instead, so that a
    job that is there to compare with frameworks cannot pass without them.
    """
    # What a framework warns of while it is loaded is no failure of ours.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return importlib.import_module(name)
        except ImportError:
            reason = f"needs {name}: pip install imbweights[frameworks]"
            if os.environ.get("IMBWEIGHTS_REQUIRE_FRAMEWORKS") == "1":
                pytest.fail(reason, pytrace=False)
            pytest.skip(reason, allow_module_level=True)
