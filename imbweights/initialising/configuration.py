"""A configuration as text: what was found, what was asked, and the thresholds with their defaults."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imbweights.checking import Settings
from imbweights.drift import DRIFTS
from imbweights.initialising.toml_text import array, comment, text, texts
from imbweights.initialising.trying import FoundSet, Question
from imbweights.rules import THRESHOLDS

_SHOWN = ("min-count", "min-share", "max-ratio", "max-missing", "max-drift", "max-split-drift")
_NOTES = 5
_KEYS = {
    "label": '"…"',
    "as": '"…"',
    "classes": '["…"]',
    "ignore-label": '["…"]',
    "split": '"…"',
    "count-column": '"…"',
}


def configuration(sets: Sequence[FoundSet], questions: Sequence[Question], prefix: str) -> str:
    """The text of a configuration; ``prefix`` is ``tool.imbweights.`` in ``pyproject.toml``.

    One data set stands at the top, where every command finds it; several are tables of their own.
    """
    lines: list[str] = []
    if prefix:
        lines.append(f"[{prefix.rstrip('.')}]")
    lines.append(comment("What imbweights check looks at; imbweights init wrote the first draft."))
    alone = sets[0] if is_alone(sets, questions) else None
    if alone is not None:
        lines += _own(alone)
    lines += ["", f"[{prefix}check]", *_thresholds(alone)]
    if alone is None:
        for each in sets:
            lines += ["", f"[[{prefix}datasets]]", f"name = {text(each.name)}", *_own(each)]
            if each.limits or each.levels:
                lines.append(f"[{prefix}datasets.check]")
                lines += [*map(_lowered, each.limits.items()), *_levels(each)]
    for question in questions:
        lines += ["", *_asked(question, prefix)]
    return "\n".join(lines) + "\n"


def is_alone(sets: Sequence[FoundSet], questions: Sequence[Question]) -> bool:
    """Whether the one data set can stand at the top of the file.

    What stands there holds for every table below it, which one with a question does not want.
    """
    return len(sets) == 1 and not questions


def _own(found: FoundSet) -> Iterator[str]:
    yield from map(comment, found.profile.source.notes[:_NOTES])
    for doubt in found.doubts[:_NOTES]:
        yield comment(f"Is that meant? {doubt}")
    yield f"source = {texts(found.sources)}"
    if found.classes:
        yield f"classes = {array(found.classes)}"
    else:
        yield comment(f"classes are not pinned: {found.why_not}")


def _lowered(limit: tuple[str, float]) -> str:
    name, value = limit
    return f"{name} = {value:g}  # what the rarest class has now; {THRESHOLDS[name].default:g} unless set"


def _levels(found: FoundSet) -> Iterator[str]:
    if found.levels:
        levels = ", ".join(f'{code} = "{level}"' for code, level in found.levels.items())
        yield comment(
            "Some classes have few samples; that only warns here. Remove it to be stricter."
        )
        yield f"levels = {{ {levels} }}"


def _thresholds(alone: FoundSet | None) -> Iterator[str]:
    yield comment("Thresholds and their defaults; imbweights rule --all lists what they decide.")
    settings = Settings()
    lowered = {} if alone is None else alone.limits
    for name in _SHOWN:
        if name in lowered:
            yield _lowered((name, lowered[name]))
        else:
            yield comment(
                f"{name} = {settings.limit(THRESHOLDS[name]):g}  # {THRESHOLDS[name].summary}"
            )
    yield comment(
        f'drift-metric = "{settings.metric}"  # or {", ".join(m for m in DRIFTS if m != settings.metric)}'
    )
    yield from () if alone is None else _levels(alone)
    yield comment(f'fail-on = "{settings.fail_on.value}"  # or warning')


def _asked(question: Question, prefix: str) -> Iterator[str]:
    """A table to fill in; nothing of it counts until the signs in front are removed."""
    yield comment(f"Not clear: {question.words}")
    name = text(question.sources[0])
    block = [f"[[{prefix}datasets]]", f"name = {name}", f"source = {texts(question.sources)}"]
    block += [f"{key} = {gap}" for key, gap in _KEYS.items() if f"--{key} " in question.words]
    yield comment("\n".join(block))
