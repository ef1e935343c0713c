"""``code``: from labels to code to paste into a training script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from imbweights.analysis import Analysis, analyze
from imbweights.core.counts import ClassCounts
from imbweights.core.errors import UsageError
from imbweights.core.profile import Profile
from imbweights.core.training import training_counts
from imbweights.core.weights import ClassWeights
from imbweights.evidence.result import Kind, SweepResult
from imbweights.frameworks import FRAMEWORKS, find_framework
from imbweights.frameworks.base import Framework
from imbweights.render.code_form import code_text
from imbweights.render.sweep_words import code_advice, headline
from imbweights.render.weights_words import advice
from imbweights.schemes import PARAMETERS
from imbweights.suggestions import Suggestion, chosen_weights, refuse_unknown, suggest

if TYPE_CHECKING:
    from imbweights.reporting import Report, Snippet

ROOM = 1_000_000
_NOT_TO_PASTE = {".npy", ".csv"}


def code(
    y_or_path: Any,
    framework: str,
    scheme: str | None = None,
    *,
    use_split: str | None = None,
    **options: Any,
) -> str:
    """Code to paste into a training script, complete with imports, in class order.

    ``y_or_path``, ``scheme``, ``use_split`` and ``options`` as for ``suggest``; without a scheme the
    recommended one is taken, and a comment says so. ``framework``: a name such as ``"torch"``.
    Raises ``UsageError`` where the framework cannot use such numbers, with what to use instead.

    >>> print(code({"no": 300, "yes": 100}, "torch", "pos-weight").splitlines()[-1])
    loss = torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor([3.0]))  # yes
    """
    chosen = find_framework(framework)
    refuse_unknown(options, analyze, suggest, PARAMETERS)
    label_options = {k: v for k, v in options.items() if k in _label_options()}
    found = y_or_path if isinstance(y_or_path, Analysis) else analyze(y_or_path, **label_options)
    others = {k: v for k, v in options.items() if k not in label_options}
    result: ClassWeights | Suggestion = suggest(found, scheme, use_split=use_split, **others)
    counts, _ = training_counts(found.profile, use_split)
    return code_of(result, counts, found.profile, chosen)


def code_of(
    result: ClassWeights | Suggestion,
    counts: ClassCounts,
    profile: Profile,
    framework: Framework,
) -> str:
    """The code for weights, or for those that a suggestion recommends."""
    weights = chosen_weights(result)
    first = None if isinstance(result, ClassWeights) else advice(result)
    if isinstance(result, Suggestion) and result.recommended is None:
        first = f"{first} These are the {weights.scheme} weights, if you weight all the same."
    return code_text(weights, counts, profile, framework, first)


def snippets_of(report: Report, room: int = ROOM) -> dict[str, tuple[Snippet, ...]]:
    """Code for every scheme of a report and every framework that takes its numbers.

    The recommended scheme comes first. With many classes the code of the others is left out when all
    would have more than ``room`` characters; of its own, half as much again, the frameworks that fit.
    """
    found: dict[str, tuple[Snippet, ...]] = {}
    used = 0
    for name, weights in report.weights.items():
        if used > room - used // max(1, len(found)):
            break
        snippets = tuple(_fitting(_snippets(weights, report), room + room // 2 - used))
        if not snippets:
            break
        found[name] = snippets
        used += sum(len(snippet.text) for snippet in snippets)
    return found


def _fitting(snippets: Iterable[Snippet], room: int) -> Iterator[Snippet]:
    """As many as have no more than ``room`` characters; what comes behind is not made at all."""
    for snippet in snippets:
        room -= len(snippet.text)
        if room < 0:
            return
        yield snippet


def _snippets(weights: ClassWeights, report: Report) -> Iterator[Snippet]:
    from imbweights.reporting import Snippet

    for framework in FRAMEWORKS.values():
        if framework.suffix in _NOT_TO_PASTE:
            continue
        try:
            text = code_of(weights, report.training, report.analysis.profile, framework)
        except UsageError:  # this framework has no place for such numbers
            continue
        yield Snippet(framework=framework.name, title=framework.title, text=text)


def code_of_sweep(result: SweepResult, profile: Profile, framework: Framework) -> str:
    """The code for the weights that won a sweep.

    Where the advice is not to weight, a comment says so and what to do instead, above the weights
    that did best. Raises ``UsageError`` when there are none, or none that the framework can use.
    """
    weights = result.weights or _best_weights(result)
    if weights is None:
        raise UsageError(f"there are no weights to print: {headline(result)}")
    return code_text(weights, profile.total, profile, framework, code_advice(result, weights))


def _best_weights(result: SweepResult) -> ClassWeights | None:
    """Those that the training folds chose, else those that did best on held-out data."""
    chosen = [*result.of_kind(Kind.BEST_WEIGHT), *result.of_kind(Kind.WEIGHT_THRESHOLD)]
    others = sorted(result.candidates, key=lambda c: -(c.pooled["goal"] or 0.0))
    return next((c.weights for c in [*chosen, *others] if c.weights is not None), None)


def _label_options() -> frozenset[str]:
    """The names of the options that ``analyze`` takes."""
    from inspect import signature

    return frozenset(signature(analyze).parameters)
