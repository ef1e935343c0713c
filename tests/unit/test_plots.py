"""Plots: what is drawn is what was counted, nothing overlaps, names stay text, bytes stay the same."""

from __future__ import annotations

import itertools
import logging
import re
import xml.etree.ElementTree as ET
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

import imbweights
from imbweights import Analysis, ClassCounts, Plot, Profile, plot
from imbweights.core.errors import UsageError
from imbweights.core.profile import Recognised
from imbweights.render.plots import lettering
from imbweights.render.plots.drawing import settings
from imbweights.render.plots.kinds import KINDS
from imbweights.render.plots.lettering import Lettering, text_width
from imbweights.render.plots.looks import LOOKS
from imbweights.render.plots.together import together
from imbweights.schemes import SCHEMES

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "日本語の長い名前です",
    "עברית שלום",
    "🐈‍⬛ cat",
    "$x^2$ \\frac{a}{b}",
    "a\x1b[31mred",
    "line\nbreak",
    "rtl\u202eoverride",
    "<script>alert(1)</script>",
    "_hidden",
    "x" * 5000,
    " lead",
    "a very long class name that goes on and on until it does not fit at all, version A",
    "a very long class name that goes on and on until it does not fit at all, version B",
    "=cmd()",
]
SHOWN = [
    "日本語の長い名前です",
    "$x^2$ \\frac{a}{b}",
    "a\\x1b[31mred",
    "line\\nbreak",
    "rtl\\u202eoverride",
    "_hidden",
    '" lead"',
    "=cmd()",
]


def analysis(total: ClassCounts, **splits: ClassCounts) -> Analysis:
    """An analysis of counts that come from nowhere."""
    source = Recognised(name="data", kind="python")
    return Analysis(Profile(total=total, splits=splits, source=source))


def split_up(names: list[str], *parts: int) -> Analysis:
    """Counts that fall with the position of the class, in splits called a, b and so on."""
    made = {
        chr(ord("a") + j): ClassCounts.multiclass(
            {n: part * (len(names) - i) ** 2 for i, n in enumerate(names)}
        )
        for j, part in enumerate(parts)
    }
    profile = Profile.from_splits(made, Recognised(name="data", kind="python"))
    return Analysis(profile)


def tagged(names: list[str]) -> Analysis:
    """Rows with up to three labels."""
    sets = {
        (i, *sorted({(i * 3 + 1) % len(names), (i * 5 + 2) % len(names)} - {i})): 5 + i
        for i in range(len(names))
    }
    tidy = {tuple(sorted(labels)): rows for labels, rows in sets.items()}
    return analysis(ClassCounts.multilabel(names, tidy))


