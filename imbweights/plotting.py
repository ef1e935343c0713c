"""``plot``: class counts, splits, weights and labels that come together as pictures."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imbweights.analysis import Analysis, analyze
from imbweights.core.choices import EmptyPolicy, Normalization, choice
from imbweights.core.errors import UsageError
from imbweights.core.profile import Profile
from imbweights.core.training import training_counts
from imbweights.core.weights import ClassWeights
from imbweights.core.writing import write_atomically
from imbweights.recommending import STUDY
from imbweights.render import analysis_words, weights_words
from imbweights.render.plots.drawing import (
    PAPER_SUFFIXES,
    check_plot,
    needs_matplotlib,
    picture,
    settings,
)
from imbweights.render.plots.kinds import Kind, Subject, find_kind
from imbweights.render.plots.lettering import Lettering
from imbweights.render.plots.looks import LOOKS
from imbweights.render.plots.options import MOST_ROWS, WIDTH, PlotOptions
from imbweights.schemes import find_scheme
from imbweights.schemes.weighing import Wishes
from imbweights.suggestions import refuse_unknown, side_by_side, suggestion_for

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LEAST_INCHES, _MOST_INCHES = 2.0, 60.0


@dataclass(frozen=True)
class Plot:
    """A picture that can be drawn, saved, or shown by a notebook. Immutable."""

    kind: Kind
    subject: Subject

    def to_bytes(self, suffix: str = ".svg") -> bytes:
        """The picture as the content of an ``.svg``, ``.png`` or ``.pdf`` file, the same every time."""
        draw = partial(self.kind.draw, self.subject, Lettering(suffix))
        return picture(draw, suffix, self.subject.title or self.kind.summary)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture; the name must end in ``.svg``, ``.png`` or ``.pdf``."""
        place = Path(path)
        check_plot(place, "plot", PAPER_SUFFIXES)
        write_atomically(place, self.to_bytes(place.suffix))

    def figure(self) -> Figure:
        """The picture as a matplotlib figure, to change."""
        with settings():
            return self.kind.draw(self.subject, Lettering(".png"))

    def _repr_svg_(self) -> str:
        return self.to_bytes(".svg").decode("utf-8")


def plot(
    y_or_path: Any,
    path: str | os.PathLike[str] | None = None,
    *,
    kind: str = "bar",
    top: int | None = None,
    log: bool | None = None,
    title: str | None = None,
    scheme: str | Sequence[str] | None = None,
    normalize: str = "none",
    empty: str = "error",
    use_split: str | None = None,
    width: float = WIDTH,
    height: float | None = None,
    **options: Any,
) -> Plot:
    """A picture of a data set, for papers and READMEs. Needs matplotlib (``imbweights[report]``).

    ``y_or_path`` and the label options as for ``analyze`` (but for its ``kind``), or an ``Analysis``.
    ``path``: also write this file (``.svg``, ``.png``, ``.pdf``). ``kind``: ``bar`` (counts), ``splits`` (shares per
    split), ``weights`` (per scheme), ``cooccurrence`` (of labels). ``top``: how many classes have a
    row, the others are summed (by default all up to 40, else 20). ``log``: a logarithmic scale
    (by default for a ratio above 50). ``title``: instead of the sentence that says what is seen;
    ``""`` leaves out the line with the source, too. ``scheme``, ``normalize``, ``empty`` and
    ``use_split`` as for ``suggest``, for ``kind="weights"`` (by default the schemes that fit).
    ``width``, ``height``: inches.

    A notebook shows the ``Plot`` that is returned; ``.figure()`` gives matplotlib's own. Raises
    ``ImbweightsError`` (a ``ValueError``) when the data lack what the kind shows.

    >>> plot(["ok"] * 98 + ["fault"] * 2).subject.title
    'Moderate imbalance: ok has 49 times as many samples as fault.'
    """
    needs_matplotlib("a plot")
    refuse_unknown(options, analyze, plot)
    if isinstance(y_or_path, Analysis) and options:
        raise UsageError(
            f"{next(iter(options))} says how labels are read, and these are counted already",
            hint="give it to analyze",
        )
    if path is not None:
        check_plot(Path(path), "plot", PAPER_SUFFIXES)
    found = y_or_path if isinstance(y_or_path, Analysis) else analyze(y_or_path, **options)
    names = (scheme,) if isinstance(scheme, str) else tuple(scheme or ())
    wanted = PlotOptions(top=top, log=log, title=title, width=width, height=height)
    wishes = Wishes(normalize=choice(Normalization, normalize), empty=choice(EmptyPolicy, empty))
    result = plot_of(found.profile, find_kind(kind), wanted, names, wishes, use_split)
    if path is not None:
        result.save(path)
    return result


