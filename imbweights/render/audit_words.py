"""What an audit says, in plain sentences that are the same in every medium."""

from __future__ import annotations

import math
from collections.abc import Sequence

from imbweights.auditing import Audit, Use
from imbweights.auditing.alike import alike
from imbweights.auditing.explaining import Explanation
from imbweights.auditing.numbers import decimals
from imbweights.core.escaping import visible
from imbweights.core.findings import Finding, Level
from imbweights.render.numbers import UNDEFINED, count_text, weight_texts

_LONGEST_LIST = 30
_MOST_RIVALS = 4
_MOST_UNREAD = 3
_DEFAULT_ALPHA = 0.25


def headline(audit: Audit) -> str:
    """The worst that was found, or what the weights are."""
    if audit.worst in {Level.ERROR, Level.WARNING}:
        return finding_text(audit.findings[0])
    if not audit.given.numbers:
        return "Nothing wrong found among the settings against imbalance."
    return f"Nothing wrong: {_what(audit)}"


def _what(audit: Audit) -> str:
    recorded = audit.given.recorded
    if recorded is not None:
        return f"{recorded.scheme} of these counts, as imbweights wrote them."
    if int((audit.counts.counts > 0).sum()) == 1 and audit.use is Use.CLASS_WEIGHT:
        which = " that has samples" if len(audit.counts.classes) > 1 else ""
        return f"with one class{which} a weight only scales the loss."
    if audit.claimed is not None:
        return f"{audit.claimed.words}, {_digits(audit.claimed)}."
    if audit.explanations:
        return _undecided(audit)
    if audit.use is Use.ALPHA:
        return _alpha(audit)
    return "no known scheme gives these numbers, but nothing speaks against them."


def _alpha(audit: Audit) -> str:
    """A number for the positives of a focal loss, 1 − α for the negatives."""
    if len(audit.indices) == 1 and abs(audit.given.numbers[0].value - _DEFAULT_ALPHA) < 1e-9:
        return "0.25 is the default α of the focal loss, for rare positives, together with γ = 2."
    return "an α is a choice that does not follow from the counts."


def _digits(explanation: Explanation) -> str:
    n = explanation.digits
    return f"to {n} digit{'s' * (n != 1)}"


def _undecided(audit: Audit) -> str:
    first, *rest = audit.explanations
    if first.is_flat:
        return "all weights are equal."
    if not rest and len(first.scales) <= 1 and len(audit.indices) == 1:
        return f"{first.words}, {_digits(first)}."
    names = [e.words for e in audit.explanations[:_MOST_RIVALS]]
    more = len(audit.explanations) - len(names)
    names += [f"{more} more"] if more > 0 else []
    if len(names) == 1 and len(audit.indices) == 2:
        return _one_ratio(audit, first)
    if len(names) == 1:
        return f"they fit {names[0]}, {_digits(first)}, which is not enough to be sure."
    why = "; two classes have but one ratio" if len(audit.indices) == 2 else ""
    return f"they fit several schemes, {_digits(first)}{why}: {'; '.join(names)}."


def _one_ratio(audit: Audit, first: Explanation) -> str:
    """Two classes: what no digits could tell apart."""
    start = f"they fit {first.words}, {_digits(first)}. Two classes have but one ratio"
    same, scaled = alike(first, audit.counts)
    parts = [f"{_and(same)} {'is' if len(same) == 1 else 'are'} the same"] if same else []
    parts += [f"{_and(scaled)} differ{'s' * (len(scaled) == 1)} only in scale"] if scaled else []
    if not parts:
        parts = ["schemes with a parameter can give it, too"]
    return f"{start}: {', '.join(parts)}."


def _and(names: Sequence[str]) -> str:
    return " and ".join([*([", ".join(names[:-1])] if names[:-1] else []), names[-1]])


def weights_line(audit: Audit) -> str | None:
    """Which numbers were audited, where they come from a file."""
    given = audit.given
    if not given.where or not given.numbers:
        return None
    line = f" (line {given.line})" if given.line is not None else ""
    name = f"{visible(given.name)} in " if given.name else ""
    return f"Weights: {name}{visible(given.where)}{line}"


def finding_text(found: Finding) -> str:
    """Code, level and message."""
    return f"{found.code} {found.level}: {visible(found.message)}"


def others(audit: Audit) -> list[str]:
    """The findings that are not in the headline; and which counts were taken."""
    shown = audit.findings[1:] if audit.worst in {Level.ERROR, Level.WARNING} else audit.findings
    texts = [finding_text(found) for found in shown]
    first = audit.findings[0] if audit.findings else None
    if first is not None and not audit.corrected and first.level is not Level.NOTE:
        texts.insert(0, first.remedy)
    if audit.given.unread:
        unread = ", ".join(visible(name) for name in audit.given.unread[:_MOST_UNREAD])
        more = " …" if len(audit.given.unread) > _MOST_UNREAD else ""
        texts.append(f"Not looked at, since it is computed when the program runs: {unread}{more}.")
    if audit.split is not None:
        texts.append(f"The counts are of {audit.split.removeprefix('computed on ')}.")
    return texts


def given_texts(audit: Audit) -> list[str]:
    """The given numbers as they were written, where they are not too long; none if there are none."""
    numbers = [audit.numbers[i] for i in audit.indices]
    if all(number is None for number in numbers):
        return []
    return [UNDEFINED if number is None else number.shown for number in numbers]


def expected_texts(audit: Audit) -> list[str]:
    """What they should be, with as many digits as the given ones show; none if nothing is known."""
    if audit.expected is None:
        return []
    values = [float(audit.expected[i]) for i in audit.indices]
    finite = [v for v in values if math.isfinite(v)]
    smallest = min((v for v in finite if v > 0), default=1.0)
    known = iter(weight_texts(finite, digits=_shown_digits(audit, smallest)))
    return [next(known) if math.isfinite(v) else UNDEFINED for v in values]


def _shown_digits(audit: Audit, smallest: float) -> int:
    """Of the smallest: as many decimals as the given ones have, but at least four digits."""
    places = max(
        (decimals(n.text) for n in audit.given.numbers if math.isfinite(n.value)), default=0
    )
    return min(6, max(4, math.floor(math.log10(smallest)) + 1 + places if smallest > 0 else 4))


def instead(audit: Audit, *, everything: bool = True) -> str | None:
    """The vector to paste; ``None`` when the given one may stay."""
    if not audit.corrected or audit.expected is None:
        return None
    texts = expected_texts(audit)
    if len(texts) > _LONGEST_LIST and not everything:
        return f"Use instead: {count_text(len(texts))} weights; add -o audit.json or --format csv"
    named = f"Use instead ({audit.expected_title})" if audit.expected_title else "Use instead"
    return f"{visible(named)}: {_vector(texts)}"


def _vector(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