MANY = {f"class {i:03}": 20_000 // (i + 1) + 1 for i in range(1000)}


@cache
def cases() -> dict[str, Plot]:
    """Every kind on easy, hostile and large data."""
    return {
        "bar": plot({"A": 198, "B": 436, "C": 710, "D": 272}),
        "bar, log": plot({"ok": 9800, "dent": 31, "hole": 0}),
        "bar, hostile": plot(split_up(HOSTILE, 1)),
        "bar, many": plot(MANY),
        "bar, narrow": plot(MANY, top=5, width=3.5, title=""),
        "bar, low": plot({f"c{i}": i for i in range(1, 31)}, height=4),
        "splits": plot(split_up(["x", "y", "z"], 1, 3), kind="splits"),
        "splits, hostile": plot(split_up(HOSTILE, 5, 1, 2), kind="splits"),
        "splits, eight": plot(split_up(["x", "y"], *range(1, 9)), kind="splits"),
        "splits, many": plot(split_up(list(MANY), 1, 3), kind="splits"),
        "weights": plot({"A": 198, "B": 436, "C": 710, "D": 272}, kind="weights"),
        "weights, one": plot({"A": 198, "B": 6}, kind="weights", scheme="pos-weight"),
        "weights, hostile": plot(split_up(HOSTILE, 1), kind="weights", scheme=["log", "inverse"]),
        "weights, many": plot(MANY, kind="weights"),
        "weights, top": plot(MANY, kind="weights", top=7),
        "cooccurrence": plot(tagged(["a", "b", "c", "d"]), kind="cooccurrence"),
        "cooccurrence, hostile": plot(tagged(HOSTILE), kind="cooccurrence"),
        "cooccurrence, many": plot(tagged([f"tag_{i}" for i in range(70)]), kind="cooccurrence"),
    }


NAMES = sorted(cases())


def texts_of(figure: Figure) -> list[Text]:
    """All texts that are seen."""
    figure.draw_without_rendering()
    unseen = set()  # tick labels beyond the ends of an axis are not drawn
    for axis in (a for axes in figure.axes for a in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False)
        unseen |= {label for at, label in ticks if not low <= at <= high}
    found = [t for t in figure.findobj(Text) if t not in unseen]
    return [t for t in found if t.get_text().strip() and t.get_visible()]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_overlaps_and_nothing_leaves_the_page(name: str) -> None:
    """The boxes of all texts lie apart and within the figure."""
    result = cases()[name]
    with settings():
        figure = result.figure()
        boxes = [(t.get_text(), t.get_window_extent()) for t in texts_of(figure)]
    page = figure.bbox
    for text, box in boxes:
        assert box.x0 >= page.x0 - 1, text
        assert box.x1 <= page.x1 + 1, text
        assert box.y0 >= page.y0 - 1, text
        assert box.y1 <= page.y1 + 1, text
    for (a, one), (b, two) in itertools.combinations(boxes, 2):
        across = min(one.x1, two.x1) - max(one.x0, two.x0)
        up = min(one.y1, two.y1) - max(one.y0, two.y0)
        assert across < 2 or up < 3.5, (a, b)  # boxes have room for letters that reach down


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        *((name, ".svg") for name in NAMES),
        *((name, suffix) for name in NAMES if "hostile" in name for suffix in (".png", ".pdf")),
    ],
)
def test_the_same_bytes_and_not_a_word(
    name: str, suffix: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Twice the same file; no warning (they are errors here), no logged line, no output."""
    starts = {".svg": b"<?xml", ".png": b"\x89PNG", ".pdf": b"%PDF"}
    with caplog.at_level(logging.WARNING):
        content = cases()[name].to_bytes(suffix)
        assert content == cases()[name].to_bytes(suffix)
    assert content.startswith(starts[suffix])
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_hostile_names_are_text_in_svg(kind: str) -> None:
    """As they are or escaped, in text elements; nothing of them becomes markup or mathematics."""
    svg = cases()[f"{kind}, hostile"].to_bytes(".svg").decode()
    tree = ET.fromstring(svg)  # noqa: S314 - our own file
    assert not [e for e in tree.iter() if "script" in e.tag]
    seen = ["".join(e.itertext()) for e in tree.iter(f"{SVG}text")]
    for shown in SHOWN:
        assert any(text == shown or text.startswith(f"{shown} (") for text in seen), shown
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", svg)


def test_long_names_keep_their_ends() -> None:
    """Names that differ at the end only can still be told apart."""
    svg = cases()["bar, hostile"].to_bytes(".svg").decode()
    assert "version A<" in svg
    assert "version B<" in svg


def test_bars_are_as_long_as_the_counts() -> None:
    """Widths 710 : 436 : 272 : 198 on a linear axis, most frequent on top, with share."""
    figure = plot({"A": 198, "B": 436, "C": 710, "D": 272}).figure()
    bars = [p for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    assert [p.get_width() for p in bars] == [710, 436, 272, 198]
    assert figure.axes[0].get_xscale() == "linear"
    words = [t.get_text() for t in texts_of(figure)]
    assert "710  (43.9 %)" in words  # 710 / 1616
    assert [w for w in words if w in "ABCD"] == ["C", "B", "D", "A"]


@pytest.mark.parametrize(("largest", "scale"), [(50, "linear"), (51, "log")])
def test_a_wide_ratio_is_logarithmic_and_says_so(largest: int, scale: str) -> None:
    """Above 50 : 1, unless the user wishes otherwise."""
    figure = plot({"a": largest, "b": 1}).figure()
    assert figure.axes[0].get_xscale() == scale
    assert ("log scale" in figure.axes[0].get_xlabel()) == (scale == "log")
    other = plot({"a": largest, "b": 1}, log=scale == "linear").figure()
    assert other.axes[0].get_xscale() != scale


def test_log_bars_end_at_their_counts() -> None:
    """A bar that begins at half of the smallest count ends at its own."""
    figure = plot({"a": 1000, "b": 10}).figure()
    bars = [p for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    assert [p.get_x() + p.get_width() for p in bars] == [1000, 10]
    assert figure.axes[0].get_xlim()[0] == 5


def test_the_rest_is_summed() -> None:
    """1000 classes: 20 bars, the sum of 980, and a curve of them all."""
    total = sum(MANY.values())
    rest = sum(sorted(MANY.values())[:-20])
    figure = cases()["bar, many"].figure()
    words = [t.get_text() for t in texts_of(figure)]
    assert "980 others" in words
    assert f"{rest:,}  ({100 * rest / total:.1f} %)" in words
    assert len(figure.axes) == 2
    line = figure.axes[1].lines[0]
    assert line.get_ydata()[0] == max(MANY.values())  # type: ignore[index]
    assert line.get_ydata()[-1] == min(MANY.values())  # type: ignore[index]


def test_splits_are_shares() -> None:
    """Markers at n/N of the split, and the counts beside them."""
    made = {
        "train": ClassCounts.multiclass({"a": 30, "b": 10}),
        "val": ClassCounts.multiclass({"a": 1, "b": 3}),
    }
    found = Analysis(Profile.from_splits(made, Recognised(name="d", kind="python")))
    figure = plot(found, kind="splits").figure()
    marks = sorted(float(line.get_xdata()[0]) for line in figure.axes[0].lines)  # type: ignore[index,arg-type]
    assert marks == [0.25, 0.25, 0.75, 0.75]
    assert {"30", "10", "1", "3"} <= {t.get_text() for t in texts_of(figure)}


def test_weights_are_those_of_suggest() -> None:
    """The number beside each class, to four digits."""
    figure = plot(
        {"A": 198, "B": 436, "C": 710, "D": 272}, kind="weights", scheme="inverse"
    ).figure()
    words = [t.get_text() for t in texts_of(figure)]
    assert {"8.162", "3.706", "2.276", "5.941"} <= set(words)  # 1616 / n
    assert "C (710)" in words


@given(st.lists(st.sets(st.integers(0, 5)), min_size=1, max_size=30), st.permutations(range(6)))
def test_together_is_the_product_of_the_table(rows: list[set[int]], order: list[int]) -> None:
    """X^T X of the 0/1 table, for the labels asked for in their order."""
    table = np.array([[int(i in row) for i in range(6)] for row in rows])
    sets: dict[tuple[int, ...], int] = {}
    for row in rows:
        key = tuple(sorted(row))
        sets[key] = sets.get(key, 0) + 1
    counts = ClassCounts.multilabel([str(i) for i in range(6)], sets)
    chosen = order[:4]
    assert together(counts, chosen).tolist() == (table.T @ table)[np.ix_(chosen, chosen)].tolist()


def test_cooccurrence_reads_row_by_row() -> None:
    """Of 4 rows with a, 1 has b: 25 %; of 2 rows with b, 1 has a: 50 %."""
    counts = ClassCounts.multilabel(["a", "b"], {(0,): 3, (0, 1): 1, (1,): 1})
    figure = plot(analysis(counts), kind="cooccurrence").figure()
    cells = {(t.get_position()[1], t.get_position()[0]): t.get_text() for t in figure.axes[0].texts}
    assert cells == {(0.5, 1.5): "25 %", (1.5, 0.5): "50 %"}


@pytest.mark.parametrize("text", ["benign", "Weight (1,234)", "iiiiii", "WWWWWW", "été"])
@pytest.mark.parametrize("size", [8.0, 9.0])
def test_widths_are_those_of_matplotlib(text: str, size: float) -> None:
    """Within what hinting does."""
    with settings():
        figure = Figure(dpi=300)
        drawn = figure.text(0, 0, text, fontsize=size).get_window_extent().width / 300
    assert text_width(text, size) == pytest.approx(drawn, rel=0.12)


def test_signs_without_a_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spelled out in PNG and PDF, left to the reader's fonts in SVG."""
    monkeypatch.setattr(lettering, "_family_with", lambda char, paper: None)
    assert Lettering(".png").shown("a日") == "a\\u65e5"
    assert Lettering(".pdf").shown("🐈") == "\\U0001f408"
    assert Lettering(".svg").shown("a日") == "a日"


def test_markers_and_dashes_tell_series_apart_without_colour() -> None:
    """No two alike; the first bars of grey differ by a tenth of the whole range at least."""
    assert len({look.marker for look in LOOKS}) == len(LOOKS)
    assert len({look.dashes for look in LOOKS}) == len(LOOKS)
    lightness = [
        sum(f * int(look.color[i : i + 2], 16) / 255 for f, i in ((0.2126, 1), (0.7152, 3), (0.0722, 5)))
        for look in LOOKS[:4]
    ]  # fmt: skip
    assert all(abs(a - b) > 0.05 for a, b in itertools.combinations(lightness, 2))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "splits"}, "compares splits"),
        ({"kind": "cooccurrence"}, "rows with several labels"),
        ({"kind": "bars"}, "did you mean bar?"),
        ({"scheme": "log"}, "--scheme goes with --kind weights"),
        ({"kind": "weights", "scheme": "blanced"}, "did you mean balanced?"),
        ({"kind": "weights", "scheme": ["pos-weight", "log"]}, "for different classes"),
        ({"top": 0}, "--top must be between 1 and 200"),
        ({"width": 0.5}, "--width must be between"),
        ({"height": float("nan")}, "--height must be between"),
        ({"titel": "x"}, "did you mean 'title'?"),
        ({"path": "a.jpg"}, "must end in .svg, .png or .pdf"),
    ],
)
def test_what_cannot_be_drawn_is_refused(options: dict[str, Any], message: str) -> None:
    """With what to do instead."""
    with pytest.raises(UsageError) as error:
        plot({"a": 3, "b": 1}, **options)
    assert message.replace("'title'", "title") in str(error.value).replace("'", "")


