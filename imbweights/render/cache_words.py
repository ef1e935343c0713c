"""What is said about the cache."""

from __future__ import annotations

from imbweights.core.escaping import visible
from imbweights.running.cache_contents import DAMAGED, Contents, Held
from imbweights.running.store import KEPT_DAYS, LIMIT

NOTHING = "Nothing is kept in this folder.\n"
_SHOWN = 3
_KILO = 1000


def shown(found: Contents) -> str:
    """File by file, and how it is kept small."""
    rows = [(each.name, amount(each.size), _what(each)) for each in found.held]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(2)]
    lines = [f"{visible(str(found.folder))}: {amount(found.size)}"]
    lines += [f"  {name:<{widths[0]}}  {size:>{widths[1]}}  {what}" for name, size, what in rows]
    lines += _others(found)
    lines.append(
        f"What was not used for {KEPT_DAYS} days goes, and beyond {amount(LIMIT)} what was not used "
        "for longest."
    )
    return "\n".join(lines) + "\n"


def cleared(found: Contents) -> str:
    """What was removed and what was left."""
    lines = [f"Removed {amount(found.size)} from {visible(str(found.folder))}.", *_others(found)]
    return "\n".join(lines) + "\n"


def _others(found: Contents) -> list[str]:
    if not found.others:
        return []
    names = ", ".join(map(visible, found.others[:_SHOWN]))
    more = " …" if len(found.others) > _SHOWN else ""
    return [f"Not ours and left alone: {names}{more}"]


def _what(each: Held) -> str:
    if each.entries is not None:
        return f"counts of {each.entries:,} files, last changed {each.used}"
    kinds = {"last.json": "what was analysed last", DAMAGED: "a store that was damaged"}
    return f"{kinds.get(each.name, 'of another version, or of a run under way')}, {each.used}"


def amount(size: int) -> str:
    """Bytes for people.

    >>> amount(17), amount(4_378_624), amount(1 << 30)
    ('17 B', '4.4 MB', '1.1 GB')
    """
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < _KILO:
            break
        value, unit = value / _KILO, larger
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
