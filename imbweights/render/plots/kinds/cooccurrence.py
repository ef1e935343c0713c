"""Which labels come together: of the rows with one label, the share that has another, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from imbweights.core.counts import ClassCounts
from imbweights.core.profile import Profile
from imbweights.render.numbers import count_text
from imbweights.render.plots.kinds.base import Kind, Subject
from imbweights.render.plots.lettering import Lettering
from imbweights.render.plots.looks import DARK, GREY, PALE, SOURCE_SIZE, TEXT_SIZE
from imbweights.render.plots.page import MARGIN, Page
from imbweights.render.plots.rows import singled_out
from imbweights.render.plots.scales import per_cent
from imbweights.render.plots.together import together

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

MOST = 30
_LARGEST, _LEAST = 0.6, 0.09
_WITH_TEXT = 0.3
_KEY = 0.62
_GAP = 0.08


def refuses(profile: Profile) -> tuple[str, str] | None:
    """Data of which it is not known which labels stand together."""
    counts = profile.total
    if counts.label_sets is None:
        return (
            f"--kind cooccurrence needs rows with several labels: {profile.source.name} has none",
            "several 0/1 columns (--label 'tag_*') or cells with a separator have them",
        )
    if len(counts.classes) < 2:
        return ("--kind cooccurrence needs two labels or more", "--kind bar shows the one")
    return None


def draw(subject: Subject, lettering: Lettering) -> Figure:
    """The figure: a row and a column per label, the most frequent first."""
    counts, options = subject.profile.total, subject.options
    shown, rest = singled_out(counts, min(options.top or MOST, MOST))
    page = Page(lettering, options.width)
    page.heading(subject.title, subject.caption)
    most = page.width * 0.3
    rows = [_with_count(counts, i, lettering, most) for i in shown]
    columns = [lettering.shortened(counts.classes[i], TEXT_SIZE, 1.4) for i in shown]
    left = MARGIN + max(lettering.width(name, TEXT_SIZE) for name in rows) + _GAP
    above = max(lettering.width(name, TEXT_SIZE) for name in columns) + _GAP
    cell = min(_LARGEST, (page.width - left - MARGIN) / len(shown))
    if options.height is not None:
        cell = min(cell, (options.height - page.used - above - 0.05 - _KEY - MARGIN) / len(shown))
    cell = max(cell, _LEAST)
    size = min(TEXT_SIZE, cell * 72 * 0.85)
    page.skip(above + 0.05)
    for i, (row, column) in enumerate(zip(rows, columns, strict=True)):
        middle = (i + 0.5) * cell
        page.text(
            left - _GAP, page.used + middle, row, size, ha="right", va="center_baseline"
        )  # fmt: skip
        page.text(
            left + middle, page.used - _GAP * 0.7, column, size,
            rotation=90, rotation_mode="anchor", va="center",
        )  # fmt: skip
    grid = page.box(left, page.width - left - cell * len(shown), cell * len(shown))
    page.skip(0.1)
    key = _key(page, len(rest))
    figure, axes = page.figure()
    shares = _shares(together(counts, shown))
    most = _round_most(shares)
    _cells(axes[grid], shares, most, cell)
    _scale(axes[key], most)
    return figure


def _with_count(counts: ClassCounts, index: int, lettering: Lettering, most: float) -> str:
    count = f" ({count_text(int(counts.counts[index]))})"
    room = most - lettering.width(count, TEXT_SIZE)
    return lettering.shortened(counts.classes[index], TEXT_SIZE, room) + count


def _key(page: Page, rest: int) -> int:
    """Room for the scale, and what it says."""
    hidden = f"; {count_text(rest)} rarer labels are not shown" if rest else ""
    page.paragraph(
        "Of the rows with the label at the left, the share that also has the label above; in "
        f"brackets the rows with the label{hidden}.",
        SOURCE_SIZE, lines=3, color=DARK,
    )  # fmt: skip
    page.skip(0.06)
    number = page.box(MARGIN + 0.1, page.width - MARGIN - 2.1, 0.11)
    page.skip(0.2)
    return number


def _shares(both: NDArray[np.int64]) -> NDArray[np.float64]:
    """Rows with both labels / rows with the first; NaN on the diagonal and for labels without rows."""
    rows = np.diag(both)
    shares = both / np.maximum(rows, 1)[:, None]
    shares[np.diag_indices_from(shares)] = np.nan
    shares[rows == 0] = np.nan
    return shares


def _round_most(shares: NDArray[np.float64]) -> float:
    """The end of the scale: a quarter, a half, three quarters or all."""
    known = shares[np.isfinite(shares)]
    return max(0.25, float(np.ceil(known.max() * 4) / 4)) if known.size else 1.0


def _cells(axes: Axes, shares: NDArray[np.float64], most: float, cell: float) -> None:
    axes.set_facecolor(PALE)
    axes.pcolormesh(
        np.ma.masked_invalid(shares), cmap=_COLORS, vmin=0, vmax=most, edgecolors="white",
        linewidth=0.6,
    )  # fmt: skip
    axes.set(xlim=(0, len(shares)), ylim=(len(shares), 0), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
    if cell < _WITH_TEXT:
        return
    for i, j in np.ndindex(*shares.shape):
        if np.isfinite(shares[i, j]):
            axes.text(
                j + 0.5, i + 0.5, _text(float(shares[i, j])), fontsize=7, ha="center",
                va="center_baseline", color="white" if shares[i, j] > 0.6 * most else DARK,
            )  # fmt: skip


# One hue from light to dark: the order is seen in grey, too, and by every eye.
_COLORS = "Blues"


def _text(share: float) -> str:
    """Whole per cents; a little is not nothing.

    >>> _text(0.004), _text(0.0), _text(0.126)
    ('<1 %', '0', '13 %')
    """
    if share == 0:
        return "0"
    return f"{100 * share:.0f} %" if share >= 0.01 else "<1 %"


def _scale(axes: Axes, most: float) -> None:
    axes.pcolormesh(np.linspace(0, most, 21), [0, 1], np.linspace(0, 1, 20)[None], cmap=_COLORS)
    axes.set(xlim=(0, most), yticks=[], xticks=np.linspace(0, most, 6))
    axes.xaxis.set_major_formatter(per_cent)
    axes.tick_params(labelsize=SOURCE_SIZE)
    axes.tick_params(length=2, color=GREY)
    for spine in axes.spines.values():
        spine.set_visible(False)


KIND = Kind(
    name="cooccurrence",
    summary="of the rows with one label, the share that has another, too",
    draw=draw,
    refuses=refuses,
    has_scale=False,
)