def labels_of(found: Plot) -> str:
    """All texts of a picture."""
    return " | ".join(text.get_text() for text in texts_of(found.figure()))


def test_the_rest_of_labels_is_no_share_of_rows() -> None:
    """Since a row may have several of them; what is counted is rows with the label."""
    counts = tagged([f"tag_{i}" for i in range(12)])
    text = labels_of(plot(counts, top=4))
    rest = sum(sorted(counts.counts.counts.tolist())[:-4])
    assert f"{rest:,} labels" in text
    assert "rows with the label" in text


def test_splits_of_labels() -> None:
    """Shares of the rows of each split; a split without rows has none, and no marker."""
    names = ["a", "b"]
    parts = {
        "train": ClassCounts.multilabel(names, {(0,): 30, (0, 1): 10}),
        "val": ClassCounts.multilabel(names, {}),
    }
    found = plot(analysis(parts["train"], **parts), kind="splits")
    assert "share of rows with the label" in labels_of(found)
    [axes] = found.figure().axes
    drawn = [line for line in axes.lines if line.get_marker() not in {"", "None", None}]
    assert sorted(round(float(np.ravel(line.get_xdata())[0]), 6) for line in drawn) == [0.25, 1.0]


def test_hollow_markers_are_said() -> None:
    """On a logarithmic scale nothing has a place of its own."""
    far = {"a": 100_000, "b": 10, "c": 0}
    parts = {"x": ClassCounts.multiclass(far), "y": ClassCounts.multiclass({**far, "c": 5})}
    profile = Profile.from_splits(parts, Recognised(name="data", kind="python"))
    assert "hollow: none" in labels_of(plot(Analysis(profile), kind="splits"))
    weights = plot(far, kind="weights", scheme="inverse", empty="zero")
    assert "hollow: 0" in labels_of(weights)


