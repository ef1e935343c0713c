"""``report``: everything there is to say about a data set, gathered in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from imbweights.analysis import Analysis
from imbweights.checking import CheckedSet, DataSet, check_set
from imbweights.core.counts import ClassCounts, Task
from imbweights.core.errors import CountsError, UsageError
from imbweights.core.profile import Profile
from imbweights.core.training import training_counts
from imbweights.core.weights import ClassWeights
from imbweights.evidence.result import SweepResult
from imbweights.profiling import profile_of
from imbweights.reporting.examples import Example, examples_of
from imbweights.reporting.together import Together, together
from imbweights.schemes.weighing import Wishes
from imbweights.suggestions import ALL_THE_SAME, Explained, Suggestion, explain, side_by_side

__all__ = ["Example", "Report", "Snippet", "Together", "plain_profile", "reported"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """Code to paste. ``framework``: its name for ``--for``; ``title``: what it is called."""

    framework: str
    title: str
    text: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Report:
    """All that a report shows; immutable.

    ``training``: the counts that weights were computed on, ``training_note``: the sentence that
    says so if there was a choice. ``suggestion``: the weights under every scheme that fits, ``None``
    where there are none, for the reason ``no_weights``; ``explained``: scheme → its forecast.
    ``snippets``: scheme → code to paste, for those schemes whose code there is room for.
    ``checked``: the findings. ``together``: which labels occur together. ``examples``: masks with
    rare classes, on their images where ``images`` names the folder. ``again``: how the source is named
    in a command, ``options``: what else was typed for this page.
    """

    title: str
    analysis: Analysis
    training: ClassCounts
    training_note: str | None
    suggestion: Suggestion | None
    no_weights: str | None
    explained: Mapping[str, Explained]
    checked: CheckedSet
    together: Together | None = None
    examples: tuple[Example, ...] = ()
    snippets: Mapping[str, tuple[Snippet, ...]] = field(default_factory=dict)
    sweep: SweepResult | None = None
    again: str = ""
    options: str = ""
    images: str | None = None

    @property
    def weights(self) -> Mapping[str, ClassWeights]:
        """Scheme → weights, the recommended scheme first (balanced weights where none is)."""
        if self.suggestion is None:
            return {}
        first = self.suggestion.recommendation.scheme or ALL_THE_SAME
        every = self.suggestion.weights
        return dict(sorted(every.items(), key=lambda pair: pair[0] != first))


def reported(
    data: DataSet,
    profile: Profile,
    *,
    wishes: Wishes,
    use_split: str | None = None,
    title: str | None = None,
) -> Report:
    """Everything about a data set but code and sweep.

    ``profile``: counted for checks (``counted_set``), so that the rules see what each file holds.
    The images of masks are those of ``data.settings.images``. Raises ``ImbweightsError`` where a
    command of its own would, but for weights that are undefined: the report says why there are none.
    """
    profile = plain_profile(data, profile)
    counts, note = training_counts(profile, use_split)
    suggestion, why = _suggestion(counts, wishes, note)
    return Report(
        title=profile.source.name if title is None else title,
        analysis=Analysis(profile),
        training=counts,
        training_note=note,
        suggestion=suggestion,
        no_weights=why,
        explained={} if suggestion is None else _explained(suggestion),
        checked=check_set(data, profile),
        together=together(profile.total) if profile.total.task is Task.MULTILABEL else None,
        examples=examples_of(profile, data.spec.options, data.settings.images),
        images=data.settings.images,
    )


def plain_profile(data: DataSet, profile: Profile) -> Profile:
    """The profile, unless it holds undeclared classes: those are an error here as everywhere.

    Checks keep them, to name them all; weights must not be computed with them.
    """
    declared = profile.declared
    if declared is None or set(profile.total.classes) <= set(declared):
        return profile
    plain = profile_of(data.spec)
    return replace(plain, files=profile.files, declared=declared)


def _suggestion(
    counts: ClassCounts, wishes: Wishes, note: str | None
) -> tuple[Suggestion | None, str | None]:
    try:
        found = side_by_side(counts, wishes)
    except (CountsError, UsageError) as error:
        return None, " – ".join(filter(None, (error.message, error.hint)))
    notes = () if note is None else (note,)
    with_notes = {n: replace(w, notes=(*notes, *w.notes)) for n, w in found.weights.items()}
    return replace(found, weights=with_notes), None


def _explained(suggestion: Suggestion) -> dict[str, Explained]:
    """Scheme → forecast, of those whose effect the formulas tell."""
    found = {}
    for name, weights in suggestion.weights.items():
        try:
            found[name] = explain(weights, suggestion.counts)
        except UsageError:  # the numbers are no weights of a loss
            continue
    return found
