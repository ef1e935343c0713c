"""The register of bad inputs, from which the tests and the table in ``docs/security.md`` are made."""

from hostile_cases.arrays import ARRAYS
from hostile_cases.case import Case, Kind
from hostile_cases.compressed import BOMBS
from hostile_cases.images import IMAGES
from hostile_cases.others import OTHERS
from hostile_cases.sets import SETS
from hostile_cases.texts import TEXTS

CASES: tuple[Case, ...] = (*BOMBS, *ARRAYS, *IMAGES, *TEXTS, *SETS, *OTHERS)

__all__ = ["CASES", "Case", "Kind"]