def test_cells_fit_a_height() -> None:
    """If one is asked for."""
    tall, low = (
        plot(tagged(["a", "b", "c", "d"]), kind="cooccurrence", height=h) for h in (None, 3)
    )
    heights = [found.figure().get_size_inches()[1] for found in (tall, low)]
    assert heights[0] > heights[1] == pytest.approx(3, abs=0.3)


def test_a_title_that_is_too_long_is_cut() -> None:
    """In its last line."""
    text = labels_of(plot({"a": 3, "b": 1}, title="many words " * 60))
    [last] = [part for part in text.split(" | ") if "…" in part]
    assert last.startswith(("many", "words"))
    assert 1 < len([part for part in text.split(" | ") if "many words many" in part]) <= 3
    assert text_width("", 9) == 0


def test_labels_that_are_never_on() -> None:
    """Have a row each, and no bar."""
    found = plot(analysis(ClassCounts.multilabel(["a", "b"], {(): 9})))
    assert labels_of(found).count("0  (0.0 %)") == 2
    assert not [p for p in found.figure().axes[0].patches if isinstance(p, Rectangle)]


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (tagged(["a"]), {"kind": "cooccurrence"}, "needs two labels or more"),
        (split_up(["x", "y"], *range(1, 21)), {"kind": "splits"}, "and there are 20"),
        (analysis(ClassCounts.multiclass({})), {}, "data has no classes to draw"),
        (tagged(["a", "b"]), {"label": "x"}, "label says how labels are read"),
        (
            split_up(["x", "y", "z"], 1),
            {"kind": "weights", "scheme": list(SCHEMES)},
            "a plot can tell",
        ),
    ],
)
def test_data_that_cannot_be_drawn(data: Analysis, options: dict[str, Any], message: str) -> None:
    """By this kind of picture."""
    with pytest.raises(UsageError) as error:
        plot(data, **options)
    assert message in str(error.value)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install."""
    monkeypatch.setattr("imbweights.render.plots.drawing.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="imbweights\\[report\\]"):
        plot({"a": 3, "b": 1})


def test_a_notebook_shows_it(tmp_path: Any) -> None:
    """As SVG; saving writes the same."""
    result = imbweights.plot({"a": 3, "b": 1}, tmp_path / "a.svg")
    shown = result._repr_svg_()
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == shown
