"""The picture of a sweep: labels apart, the same bytes every time, names as they are."""

from __future__ import annotations

import importlib.util
import itertools
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import sweep_results
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from imbweights.core.errors import UsageError
from imbweights.evidence.result import Kind, SweepResult
from imbweights.render.plots import sweep as plots
from imbweights.render.plots.drawing import check_plot, picture
from imbweights.render.plots.labels import Box, Plane, leader, placed

RESULTS: dict[str, Callable[[], SweepResult]] = {
    "binary": sweep_results.binary,
    "weight wins": sweep_results.weight_wins,
    "multiclass": sweep_results.multiclass,
    "multilabel": sweep_results.multilabel,
    "inseparable": sweep_results.inseparable,
    "interrupted": sweep_results.interrupted,
    "hostile": sweep_results.hostile,
}
SVG = "{http://www.w3.org/2000/svg}"


def boxes_of(figure: Figure) -> tuple[list[Box], Box]:
    """The label boxes of a figure as they are drawn, and the axes that hold them."""
    axes = figure.axes[0]
    gids = [(text, text.get_gid() or "") for text in axes.texts]
    extents = [text.get_window_extent() for text, gid in gids if gid.startswith(plots.LABEL)]
    boxes = [Box(e.x0, e.y0, e.x1, e.y1) for e in [*extents, axes.get_window_extent()]]
    return boxes[:-1], boxes[-1]


@pytest.mark.parametrize("name", RESULTS)
def test_labels_neither_overlap_nor_leave_the_axes(name: str) -> None:
    """At the resolution of SVG, of the layout and of PNG; every point has its label."""
    result = RESULTS[name]()
    points = [c for c in result.candidates if c.pooled["precision"] or c.pooled["micro_f1"]]
    seen = []

    def draw() -> Figure:
        figure = plots.sweep_figure(result)
        for dpi in (72, 100, 150):
            figure.set_dpi(dpi)
            seen.append(boxes_of(figure))
        return figure

    picture(draw, ".svg", "")
    assert len(seen) == 3
    for labels, room in seen:
        assert len(labels) == len(points)
        assert not any(a.overlaps(b) for a, b in itertools.combinations(labels, 2))
        assert all(label.inside(room) for label in labels)


@pytest.mark.parametrize("name", ["binary", "multiclass", "multilabel"])
def test_lines_to_labels_strike_no_label(name: str) -> None:
    """Nor does a label lie nearer to another marker than to its own, without a line to its own."""
    result = RESULTS[name]()
    seen: list[Figure] = []

    def draw() -> Figure:
        seen.append(plots.sweep_figure(result))
        return seen[0]

    picture(draw, ".svg", "")
    axes = seen[0].axes[0]
    labels, _ = boxes_of(seen[0])
    lines = [line for line in axes.lines if line.get_gid() == plots.LEADER]
    for line in lines:
        ends = axes.transData.transform(numbers_of(line))
        between = [tuple(ends[0] + (ends[1] - ends[0]) * t) for t in np.linspace(0, 0.97, 60)]
        struck = [box for box in labels if any(box.holds(point) for point in between)]
        assert len(struck) <= 1  # its own, at the end


@given(st.lists(st.tuples(st.floats(20, 380), st.floats(20, 280)), min_size=2, max_size=4))
def test_a_label_without_a_line_is_beside_its_own_marker(points: list[tuple[float, float]]) -> None:
    """Where there is room enough."""
    apart = [p for i, p in enumerate(points) if all(math.dist(p, q) > 14 for q in points[:i])]
    markers = tuple(Box.around(p, 9, 9) for p in apart)
    plane = Plane(room=Box(-200, -200, 600, 500), taken=markers)
    found = placed(apart, [(60, 10)] * len(apart), plane, 7)
    for anchor, box in zip(apart, found, strict=True):
        assert box is not None
        if leader(anchor, box, 7) is None:
            near = min(apart, key=lambda point: math.dist(point, box.nearest(point)))
            assert near == anchor


