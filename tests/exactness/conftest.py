"""Differential tests with libraries that the core does without: skipped where they are missing."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest

_NEEDED = ("polars", "pyarrow", "pycocotools", "zstandard")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, saying why; or fail where ``.ci/run`` says that nothing may be skipped."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if not missing:
        return
    if os.environ.get("IMBWEIGHTS_REQUIRE_EXACTNESS") == "1":
        raise pytest.UsageError(f"missing: {', '.join(missing)}")
    reason = f"needs {', '.join(missing)}: pip install 'imbweights[test]' polars"
    for item in items:
        if "exactness" in item.path.parts:
            item.add_marker(pytest.mark.skip(reason=reason))
