"""The audit itself: what the numbers are, what is wrong with them, what to use instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from imbweights.auditing import recorded, single
from imbweights.auditing.aligning import MISSING, aligned
from imbweights.auditing.case import Case, Suspicion
from imbweights.auditing.explaining import ENOUGH, Explanation, claimed
from imbweights.auditing.given import USE_OF_ROLE, Given, Kind, Use
from imbweights.auditing.mistakes import GUESSES, length, remarks, stacking, values
from imbweights.auditing.mistakes.role import positives
from imbweights.auditing.numbers import Written
from imbweights.auditing.result import Audit
from imbweights.auditing.samples import per_class
from imbweights.core.codes.weights import MULTILABEL, NEAR
from imbweights.core.counts import ClassCounts, Task
from imbweights.core.errors import UsageError
from imbweights.core.findings import Finding, Level, finding
from imbweights.core.profile import Profile
from imbweights.core.rows import Rows
from imbweights.core.training import training_counts
from imbweights.core.weights import ClassWeights, FloatArray

_MOST_GUESSES = 3
_BEHIND = 2.0
_CERTAIN = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the user said about the weights; ``rows``: the label of each row, for sample weights."""

    used_as: Use | None = None
    use_split: str | None = None
    with_sampler: bool = False
    rows: Rows | None = None


def judged(given: Given, profile: Profile, settings: Settings) -> Audit:
    """Hold weights against counts. Raises ``UsageError`` for splits that do not exist."""
    # Numbers near the limits of floats overflow on the way; what comes of it is looked at.
    with np.errstate(all="ignore"):
        return _judged(given, profile, settings)


def _judged(given: Given, profile: Profile, settings: Settings) -> Audit:
    counts, split = training_counts(profile, settings.use_split)
    if not counts.total:
        raise UsageError("the training data has no labels, so nothing can be said about weights")
    use, stated = _use(given, counts, settings.used_as)
    case = Case(
        given=given,
        profile=profile,
        counts=counts,
        use=use,
        stated=stated,
        numbers=given.numbers,
        split=split,
        with_sampler=settings.with_sampler,
    )
    if not given.numbers:
        weighs = any(knob.kind is Kind.WEIGHTS for knob in given.knobs)
        return _result(case, [], _stacked(case, weighs=weighs), ())
    if given.recorded is not None:
        return _recorded(case, given.recorded)
    return _listed(case, settings)


def _use(given: Given, counts: ClassCounts, said: Use | None) -> tuple[Use, bool]:
    """What the numbers are used as, and whether somebody said so."""
    if said is not None:
        return said, True
    if given.recorded is not None:
        return USE_OF_ROLE.get(given.recorded.role, Use.CLASS_WEIGHT), False
    if given.use is not None:
        return given.use, True
    alone = len(given.numbers) == 1 and len(counts.classes) == 2
    several = counts.task is Task.MULTILABEL
    return (Use.POS_WEIGHT if alone or several else Use.CLASS_WEIGHT), False


def _recorded(case: Case, own: ClassWeights) -> Audit:
    """Weights that this tool wrote."""
    found = dict(zip(own.classes, case.given.numbers, strict=True))
    names = case.counts.classes
    numbers = tuple(found.get(c, MISSING) for c in names)
    indices = tuple(i for i, c in enumerate(names) if c in found)
    case = case.with_numbers(numbers)
    suspicions = list(recorded.suspicions(case, own))
    now = recorded.again(own, case.counts)
    expected = None
    if now is not None:
        again = dict(zip(now.classes, now.values.tolist(), strict=True))
        expected = np.array([again.get(c, np.nan) for c in names], dtype=np.float64)
    whole = len(own.classes) > 1
    result = _result(
        case,
        suspicions,
        _stacked(case, weighs=bool(np.ptp(own.values)) or not whole),
        indices if not whole else tuple(range(len(names))),
    )
    if result.expected is not None or expected is None:
        return result
    return replace(result, expected=expected, expected_title=own.scheme)


