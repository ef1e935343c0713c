"""Numbers and lists inside sentences."""

from __future__ import annotations

import math

_LITTLE = 0.02


def rounded_up(value: float) -> int:
    """To two digits, so that it does not look exact.

    >>> rounded_up(11.2), rounded_up(123.4)
    (12, 130)
    """
    step = 10 ** max(0, math.floor(math.log10(max(value, 1.0))) - 1)
    return int(math.ceil(value / step) * step)


def short(value: float, digits: int = 2) -> str:
    """A score as it is spoken of: .40, not 0.40.

    >>> short(0.404), short(1.0), short(-0.05)
    ('.40', '1.00', '-.05')
    """
    return f"{value:.{digits}f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.{digits}f}"


def moved(what: str, before: float | None, after: float | None, *, of: str = "") -> str:
    """``recall of 'x' from .40 to .85``; nothing when it hardly moves."""
    name = f"{what} of {of!r}" if of else what
    old, new = before or 0.0, after or 0.0
    return f"{name} from {short(old)} to {short(new)}" if abs(new - old) >= _LITTLE else ""


def listed(parts: list[str]) -> str:
    """``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def capital(text: str) -> str:
    """As a sentence begins."""
    return text[:1].upper() + text[1:]


def p_text(value: float) -> str:
    """A p-value after “p”."""
    return "< .001" if value < 0.001 else f"= {short(value, 3)}"