def plot_of(
    profile: Profile,
    kind: Kind,
    options: PlotOptions,
    schemes: Sequence[str] = (),
    wishes: Wishes | None = None,
    use_split: str | None = None,
) -> Plot:
    """What ``plot`` and the command line share. Raises ``UsageError`` when there is nothing to draw,
    and as ``suggest`` does.
    """
    check_options(kind, options, schemes, wishes, use_split)
    if not profile.total.classes:
        raise UsageError(f"{profile.source.name} has no classes to draw")
    refusal = kind.refuses(profile)
    if refusal is not None:
        raise UsageError(refusal[0], hint=refusal[1])
    headline = _headline(profile, kind)
    weights: tuple[ClassWeights, ...] = ()
    if kind.needs_weights:
        headline, weights = _weights(profile, schemes, wishes or Wishes(), use_split)
    subject = Subject(
        profile=profile,
        headline=headline,
        source=analysis_words.source_line(profile),
        options=options,
        weights=weights,
    )
    return Plot(kind, subject)


def check_options(
    kind: Kind,
    options: PlotOptions,
    schemes: Sequence[str],
    wishes: Wishes | None = None,
    use_split: str | None = None,
) -> None:
    """Raise ``UsageError`` for wishes that mean nothing, before any work is done."""
    asked, usual = wishes or Wishes(), Wishes()
    about_weights = {
        "--scheme": bool(schemes),
        "--normalize": asked.normalize is not usual.normalize,
        "--empty": asked.empty is not usual.empty,
        "--use-split": use_split is not None,
    }
    for name, is_said in about_weights.items():
        if is_said and not kind.needs_weights:
            raise UsageError(f"{name} goes with --kind weights")
    if options.log is not None and not kind.has_scale:
        raise UsageError(f"--log and --linear mean nothing for --kind {kind.name}: it shows shares")
    if options.top is not None and not 1 <= options.top <= MOST_ROWS:
        raise UsageError(f"--top must be between 1 and {MOST_ROWS}: more rows cannot be read")
    for name, inches in (("width", options.width), ("height", options.height)):
        if inches is not None and not _LEAST_INCHES <= inches <= _MOST_INCHES:
            raise UsageError(
                f"--{name} must be between {_LEAST_INCHES:g} and {_MOST_INCHES:g} inches"
            )


def _headline(profile: Profile, kind: Kind) -> str:
    match kind.name:
        case "splits":
            names = analysis_words.names_in_words(tuple(profile.splits))
            return f"How frequent each class is in {names}"
        case "cooccurrence":
            return "Which labels come together"
        case _:
            return analysis_words.headline(Analysis(profile))


def _weights(
    profile: Profile, schemes: Iterable[str], wishes: Wishes, use_split: str | None
) -> tuple[str, tuple[ClassWeights, ...]]:
    """The headline, and the weights under the schemes named, or under all that fit."""
    named = list(dict.fromkeys(find_scheme(name).name for name in schemes))
    if not named:
        found = side_by_side(training_counts(profile, use_split)[0], wishes)
        same = [w for w in found.weights.values() if w.classes == found.counts.classes]
        # Of two classes pos_weight is one number, which has no place beside pairs of them.
        headline = weights_words.advice(found).replace(f" ({STUDY})", "")  # a picture has no links
        return headline, tuple(same or found.weights.values())[: len(LOOKS)]
    if len(named) > len(LOOKS):
        raise UsageError(f"a plot can tell {len(LOOKS)} schemes apart, not {len(named)}")
    weights = [suggestion_for(profile, find_scheme(n), wishes, use_split) for n in named]
    chosen = tuple(w for w in weights if isinstance(w, ClassWeights))
    for one in chosen:
        if one.classes != chosen[0].classes:
            raise UsageError(
                f"{one.scheme} and {chosen[0].scheme} are for different classes: plot one at a time"
            )
    if len(chosen) == 1:
        return weights_words.weights_headline(chosen[0]), chosen
    return f"Weights under {len(chosen)} schemes", chosen