def _listed(case: Case, settings: Settings) -> Audit:
    """Plain numbers."""
    numbers = case.given.numbers
    k = len(case.counts.classes)
    if case.use is Use.SAMPLE_WEIGHT and settings.rows is not None and len(numbers) != k:
        return _sample_weights(case, settings.rows)
    if len(numbers) == 1 and k > 2 and case.given.name.rsplit(".", 1)[-1] == "scale_pos_weight":
        return _result(case.with_numbers((MISSING,) * k), [], _stacked(case), ())
    if len(numbers) == 1:
        alone = _alone(case, numbers[0])
        if alone is not None:
            return alone
    if _two_for_one(case):
        suspicion, _ = length.suspicion(case)
        return _result(_placed(case, 1), [suspicion], [], (1,))
    found = aligned(case.given, case.counts, case.profile)
    if found.numbers is None:
        suspicion, placed = length.suspicion(case)
        shown = placed or (MISSING,) * k
        return _result(case.with_numbers(shown), [suspicion], _stacked(case), tuple(range(k)))
    case = case.with_numbers(found.numbers)
    best = case.best
    corrected = None if best is None else np.nan_to_num(best.values)
    title = "" if best is None else best.title
    return _aligned(case, [Suspicion(f, 99.0, corrected, title) for f in found.findings])


def _two_for_one(case: Case) -> bool:
    """Two numbers, said to be pos_weight, for two classes that need one."""
    binary = len(case.counts.classes) == 2 and not case.multilabel
    two = len(case.given.numbers) == 2 and case.given.keys is None
    return case.positives and binary and two and not case.found


def _placed(case: Case, i: int) -> Case:
    """The last number given, at class i of two."""
    number = case.given.numbers[-1]
    return case.with_numbers([number if j == i else MISSING for j in range(2)])


def _positive(case: Case) -> int:
    """The index of the positive one of two classes: the one that was named, else 1."""
    key = None if case.given.keys is None else str(case.given.keys[0])
    if key is None or key in {"0", "1"} - set(case.counts.classes):
        return 1 if key is None else int(key)
    return case.counts.classes.index(key) if key in case.counts.classes else -1


def _alone(case: Case, number: Written) -> Audit | None:
    """One number: for the positive of two classes, or an α for all."""
    binary = len(case.counts.classes) == 2 and not case.multilabel
    if case.use is Use.ALPHA:
        remarks_ = list(single.alpha_remarks(case, number.value))
        k = len(case.counts.classes)
        placed = tuple([number if binary and i == 1 else MISSING for i in range(k)])
        return _result(case.with_numbers(placed), remarks_, _stacked(case), (1,) if binary else ())
    if not binary:
        return None
    if case.use is Use.CLASS_WEIGHT and case.given.keys is not None:
        return None
    if case.use is Use.CLASS_WEIGHT:
        suspicion = single.as_class_weight(number.value)
        return _result(_placed(case, 1), [suspicion], _stacked(case), (0, 1))
    i = _positive(case)
    if i < 0:
        return None
    case = _placed(case, i)
    found = [*values.suspicions(case), *single.positive_suspicions(case, i)]
    return _result(case, found, _stacked(case), (i,))


def _sample_weights(case: Case, rows: Rows) -> Audit:
    if len(rows) != len(case.numbers):
        text = f"{len(case.numbers):,} sample weights for {len(rows):,} samples"
        raise UsageError(text, hint="give one for each row, in the order of the rows")
    numbers, differ = per_class(case.numbers, rows, case.counts)
    if numbers is None:
        shown = (MISSING,) * len(case.counts.classes)
        found = [Suspicion(differ)] if differ is not None else []
        return _result(case.with_numbers(shown), found, _stacked(case), ())
    return _aligned(case.with_numbers(numbers), [])


def _aligned(case: Case, already: Sequence[Suspicion]) -> Audit:
    """One number per class."""
    plain = list(values.suspicions(case))
    found = [*already, *plain]
    if case.use is Use.CLASS_WEIGHT and case.stated and case.multilabel:
        found.append(_for_several(case))
    focal = case.use is not Use.CLASS_WEIGHT or not case.stated
    explained = case.found or (focal and _is_focal_alpha(case))
    if not explained and case.problem.usable.sum() > 1:
        found += guesses(case)
    bare = all(s.finding.level is Level.NOTE for s in found)
    notes = [*_stacked(case)]
    if bare:
        notes += remarks.remarks(case, _claimed(case))
    return _result(case, found, notes, tuple(range(len(case.counts.classes))))


