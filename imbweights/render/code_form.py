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
        *weights_words.weights_notes(weights),
    ]
    if subject.ignore_index is not None and str(subject.ignore_index) not in profile.source.ignored:
        lines.append(f"Ignored pixels: set them to {subject.ignore_index} in the targets.")
    if framework.scale_matters(subject) and weights.role in {Role.CLASS_WEIGHT, Role.POS_WEIGHT}:
        lines += _scale(forecast(counts, weights))
    return lines


def _scale(told: Forecast) -> list[str]:
    """What the scale does to SGD and to the first loss, where it does something."""
    low, high = _NO_MATTER
    if low <= told.mean_weight <= high:
        return []
    how = (
        f"lower the learning rate about {ratio_text(told.mean_weight)} times"
        if told.mean_weight > 1
        else f"raise the learning rate about {ratio_text(1 / told.mean_weight)} times"
    )
    sentence = (
        f"The scale of these weights multiplies the loss by {told.mean_weight:.3g}: with SGD {how} "
        "(Adam does not need it). The first loss will be near "
        f"{told.zero_logits.by_samples:.3g}, not {told.zero_logits.plain:.3g}."
    )
    return [sentence]
