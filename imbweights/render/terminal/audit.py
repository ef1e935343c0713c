"""``audit`` on a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from imbweights.auditing import Audit
from imbweights.core.findings import Level
from imbweights.core.profile import Profile
from imbweights.render import analysis_words, audit_words
from imbweights.render.numbers import count_text
from imbweights.render.terminal.layout import (
    MOST_ROWS,
    Col,
    page,
    shown_ids,
    shown_name,
    table,
    wrapped,
)
from imbweights.render.view import View

_LONGEST_TITLE = 26
_STYLES = {Level.ERROR: "bold red", Level.WARNING: "bold yellow"}


def audit_text(audit: Audit, profile: Profile, view: View) -> str:
    """The page: the answer, class by class, what to use instead, what else was found."""
    return page(_parts(audit, profile, view), view)


def _parts(audit: Audit, profile: Profile, view: View) -> Iterator[RenderableType]:
    style = _STYLES.get(audit.worst, "bold") if audit.worst is not None else "bold"
    yield wrapped(audit_words.headline(audit), view, style=style)
    named = audit_words.weights_line(audit)
    if named is not None:
        yield wrapped(named, view)
    yield wrapped(analysis_words.source_line(profile), view)
    if audit.indices:
        yield Text("")
        yield from _table(audit, profile, view)
    instead = audit_words.instead(audit, everything=view.show_all)
    others = audit_words.others(audit)
    if instead or others:
        yield Text("")
    if instead:
        yield wrapped(instead, view, style="bold")
    for text in others:
        yield wrapped(text, view)


def _table(audit: Audit, profile: Profile, view: View) -> Iterator[RenderableType]:
    given, expected = audit_words.given_texts(audit), audit_words.expected_texts(audit)
    shown = _rows_shown(audit, view)
    ids = shown_ids(profile)
    title = audit.expected_title
    heading = title if 0 < len(title) <= _LONGEST_TITLE else "expected"
    columns = [Col("index"), *([Col("id")] if ids else []), Col("class", "left", 30), Col("count")]
    columns += [Col("given")] if given else []
    columns += [Col(heading, style="bold" if audit.corrected else "")] if expected else []
    rows = []
    for row in shown:
        i = audit.indices[row]
        name = audit.counts.classes[i]
        cells = [str(i), *([ids.get(name, "")] if ids else []), shown_name(name)]
        cells.append(count_text(int(audit.counts.counts[i])))
        rows.append([*cells, *(texts[row] for texts in (given, expected) if texts)])
    yield table(columns, rows)
    hidden = len(audit.indices) - len(shown)
    if hidden:
        yield wrapped(
            f"those that differ most; {count_text(hidden)} more classes (--all shows all)",
            view,
            indent=2,
        )


def _rows_shown(audit: Audit, view: View) -> list[int]:
    """All, or those whose given and expected number differ most, in class order."""
    everything = list(range(len(audit.indices)))
    if view.show_all or len(everything) <= MOST_ROWS:
        return everything
    ranked = sorted(everything, key=lambda row: (-_off(audit, audit.indices[row]), row))
    return sorted(ranked[:MOST_ROWS])


def _off(audit: Audit, i: int) -> float:
    """By how much the given number is off, in ln; infinite where one of them is missing."""
    number = audit.numbers[i]
    if number is None or audit.expected is None:
        return math.inf if audit.expected is not None else 0.0
    value, wanted = number.value, float(audit.expected[i])
    if not (math.isfinite(value) and math.isfinite(wanted)) or value <= 0 or wanted <= 0:
        return 0.0 if value == wanted else math.inf
    return round(abs(math.log(value / wanted)), 3)
