"""Bad inputs of all sorts: each ends in time and within memory, with a message, and never counts wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from hostile_cases import CASES, Case
from hostile_support import ended, made

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="limits of memory and time are those of Linux"
)
_STATUSES = {0, 1, 2}
# What nothing that is read may do: the programs hidden in some cases would leave this file.
_ATTACKED = "attacked"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_input_ends_with_a_message(case: Case, tmp_path: Path) -> None:
    """With the status that it should, a message that names the problem, and the right counts if any."""
    folder = tmp_path / "work"
    folder.mkdir()
    made(case, folder)
    end = ended(case, folder, tmp_path / "record")
    said = end.out + end.err
    assert "Traceback" not in said
    assert "bug in imbweights" not in said
    assert end.status in _STATUSES
    assert end.status == case.status, said[-2000:]
    lower = said.lower()
    assert [words for words in case.says if words.lower() not in lower] == [], said[-2000:]
    assert end.status == 0 or end.err.strip() or end.out.strip()
    assert "\x1b" not in said
    assert not (folder / _ATTACKED).exists()
    assert end.megabytes <= case.megabytes
    if case.counts is not None:
        found = {each["name"]: each["count"] for each in json.loads(end.out)["classes"]}
        assert found == dict(case.counts)


def test_the_register_is_large_and_its_names_differ() -> None:
    """At least 150 inputs; a name is a case."""
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 150
