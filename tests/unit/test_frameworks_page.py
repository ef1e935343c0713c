"""The page about frameworks knows every framework."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from imbweights.frameworks import FRAMEWORKS, find_framework

PAGE = Path(__file__).parents[2] / "docs" / "frameworks.md"


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_every_framework_has_a_row(name: str) -> None:
    """Its name stands in the first column of the table."""
    first_column = re.findall(r"^\| ([^|]*) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert any(f"`{name}`" in cell for cell in first_column)


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("scikit-learn", "sklearn"),
        ("MMSegmentation", "mmseg"),
        ("openmmlab", "mmseg"),
        ("YOLO", "ultralytics"),
        (" CatBoost ", "catboost"),
    ],
)
def test_frameworks_go_by_their_other_names(alias: str, name: str) -> None:
    """In capitals too."""
    assert find_framework(alias).name == name