def test_markers_of_one_place_are_all_seen() -> None:
    """The smaller on top of the larger, all within the ring."""
    looks = plots._LOOKS  # noqa: SLF001
    figure = plots.sweep_figure(sweep_results.binary())
    drawn = {str(line.get_label()): line for line in figure.axes[0].lines}
    kinds = (Kind.THRESHOLD, Kind.BEST_WEIGHT, Kind.WEIGHT_THRESHOLD)
    chosen = [drawn[looks[kind].title] for kind in kinds]
    sizes = [line.get_markersize() for line in chosen]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3
    orders = [line.get_zorder() for line in chosen]
    assert orders == sorted(orders)
    assert drawn["the advice"].get_markersize() > 1.4 * sizes[0]


def numbers_of(line: Line2D) -> npt.NDArray[np.float64]:
    """(N, 2): the points of a line."""
    return np.asarray(line.get_xydata(), dtype=np.float64)


coordinates = st.tuples(st.floats(0, 400), st.floats(0, 300))
sizes = st.tuples(st.floats(5, 150), st.floats(5, 20))


@given(st.lists(st.tuples(coordinates, sizes), max_size=25), st.lists(coordinates, max_size=20))
def test_placing_keeps_its_word(
    labels: list[tuple[tuple[float, float], tuple[float, float]]],
    curve: list[tuple[float, float]],
) -> None:
    """Whatever lies where: no overlap, nothing outside, nothing on a marker."""
    room = Box(0, 0, 400, 300)
    anchors = [anchor for anchor, _ in labels]
    markers = tuple(Box.around(anchor, 9, 9) for anchor in anchors)
    plane = Plane(room=room, taken=markers, curves=tuple(curve))
    found = placed(anchors, [size for _, size in labels], plane, 7)
    assert len(found) == len(labels)
    kept = [box for box in found if box is not None]
    assert all(box.inside(room) for box in kept)
    assert not any(a.overlaps(b) for a, b in itertools.combinations(kept, 2))
    assert not any(box.overlaps(marker) for box in kept for marker in markers)


def test_a_free_place_is_taken_near_the_marker() -> None:
    """One label in an empty plane lies beside its marker; without room there is none."""
    room = Box(0, 0, 400, 300)
    [box] = placed([(200, 150)], [(40, 10)], Plane(room=room), 7)
    assert box is not None
    assert 7 <= abs(box.nearest((200, 150))[0] - 200) + abs(box.nearest((200, 150))[1] - 150) < 10
    assert placed([(5, 5)], [(40, 10)], Plane(room=Box(0, 0, 20, 20)), 7) == [None]


def test_a_curve_stays_visible_if_it_can() -> None:
    """The label goes to the other side."""
    curve = tuple((200.0 + x, 150.0) for x in range(0, 80, 4))
    plane = Plane(room=Box(0, 0, 400, 300), curves=curve)
    [box] = placed([(200, 150)], [(60, 12)], plane, 7)
    assert box is not None
    assert not any(box.holds(point) for point in curve)


@cache
def svg_of(name: str) -> bytes:
    """The picture of a result; making one takes matplotlib a while."""
    return plots.sweep_picture(RESULTS[name](), ".svg")


def svg_texts(name: str) -> list[str]:
    """Every text of the SVG."""
    tree = ET.fromstring(svg_of(name))  # noqa: S314 - our own file
    return ["".join(node.itertext()) for node in tree.iter(f"{SVG}text")]


def test_svg_is_deterministic_and_its_text_is_text() -> None:
    """Bytes equal, no date; titles, axes and labels can be searched."""
    result = sweep_results.binary()
    first = svg_of("binary")
    assert first == plots.sweep_picture(sweep_results.binary(), ".svg")
    assert b"dc:date" not in first
    texts = svg_texts("binary")
    for wanted in (
        "Precision and recall of class 1",
        "What weights do: scores of class 1",
        "pos_weight",
        "recall",
        "plain, threshold tuned (.26)",
        "16.5",
        "F1 .6",
    ):
        assert wanted in texts
    assert result.verdict.headline in texts


def test_png_is_a_png() -> None:
    """1500 × 810 pixels."""
    data = plots.sweep_picture(sweep_results.binary(), ".png")
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(data[16:20], "big") == 1500


def test_names_are_neither_markup_nor_formulas() -> None:
    """``$x_1$`` stays as it is, ``<b>`` is no tag, escapes are spelled out."""
    texts = svg_texts("hostile")
    assert any("$x_1$ <b>&\\u202edrow" in text for text in texts)
    assert any("a\\x1b[31mb\\n" in text for text in texts)
    assert b"\x1b" not in svg_of("hostile")


