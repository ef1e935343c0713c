"""``init`` in words: what was found and written, what is not clear, what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from imbweights.core.escaping import visible
from imbweights.core.findings import Level
from imbweights.initialising import FoundSet, Initial

_DOUBTS = 5


def notes(draft: Initial) -> Iterator[str]:
    """What the reader should know or answer: a text each, of one or several lines."""
    for question in draft.questions:
        yield f"a comment until it is answered: {question.words}"
    for each in draft.sets:
        for doubt in each.doubts[:_DOUBTS]:
            yield f"is that meant? {each.name}: {doubt}; the baseline holds it, and check stops at it"
        more = len(each.doubts) - _DOUBTS
        if more > 0:
            yield f"is that meant? {each.name}: {more:,} more of the kind; imbweights check lists them"
    for left in draft.left_out:
        yield f"left out {' '.join(left.sources)}: {left.words}"


def summary(draft: Initial, written: Sequence[Path], folder: Path) -> str:
    """What was written, and the next step."""
    asked = len(draft.questions)
    more = f", and {_number(asked, 'question')} to answer" if asked else ""
    lines = [f"Wrote {written[0]}: {_number(len(draft.sets), 'data set')}{more}."]
    lines += [f"  {visible(line)}" for line in _table(draft.sets)]
    if len(written) > 1:
        lines.append(f"Wrote {written[1]}: counts and class order as they are now.")
    lines += _already(draft.sets)
    lines.append(f"Next: {_next(draft, folder)}")
    return "\n".join(lines) + "\n"


def _table(sets: Sequence[FoundSet]) -> Iterator[str]:
    width = max((len(each.name) for each in sets), default=0)
    for each in sets:
        total = each.profile.total
        yield (
            f"{each.name:<{width}}  {_number(total.samples, 'sample')}, "
            f"{_number(len(total.classes), 'class', 'classes')}{_splits(each)}"
        )


def _splits(found: FoundSet) -> str:
    splits = list(found.profile.splits)
    return f" ({', '.join(splits)})" if splits else ""


def _already(sets: Sequence[FoundSet]) -> Iterator[str]:
    """What the rules say before anything has changed."""
    findings = [found for each in sets for found in each.checked.findings]
    number = {level: sum(found.level is level for found in findings) for level in Level}
    said = [_number(n, level.value) for level, n in number.items() if n]
    if said:
        yield f"The rules find something now: {', '.join(said)}."


def _next(draft: Initial, folder: Path) -> str:
    if not draft.sets:
        return f"answer the question in {draft.place.name}"
    there = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    return f"{there}imbweights check"


def _number(n: int, word: str, several: str | None = None) -> str:
    return f"{n:,} {word if n == 1 else several or f'{word}s'}"
