"""The oldest releases that are tested are those that are declared; what mutants left is explained."""

from __future__ import annotations

import json
from pathlib import Path

from packaging.requirements import Requirement

from constraints import FOLDER, declared, oldest

FIGURES = Path(__file__).parents[1] / "figures"


def test_the_oldest_are_the_lower_bounds() -> None:
    """``python scripts/constraints.py oldest`` would change nothing."""
    assert (FOLDER / "oldest.txt").read_text(encoding="utf-8") == oldest()


def test_the_newest_are_allowed() -> None:
    """Every declared package once, in a release within its bounds."""
    lines = (FOLDER / "newest.txt").read_text(encoding="utf-8").splitlines()[1:]
    newest = {r.name: r for r in map(Requirement, lines)}
    assert sorted(newest) == sorted(r.name for r in declared())
    for requirement in declared():
        [pin] = newest[requirement.name].specifier
        assert requirement.specifier.contains(pin.version), requirement


def test_every_survivor_is_explained() -> None:
    """Each mutant that no test kills has its reason, and no reason is left over."""
    groups = json.loads((FIGURES / "mutation.json").read_text(encoding="utf-8"))
    reasons = json.loads((FIGURES / "explained.json").read_text(encoding="utf-8"))
    survivors = [each for group in groups.values() for each in group["survivors"]]
    found = {f"{each['file']}: {each['after']}" for each in survivors}
    assert found == set(reasons)
