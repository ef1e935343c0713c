"""The share of each class in each split, side by side, to see whether the splits look alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imbweights.core.counts import ClassCounts, Task
from imbweights.core.profile import Profile
from imbweights.render.numbers import count_text
from imbweights.render.plots.dots import Scale, Series, dots
from imbweights.render.plots.kinds.base import Kind, Subject
from imbweights.render.plots.lettering import Lettering
from imbweights.render.plots.looks import LOOKS
from imbweights.render.plots.page import Page
from imbweights.render.plots.rows import others, singled_out
from imbweights.render.plots.scales import is_wide, said
from imbweights.render.plots.words import shared

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def refuses(profile: Profile) -> tuple[str, str] | None:
    """Data without splits, and more splits than can be told apart."""
    splits = profile.splits
    if len(splits) < 2:
        found = "has one split only" if splits else "has no splits"
        return (
            f"--kind splits compares splits, and {profile.source.name} {found}",
            "name them: train=a.csv val=b.csv, or --split COLUMN; --kind bar shows the whole",
        )
    if len(splits) > len(LOOKS):
        return (
            f"--kind splits can tell {len(LOOKS)} splits apart, and there are {len(splits):,}",
            "imbweights analyze shows them in numbers",
        )
    return None


def draw(subject: Subject, lettering: Lettering) -> Figure:
    """The figure: a row per class, a marker per split; on a log scale a hollow one for none."""
    total, options = subject.profile.total, subject.options
    shown, rest = singled_out(total, options.top)
    names = [total.classes[i] for i in shown]
    if rest:
        names.append(others(len(rest)))
    series = [_series(name, c, shown, rest) for name, c in subject.profile.splits.items()]
    values = [value for one in series for value in one.values]
    logarithmic = is_wide(values, options.log)
    label = said(shared(total), values, logarithmic)
    if logarithmic and min(values) == 0:
        label += "; hollow: none"
    page = Page(lettering, options.width)
    page.heading(subject.title, subject.caption)
    scale = Scale(label=label, logarithmic=logarithmic, shares=True)
    return dots(page, names, series, scale, options)


def _series(name: str, counts: ClassCounts, shown: list[int], rest: list[int]) -> Series:
    numbers = [int(counts.counts[i]) for i in shown]
    if rest:
        numbers.append(sum(int(counts.counts[i]) for i in rest))
    whole = counts.samples if counts.task is Task.MULTILABEL else counts.total
    values = [n / whole if whole else float("nan") for n in numbers]
    return Series(name, values, [count_text(n) for n in numbers])


KIND = Kind(
    name="splits",
    summary="the share of each class in each split, side by side",
    draw=draw,
    refuses=refuses,
)