def test_signs_that_the_font_lacks_are_no_warning() -> None:
    """Warnings are errors here."""
    assert plots.sweep_picture(sweep_results.multiclass(("日", "ب", "🐈", "D")), ".png")


def test_grid_of_each_task() -> None:
    """Binary against ``pos_weight``, the others against the exponent; the plain model starts it."""
    binary = svg_texts("binary")
    assert "pos_weight" in binary
    for name in ("multiclass", "multilabel"):
        texts = svg_texts(name)
        assert "exponent γ of the weights, 0: no weights" in texts
        assert "macro F1" in texts
    figure = plots.sweep_figure(sweep_results.binary())
    [precision, recall, f1, *_] = figure.axes[1].lines
    first = [numbers_of(line)[0].tolist() for line in (precision, recall, f1)]
    plain = sweep_results.binary()["plain"].pooled
    assert first == [[1.0, plain[key]] for key in ("precision", "recall", "f1")]


def test_a_weight_that_is_the_same_for_every_label() -> None:
    """Is written beside its marker; without a single value there is only the exponent."""
    result = sweep_results.multilabel(4)
    values = np.full(4, 3.0)
    weights = replace(
        sweep_results.class_weights(result.classes, [5] * 4, "pos-weight"), values=values
    )
    grid = [c for c in result.candidates if c.kind is Kind.POS_WEIGHT]
    given = replace(grid[0], name="pos_weight 3", gamma=None, pos_weight=None, weights=weights)
    others = [c for c in result.candidates if c not in grid]
    figure = plots.sweep_figure(replace(result, candidates=(*others, given)))
    figure.draw_without_rendering()
    assert "3" in {text.get_text() for text in figure.axes[0].texts}


def test_labels_without_a_place_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than written over each other; the markers stay."""
    result = sweep_results.binary()
    before = plots.sweep_figure(result)
    all_of_them, _ = boxes_of(before)

    def crowded(*arguments: Any) -> list[Box | None]:
        """No room for the last two."""
        return [*placed(*arguments)[:-2], None, None]

    monkeypatch.setattr(plots, "placed", crowded)
    after = plots.sweep_figure(result)
    boxes, _ = boxes_of(after)
    assert len(boxes) == len(all_of_them) - 2
    drawn = [
        sum(line.get_gid() != plots.LEADER for line in figure.axes[0].lines)
        for figure in (before, after)
    ]
    assert drawn[0] == drawn[1]


def test_readable_without_colour() -> None:
    """The three lines differ in marker and in dashes."""
    figure = plots.sweep_figure(sweep_results.binary())
    lines = figure.axes[1].lines[:3]
    assert len({line.get_marker() for line in lines}) == 3
    assert len({str(line._dash_pattern) for line in lines}) == 3  # type: ignore[attr-defined]  # noqa: SLF001
    markers = [look.marker for look in plots._LOOKS.values()]  # noqa: SLF001
    assert len(set(markers)) == len(markers)


def test_the_iso_lines_are_those_of_f1() -> None:
    """Every point p, r of the line named .6 has 2pr/(p + r) = .6."""
    figure = plots.sweep_figure(sweep_results.binary())
    for line, f1 in zip(figure.axes[0].lines, (0.2, 0.4, 0.6, 0.8), strict=False):
        for r, p in numbers_of(line).tolist():
            assert 2 * p * r / (p + r) == pytest.approx(f1)


def test_the_users_settings_do_not_matter() -> None:
    """A style set elsewhere changes nothing and is left as it was."""
    import matplotlib as mpl

    usual = svg_of("binary")
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "red"}):
        assert plots.sweep_picture(sweep_results.binary(), ".svg") == usual
        assert mpl.rcParams["font.size"] == 20


def test_bad_names_and_a_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any work is done; the message says what to install."""
    check_plot(Path("a.SVG"))
    with pytest.raises(UsageError, match=re.escape("must end in .svg or .png")):
        check_plot(Path("a.pdf"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr("imbweights.render.plots.drawing.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=re.escape("pip install 'imbweights[report]'")):
        check_plot(Path("a.svg"))
