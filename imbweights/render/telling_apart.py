"""Names that are too long to be shown whole, and begin alike: what differs must be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_ELLIPSIS = "…"
_KEPT = 12


def told_apart(names: Iterable[str], shorten: Callable[[str], str]) -> dict[str, str]:
    """Each name as ``shorten`` shows it; of names that would look the same the common beginning is
    left out.

    >>> told_apart(["a very long name 1", "a very long name 2", "b"], lambda name: name[:8])
    {'a very long name 1': '…name 1', 'a very long name 2': '…name 2', 'b': 'b'}
    """
    found = {name: shorten(name) for name in names}
    alike: dict[str, list[str]] = {}
    for name, shown in found.items():
        alike.setdefault(shown, []).append(name)
    for group in alike.values():
        if len(group) > 1:
            start = _start_of_word(_common(group))
            if start:
                found |= {name: shorten(_ELLIPSIS + name[start:]) for name in group}
    return found


def _common(names: Iterable[str]) -> str:
    """What all names begin with.

    >>> _common(["abc", "abd", "ab"])
    'ab'
    """
    ordered = sorted(names)  # the first and the last have least in common
    pairs = zip(ordered[0], ordered[-1], strict=False)
    length = next((i for i, (a, b) in enumerate(pairs) if a != b), len(ordered[0]))
    return ordered[0][:length]


def _start_of_word(common: str) -> int:
    """Where the last word of what is common begins, or near its end if there is no such place."""
    least = max(0, len(common) - _KEPT)
    for i in range(len(common), least, -1):
        if common[i - 1].isspace() and not common[i:].isspace() and i < len(common):
            return i
    return least