def _is_focal_alpha(case: Case) -> bool:
    """α for the positive class and 1 − α for the negative."""
    n = case.counts.counts
    if len(n) != 2 or case.multilabel or not np.isfinite(case.values).all():
        return False
    one = abs(float(case.values.sum()) - 1) < 1e-6 and bool((case.values > 0).all())
    shares = n / n.sum()
    frequencies = bool(((case.problem.low <= shares) & (shares <= case.problem.high)).all())
    usual = abs(float(case.values[1]) - 0.25) < 1e-9
    return one and (case.use is Use.ALPHA or (usual and not frequencies))


def guesses(case: Case) -> list[Suspicion]:
    """What may have happened to numbers that nothing explains: the best of all suspicions.

    One that is sure takes the place of those that are far behind it.
    """
    found: list[Suspicion] = []
    for guess in GUESSES:
        found += guess(case)
        if any(s.evidence >= _CERTAIN for s in found):
            break
    sure = [s for s in found if s.evidence >= ENOUGH]
    kept = sorted(sure, key=lambda s: -s.evidence)
    best = kept[0].evidence if kept else 0.0
    kept = [s for s in kept if s.evidence >= best - _BEHIND]
    if any(s.finding.code != NEAR.code for s in kept):
        kept = [s for s in kept if s.finding.code != NEAR.code]
    return kept[:_MOST_GUESSES]


def _for_several(case: Case) -> Suspicion:
    corrected = positives(case)
    found = finding(
        MULTILABEL,
        "class weights are used where a row may have several labels: Keras takes that of the first "
        "label of each row.",
        corrected=corrected.tolist(),
    )
    return Suspicion(found, 99.0, corrected, "pos_weight")


def _claimed(case: Case) -> Explanation | None:
    return claimed(case.found, case.problem)


def _stacked(case: Case, *, weighs: bool | None = None) -> list[Finding]:
    if weighs is None:
        finite = [n.value for n in case.given.numbers if np.isfinite(n.value)]
        weighs = len(set(finite)) > 1 or len(case.given.numbers) == 1
    program = case.given.where.endswith(".py")
    if (
        program
        and not case.with_sampler
        and not any(knob.kind is Kind.WEIGHTS for knob in case.given.knobs)
    ):
        weighs = False  # no loss takes them, so they may be the sampler's own
    one_alpha = case.use is Use.ALPHA and len(case.given.numbers) == 1
    if case.use is Use.SAMPLE_WEIGHT or one_alpha:
        weighs = False  # neither tells one class from another
    return list(
        stacking.findings(
            case.given.knobs,
            case.counts,
            with_sampler=case.with_sampler,
            weighs=weighs,
            known=bool(case.given.numbers),
        )
    )


def _result(
    case: Case,
    suspicions: Sequence[Suspicion],
    notes: Iterable[Finding],
    indices: tuple[int, ...],
) -> Audit:
    ranked = sorted(suspicions, key=lambda s: (list(Level).index(s.finding.level), -s.evidence))
    correction = next((s for s in ranked if s.corrected is not None), None)
    whole = len(case.numbers) == len(case.counts.classes)
    chosen = case.use is Use.ALPHA and len(case.given.numbers) == 1  # one number fits everything
    found = case.found if whole and case.given.recorded is None and not chosen else []
    expected, title = _expected(correction, found)
    findings = [s.finding for s in ranked]
    findings += sorted(notes, key=lambda f: list(Level).index(f.level))
    findings.sort(key=lambda f: list(Level).index(f.level))
    return Audit(
        given=case.given,
        use=case.use,
        counts=case.counts,
        numbers=tuple(_shown(case.numbers, len(case.counts.classes))),
        expected=expected,
        expected_title=title,
        corrected=correction is not None,
        explanations=tuple(found),
        claimed=_claimed(case) if found and correction is None else None,
        findings=tuple(findings),
        indices=indices,
        split=case.split,
    )


def _expected(
    correction: Suspicion | None, found: Sequence[Explanation]
) -> tuple[FloatArray | None, str]:
    if correction is not None:
        return correction.corrected, correction.title
    if found and found[0].evidence >= ENOUGH:
        return found[0].values, found[0].title
    return None, ""


def _shown(numbers: Sequence[Written], k: int) -> Iterator[Written | None]:
    if len(numbers) != k:
        return iter([None] * k)
    return (None if number is MISSING else number for number in numbers)
