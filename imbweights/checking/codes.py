"""Every code there is: of data, weights and losses."""

from __future__ import annotations

from difflib import get_close_matches

from imbweights.core.codes import CODES
from imbweights.core.errors import UsageError
from imbweights.core.findings import Code
from imbweights.rules import RULES

ALL_CODES: dict[str, Code] = {code: rule.code for code, rule in RULES.items()} | CODES


# Of six signs one may differ; what differs in two is no slip of a finger.
_NEAR = 0.8
_DIGITS = str.maketrans("OIL", "011")


def near_codes(typed: str) -> list[str]:
    """The code that may be meant, if one is that near.

    >>> near_codes("IMB0O3"), near_codes("IMB999")
    (['IMB003'], [])
    """
    meant = typed[:3] + typed[3:].translate(_DIGITS)
    return get_close_matches(meant, ALL_CODES, n=1, cutoff=_NEAR)


def find_code(typed: str) -> Code:
    """The entry of a code. Raises ``UsageError`` with the one that may be meant."""
    wanted = typed.strip().upper()
    wanted = wanted if wanted.startswith("IMB") else f"IMB{wanted}"
    if wanted in ALL_CODES:
        return ALL_CODES[wanted]
    close = near_codes(wanted)
    raise UsageError(
        f"there is no code {typed}",
        hint=f"did you mean {close[0]}?" if close else "imbweights rule --all lists them",
    )
