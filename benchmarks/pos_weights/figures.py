"""The figures: light SVG, told apart by dashes and markers, not by colour."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imbweights.render.plots.drawing import picture
from pos_weights.choosing import HALF, ONE
from pos_weights.records import BIN_NAMES
from pos_weights.summary import SIGNS, Found, Way, by_positives, groups
from pos_weights.trial import GAMMAS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARKS = ("o", "s", "^", "D", "v")
_GREYS = ("0.0", "0.3", "0.5", "0.65", "0.4")
_REAL = "real sets"
_LOSSES = (0.1, 0.2, 0.5, 1, 2, 5)
_TICKS = [SIGNS[g] for g in GAMMAS]


def draw(found: dict[str, Any], folder: Path) -> None:
    """All figures, into the folder."""
    every = groups(found)
    for name, (make, title) in {
        "pos_weight_f1.svg": (_f1, "Macro F1 against γ, at one half and with one tuned threshold"),
        "pos_weight_positives.svg": (_positives, "F1 against the number of positives of a label"),
        "pos_weight_calibration.svg": (_calibration, "Log loss against γ"),
    }.items():
        made = picture(lambda make=make: make(every), ".svg", title)  # type: ignore[misc]
        (folder / name).write_text(_light(made.decode()), encoding="utf-8")


def _light(svg: str) -> str:
    """Without digits that no eye can see."""

    def rounded(found: re.Match[str]) -> str:
        return re.sub(r"(\d+\.\d)\d+", r"\1", " ".join(found[0].split()))

    return re.sub(r'\b(?:d|x|y|x1|y1|transform)="[^"]*"', rounded, svg)


def _legends(axes: list[Axes], panels: Iterable[str]) -> None:
    """Distances once, since they look the same everywhere; real sets beside their panel."""
    drawn = [a for a, name in zip(axes, panels, strict=True) if name != _REAL]
    for axis in axes:
        if axis not in drawn:
            axis.legend(fontsize=7.5, loc="center left", bbox_to_anchor=(1.0, 0.5))
    if drawn:
        drawn[-1].legend(fontsize=7.5)


def _panels(every: list[Found]) -> dict[str, list[tuple[str, Found]]]:
    """Drawn with two on and the strong penalty, by number of labels; and the real sets."""
    found: dict[str, list[tuple[str, Found]]] = {}
    for group in every:
        facts = group.facts
        if group.is_real:
            name = f"{facts['set']}, C = {group.c:g}"
            found.setdefault(_REAL, []).append((name, group))
        elif facts["active"] == 2 and group.c < 1:
            name = f"distance {facts['distance']:g}"
            found.setdefault(f"{facts['labels']:,} labels, 2 on", []).append((name, group))
    return dict(sorted(found.items(), key=lambda item: (item[0] == _REAL, len(item[0]))))


def _figure(count: int) -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(max(6, 2.6 * count), 3.1), layout="constrained")
    axes = figure.subplots(1, count, squeeze=False)
    return figure, list(axes[0])


def _f1(every: list[Found]) -> Figure:
    panels = _panels(every)
    figure, axes = _figure(len(panels))
    for axis, (name, lines) in zip(axes, panels.items(), strict=True):
        for i, (label, group) in enumerate(lines):
            for decision, dash in ((HALF, "-"), (ONE, ":")):
                axis.plot(
                    GAMMAS, [group.mean(Way(g, decision)) for g in GAMMAS],
                    dash, color=_GREYS[i], marker=_MARKS[i], markersize=4,
                    markerfacecolor="white" if decision == ONE else _GREYS[i],
                    label=label if decision == HALF else None,
                )  # fmt: skip
        axis.set_title(name)
        axis.set(xlabel="γ", ylim=(0, 1), xticks=GAMMAS, xticklabels=_TICKS)
    _legends(axes, panels)
    axes[0].set_ylabel("macro F1")
    figure.supxlabel("filled: at one half; hollow, dotted: one tuned threshold", fontsize=8)
    return figure


def _positives(every: list[Found]) -> Figure:
    figure, axes = _figure(3)
    some = [
        g for g in every
        if not g.is_real and g.c < 1 and (g.facts["active"], g.facts["distance"]) == (2, 3)
    ]  # fmt: skip
    for axis, (decision, name) in zip(
        axes,
        ((HALF, "at one half"), (ONE, "one threshold"), ("each", "one per label")),
        strict=True,
    ):
        for i, gamma in enumerate((0.0, 0.25, 0.5, 1.0)):
            sums = [by_positives(some, Way(gamma, decision), b) for b in range(len(BIN_NAMES))]
            known = [(b, f1 / n) for b, (f1, n) in enumerate(sums) if n]
            axis.plot(
                [b for b, _ in known], [f1 for _, f1 in known], color=_GREYS[i], marker=_MARKS[i],
                markersize=4, linestyle=("-", "--", "-.", ":")[i], label=f"γ = {SIGNS[gamma]}",
            )  # fmt: skip
        axis.set_title(name)
        names = [name.replace("100 or more", "100+") for name in BIN_NAMES]
        axis.set(xlabel="positives", ylim=(0, 0.8), xticks=range(len(BIN_NAMES)), xticklabels=names)
    axes[0].set_ylabel("mean F1 of such labels")
    axes[0].legend(fontsize=7.5)
    return figure


def _calibration(every: list[Found]) -> Figure:
    panels = _panels(every)
    figure, axes = _figure(len(panels))
    for axis, (name, lines) in zip(axes, panels.items(), strict=True):
        for i, (label, group) in enumerate(lines):
            for part, dash in (("calibration", "-"), ("undone", ":")):
                axis.plot(
                    GAMMAS,
                    [group.of(part, g, "log_loss") / group.base("log_loss") for g in GAMMAS],
                    dash, color=_GREYS[i], marker=_MARKS[i], markersize=4,
                    markerfacecolor="white" if part == "undone" else _GREYS[i],
                    label=label if part == "calibration" else None,
                )  # fmt: skip
        axis.axhline(1, color="0.8", linewidth=0.8)
        axis.set_title(name)
        axis.set(xlabel="γ", yscale="log", xticks=GAMMAS, xticklabels=_TICKS)
        axis.set(ylim=(0.08, 8), yticks=_LOSSES, yticklabels=[f"{loss:g}" for loss in _LOSSES])
        axis.minorticks_off()
    _legends(axes, panels)
    axes[0].set_ylabel("log loss / that of the shares")
    figure.supxlabel("filled: as it is; hollow, dotted: weight undone", fontsize=8)
    return figure
