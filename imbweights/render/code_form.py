"""Weights as code to paste, with a header that says what they are."""

from __future__ import annotations

from imbweights.core.counts import ClassCounts
from imbweights.core.profile import Profile
from imbweights.core.weights import ClassWeights, Role
from imbweights.forecasting import Forecast, forecast
from imbweights.frameworks import code_for
from imbweights.frameworks.base import Framework, Subject
from imbweights.frameworks.text import commented
from imbweights.render import analysis_words, weights_words
from imbweights.render.numbers import ratio_text

_NO_MATTER = (0.8, 1.25)
_USUAL_VOID = 255


def code_text(
    weights: ClassWeights,
    counts: ClassCounts,
    profile: Profile,
    framework: Framework,
    advice: str | None = None,
) -> str:
    """The code for one framework, with a newline at the end.

    ``advice`` is put first: why this scheme, when the user named none. Raises ``UsageError`` where
    the framework cannot use such numbers.
    """
    subject = Subject(weights=weights, counts=counts, ignore_index=ignore_index(counts, profile))
    code = code_for(framework, subject)
    if not framework.comment:
        return f"{code}\n"
    header = "\n".join(
        commented(line, framework.comment)
        for line in _header(weights, counts, profile, subject, framework, advice)
    )
    return f"{header}\n{code}\n"


def ignore_index(counts: ClassCounts, profile: Profile) -> int | None:
    """The value of ignored pixels in the targets; 255, by custom, where their label is a name."""
    if counts.extent_with_void is None or not counts.ignored:
        return None
    whole = [label for label in profile.source.ignored if label.isascii() and label.isdigit()]
    return int(whole[0]) if len(whole) == len(profile.source.ignored) == 1 else _USUAL_VOID


def _header(
    weights: ClassWeights,
    counts: ClassCounts,
    profile: Profile,
    subject: Subject,
    framework: Framework,
    advice: str | None,
) -> list[str]:
    lines = [] if advice is None else [advice]
    lines += [
        f"{weights_words.weights_headline(weights)}.",
        f"From {analysis_words.source_line(profile)}.",
        *(f"{note[0].upper()}{note[1:]}." for note in profile.source.notes if "--split" in note),
        *weights_words.weights_notes(weights),
    ]
    if subject.ignore_index is not None and str(subject.ignore_index) not in profile.source.ignored:
        lines.append(f"Ignored pixels: set them to {subject.ignore_index} in the targets.")
    lines += _indices_note(subject, framework)
    if framework.scale_matters(subject) and weights.role in {Role.CLASS_WEIGHT, Role.POS_WEIGHT}:
        lines += _scale(forecast(counts, weights), weights.stages[-1][0])
    return lines


def _indices_note(subject: Subject, framework: Framework) -> list[str]:
    """Labels that are numbers, but not those of their classes: a trap where targets are indices."""
    names = subject.classes
    if subject.multilabel or not framework.by_index or not all(n.isdecimal() for n in names):
        return []
    shifted = [(i, name) for i, name in enumerate(names) if int(name) != i]
    if not shifted:
        return []
    index, name = shifted[0]
    return [
        f"Targets are the indices 0 to {len(names) - 1}, not the labels: label {name} must become {index}."
    ]


def _scale(told: Forecast, start: int) -> list[str]:
    """What the scale does to SGD and to the first loss, where it does something.

    ``start``: the epoch from which the weights hold.
    """
    low, high = _NO_MATTER
    if low <= told.mean_weight <= high:
        return []
    if start:
        later = (
            f"From epoch {start} on these weights multiply loss and gradient by {told.mean_weight:.3g}; "
            "until then nothing is weighted. With SGD multiply the learning rate by "
            f"{told.learning_rate:.2g} at that epoch (Adam does not need it)."
        )
        return [later]
    how = (
        f"lower the learning rate about {ratio_text(told.mean_weight)} times"
        if told.mean_weight > 1
        else f"raise the learning rate about {ratio_text(1 / told.mean_weight)} times"
    )
    sentence = (
        f"The scale of these weights multiplies the loss by {told.mean_weight:.3g}: with SGD {how} "
        "(Adam does not need it). On average over the data the loss will start near "
        f"{told.zero_logits.by_samples:.3g}, not {told.zero_logits.plain:.3g}; small batches vary."
    )
    return [sentence]
