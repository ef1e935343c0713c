"""The report's value and its pages, without a browser: numbers, escaping, sizes, what is missing."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import io
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pytest
import sweep_results
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from report_cases import (
    HOSTILE,
    SPELLED,
    write_hostile,
    write_many,
    write_panoptic,
    write_rows,
    write_volume,
)

import imbweights
from imbweights.analysis import Analysis, analyze
from imbweights.checking import CheckResult, DataSet, Settings, check_set, counted_set
from imbweights.coding import snippets_of
from imbweights.core.choices import EmptyPolicy
from imbweights.core.counts import ClassCounts
from imbweights.core.errors import UsageError
from imbweights.core.findings import Finding, Level, Where
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.core.profile import Profile, Recognised
from imbweights.render.escaping import markdown_text
from imbweights.render.report import charts, html, tables, words
from imbweights.render.report.html import check_report, report_html
from imbweights.render.report.markdown import report_markdown
from imbweights.reporting import Report, reported
from imbweights.reporting.together import together
from imbweights.schemes.weighing import Wishes

VOID = {"meta", "link", "input", "img", "br", "line", "rect", "path", "circle"}


class Reader(HTMLParser):
    """Elements, attributes and texts of a page; refuses tags that do not match."""

    def __init__(self) -> None:
        """Nothing read yet."""
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element of SVG that holds nothing."""
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """A text."""
        if self.open and self.open[-1] not in {"style", "script"}:
            self.texts.append(data)


def read(page: str) -> Reader:
    """A page that is read to its end."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def report_of(
    *paths: Path, images: str | None = None, wishes: Wishes | None = None, **options: Any
) -> Report:
    """Everything about a source."""
    spec = SourceSpec(paths=tuple(map(str, paths)), options=LabelOptions(**options))
    data = DataSet(name="data", spec=spec, settings=Settings(images=images))
    report = reported(data, counted_set(data), wishes=wishes or Wishes())
    return replace(report, snippets=snippets_of(report))


def hostile(tmp_path: Path) -> Report:
    """Names that attack, in classes and splits."""
    source = write_hostile(tmp_path / "a.csv")
    return report_of(source, label="label", split="split", separator="")


class TestPage:
    """HTML."""

    def test_it_is_whole_and_asks_nobody(self, samples: Path) -> None:
        """Every address is an anchor of the page itself or data inside it."""
        page = report_html(report_of(samples / "yolo"), "1")
        reader = read(page)
        addresses = [v for n, v in reader.attributes if n in {"src", "href", "action", "data"}]
        assert addresses
        assert all(a.startswith(("#", "data:")) for a in addresses)
        assert not re.search(r"url\(|@import|https?://(?!example)", page)
        ids = [value for name, value in reader.attributes if name == "id"]
        assert len(ids) == len(set(ids))
        anchors = {a[1:] for a in addresses if a.startswith("#")}
        labelled = {v for n, v in reader.attributes if n == "aria-labelledby"}
        assert anchors | labelled <= set(ids)

    def test_only_its_own_script_may_run(self, samples: Path) -> None:
        """The policy names the script by the hash of its text."""
        page = report_html(report_of(samples / "four_classes.csv"), "1")
        [script] = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        [policy] = [v for _, v in read(page).attributes if "default-src" in v]
        assert policy.startswith("default-src 'none'; ")
        assert f"script-src 'sha256-{digest}'" in policy

    def test_numbers_are_those_of_the_other_commands(self, samples: Path) -> None:
        """Counts, shares and weights of the README's four classes."""
        texts = set(read(report_html(report_of(samples / "four_classes.csv"), "1")).texts)
        assert {"1,616", "198", "12.3 %", "710", "43.9 %", "3.6 : 1"} <= texts
        found = imbweights.suggest(samples / "four_classes.csv", "inverse")
        assert {f"{value:.5f}" for value in found.values} <= texts

    def test_hostile_names_make_no_element(self, tmp_path: Path) -> None:
        """The page has the elements of a page about the same counts under plain names."""
        report = hostile(tmp_path)
        reader = read(report_html(report, "1"))
        assert reader.tags["script"] == 1
        assert not {"img", "b"} & set(reader.tags)
        assert not any(name.startswith("on") for name, _ in reader.attributes)
        for name in HOSTILE:
            shown = SPELLED.get(name, name)[:200]
            assert any(shown in text for text in reader.texts), name

    def test_same_bytes_every_time(self, samples: Path) -> None:
        """What has not changed makes no difference in version control."""
        first, second = (
            report_html(replace(report_of(samples / "tags.csv", label="tag_*"), sweep=s), "1")
            for s in (sweep_results.binary(), sweep_results.binary())
        )
        assert first == second

    @pytest.mark.parametrize("name", ["binary", "multilabel", "hostile", "interrupted"])
    def test_a_sweep_on_the_page(self, samples: Path, name: str) -> None:
        """The verdict, each candidate, and a picture without addresses or styles of its own."""
        result = getattr(sweep_results, name)()
        report = replace(report_of(samples / "four_classes.csv"), sweep=result)
        page = report_html(report, "1")
        reader = read(page)
        assert reader.tags["style"] == 1
        assert "<metadata" not in page
        assert {row[0] for row in tables.sweep_table(result).rows} <= set(reader.texts)

    def test_a_thousand_classes_stay_small(self, tmp_path: Path) -> None:
        """Code for schemes is left out where there is no room, and the command named instead."""
        report = report_of(write_many(tmp_path / "a.csv"), label="label", split="split")
        page = report_html(replace(report, again="a.csv"), "1")
        assert len(page.encode()) < 3_000_000
        assert 1 <= len(report.snippets) < len(report.weights)
        assert next(iter(report.snippets)) == next(iter(report.weights))
        assert "imbweights suggest a.csv --scheme" in page

    def test_ten_thousands_of_classes_stay_small(self, tmp_path: Path) -> None:
        """Both ends of the ranking in class order; the page says so and names the commands for all."""
        rows = [(f"class_{i:05d}", "") for i in range(12_000) for _ in range(1 + (i % 100 == 0))]
        report = report_of(write_rows(tmp_path / "a.csv", rows), label="label")
        report = replace(report, again="a.csv --label label")
        page, text = report_html(report, "1"), report_markdown(report, "1")
        assert len(page.encode()) < 3_000_000
        assert len(text.encode()) < 1_000_000
        for form in (page, text):
            assert "the 1,000 most and the 1,000 least frequent of 12,000" in form
            assert "imbweights analyze a.csv --label label -o counts.csv" in form
            assert "-o weights.csv" in form
            assert "imbweights check a.csv --label label --all" in form
        shown = [int(row[0]) for row in tables.class_table(report.analysis).rows]
        assert len(shown) == 2000
        assert shown == sorted(shown)
        assert set(range(0, 12_000, 100)) <= set(shown)

    @pytest.mark.parametrize("module", ["jinja2", "matplotlib"])
    def test_what_is_missing_is_named(self, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
        """With the command that installs it."""
        find = importlib.util.find_spec
        monkeypatch.setattr(html, "find_spec", lambda n: None if n == module else find(n))
        with pytest.raises(
            UsageError, match=rf"needs {module}: pip install 'imbweights\[report\]'"
        ):
            check_report(sweep=True)
        if module == "matplotlib":
            check_report(sweep=False)


class TestMarkdown:
    """The same as Markdown."""

    def test_tables_have_equal_columns(self, samples: Path) -> None:
        """In every row, so that each cell stands under its heading."""
        for path in ("four_classes.csv", "yolo", "masks"):
            text = report_markdown(report_of(samples / path), "1")
            for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
                assert len({len(re.findall(r"(?<!\\)\|", r)) for r in block.splitlines()}) == 1

    def test_hostile_names_are_text(self, tmp_path: Path) -> None:
        """Neither HTML nor headings nor links nor the end of a block of code."""
        text = report_markdown(hostile(tmp_path), "1")
        outside = re.sub(r"^(`{3,})\n.*?\n\1$", "", text, flags=re.DOTALL | re.MULTILINE)
        assert not re.search(r"<\w|[\x1b\u202e]|^# heading|(?<!\\)\]\(", outside, re.MULTILINE)
        assert "`" not in outside.replace("\\`", "")

    def test_the_first_line_says_whose_it_is(self, samples: Path) -> None:
        """So a later run may write over it."""
        text = report_markdown(report_of(samples / "four_classes.csv"), "1")
        assert text.startswith("# four\\_classes.csv\n")
        assert text.rstrip().endswith("Made by imbweights 1.")


class TestContents:
    """What is gathered."""

    def test_weights_belong_to_the_training_split(self, samples: Path) -> None:
        """As with suggest, and every scheme says so."""
        report = report_of(samples / "yolo", wishes=Wishes(empty=EmptyPolicy.ZERO))
        assert report.training.as_dict()["cow"] == 105
        assert all("computed on split 'train'" in w.notes[0] for w in report.weights.values())

    def test_no_weights_for_classes_without_samples_unless_told(self, samples: Path) -> None:
        """The page says why, and everything else is there."""
        report = report_of(samples / "yolo")
        assert report.suggestion is None
        assert "fox" in str(report.no_weights)
        page = report_html(report, "1")
        assert "There are no weights" in page
        assert "There are no weights" in report_markdown(report, "1")

    def test_undeclared_classes_are_refused_as_everywhere(self, tmp_path: Path) -> None:
        """A check keeps them to name them all; weights with them would be wrong."""
        source = tmp_path / "a.csv"
        source.write_text("label\na\nb\nc\n", encoding="utf-8")
        with pytest.raises(imbweights.ImbweightsError, match="c"):
            report_of(source, label="label", classes=("a", "b"), classes_typed="a,b")

    @given(st.lists(st.sets(st.integers(0, 4)), min_size=1, max_size=20))
    def test_labels_together_are_a_product(self, rows: list[set[int]]) -> None:
        """X^T X of the 0/1 table, by NumPy."""
        table: npt.NDArray[np.int64] = np.zeros((len(rows), 5), dtype=np.int64)
        for i, row in enumerate(rows):
            table[i, list(row)] = 1
        sets = Counter(tuple(sorted(row)) for row in rows)
        found = together(ClassCounts.multilabel(list("abcde"), dict(sets)))
        if all(len(row) < 2 for row in rows):
            assert found is None
        else:
            assert found is not None
            chosen = list(found.labels)
            assert (found.rows == (table.T @ table)[np.ix_(chosen, chosen)]).all()
            assert sorted(chosen) == np.flatnonzero(table.sum(axis=0)).tolist()

    def test_only_thirty_labels_stand_in_the_table(self, samples: Path) -> None:
        """The most frequent, by the counts."""
        report = report_of(samples / "articles.csv")
        assert report.together is not None
        counts = report.analysis.counts.counts
        assert len(report.together.labels) == 30
        assert min(counts[list(report.together.labels)]) >= np.sort(counts)[-30]

    def test_findings_of_one_code_stand_together(self, tmp_path: Path) -> None:
        """Errors first; none is lost."""
        report = report_of(write_many(tmp_path / "a.csv"), label="label", split="split")
        groups = words.grouped(report.checked.findings)
        assert sum(len(g.messages) + g.more for g in groups) == len(report.checked.findings)
        levels = [g.level for g in groups]
        assert levels == sorted(levels, key=["error", "warning", "note"].index)


class TestCharts:
    """Geometry."""

    @given(st.dictionaries(st.text(max_size=30), st.integers(0, 10**12), min_size=1, max_size=60))
    def test_longer_bars_are_larger_classes(self, values: dict[str, int]) -> None:
        """On both scales, within the picture; linear ones in proportion."""
        for scale in ("linear", "log"):
            if not any(values.values()):
                continue
            chart = charts.bar_chart(values, "n", scale)
            ranked = sorted(values.values(), reverse=True)
            lengths = [bar.length for bar in chart.bars]
            assert lengths == sorted(lengths, reverse=True)
            assert all(
                (length > 0) == (n > 0)
                for length, n in zip(lengths, ranked, strict=True)
                if scale == "log"
            )
            assert chart.left + max(lengths) <= chart.width
            assert all(chart.left <= tick.at <= chart.width for tick in chart.ticks)
        if any(values.values()):
            whole = charts.bar_chart(values, "n", "linear").bars
            most = whole[0].length
            for bar, n in zip(whole, ranked, strict=True):
                assert bar.length == pytest.approx(most * n / ranked[0], abs=0.1)

    def test_names_that_begin_alike_stay_apart(self) -> None:
        """What is left out is what they have in common."""
        long = "a very long name of a class that goes on and on, number"
        chart = charts.bar_chart({f"{long} {i}": 9 - i for i in range(3)}, "n", "linear")
        assert [bar.name for bar in chart.bars] == ["…number 0", "…number 1", "…number 2"]

    def test_many_classes_have_an_area(self) -> None:
        """As many steps as classes, at most a thousand, falling."""
        values = {str(i): 10_000 // (i + 1) + 1 for i in range(5000)}
        chart = charts.rank_chart(values, "n", "log")
        heights = [float(y) for y in re.findall(r"V([\d.]+)H", chart.path)]
        assert len(heights) <= 1000
        assert heights == sorted(heights)

    def test_equal_splits_lie_at_one(self) -> None:
        """A split with the shares of the whole has its markers there; an absent class its own."""
        splits = {
            "train": ClassCounts.multiclass({"a": 60, "b": 40}),
            "val": ClassCounts.multiclass({"a": 100, "b": 0}),
        }
        chart = charts.split_chart(splits["train"] + splits["val"], splits)
        assert chart is not None
        assert [dot.absent for row in chart.rows for dot in row.dots] == [False, False, False, True]
        same = {"x": splits["train"], "y": splits["train"]}
        even = charts.split_chart(splits["train"], same)
        assert even is not None
        [one] = [tick.at for tick in even.ticks if tick.text == "1 ×"]
        assert {dot.x for row in even.rows for dot in row.dots} == {one}
        assert charts.split_chart(splits["train"], {"x": splits["train"]}) is None


def decoded(source: str) -> npt.NDArray[np.uint8]:
    """The pixels of a picture on the page."""
    data = base64.b64decode(source.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


class TestWhatIsSeldomThere:
    """Labels together, a sweep, places of findings, empty classes."""

    def test_markdown_with_labels_together_and_a_sweep(self, samples: Path) -> None:
        """The winner in bold; a scheme that was not explained has its code alone."""
        report = report_of(samples / "tags.csv", label="tag_*")
        text = report_markdown(replace(report, sweep=sweep_results.binary()), "1")
        assert "## Labels together" in text
        pairs = report.analysis.measures["label_pairs"]
        assert isinstance(pairs, tuple)
        first = " + ".join(cast("tuple[str, str]", pairs[0]["labels"]))
        assert f"| {first} | {pairs[0]['rows']} |".replace("_", "\\_") in text
        assert "## Evidence: weights tried on this data" in text
        assert "**Do not weight: move the threshold of the plain model to about 0.26.**" in text
        assert "| **plain, threshold tuned (.26)** |" in text
        [explained] = report.explained.values()
        caption = markdown_text(tables.expectation_table(explained).caption)
        assert caption in text
        bare = report_markdown(replace(report, explained={}), "1")
        assert caption not in bare
        assert "```" in bare

    def test_classes_without_samples_have_no_bars(self) -> None:
        """Nor is there a ratio to the smallest."""
        empty = ClassCounts.multilabel(["a", "b"], {(): 9})
        assert charts.frequency_charts(empty, "rows") == ()
        found = Analysis(Profile(total=empty, source=Recognised(name="made", kind="python")))
        numbers = {what: number for number, what in words.key_numbers(found)}
        assert numbers["rows"] == "9"
        assert numbers["labels"] == "2"
        assert "largest to smallest" not in numbers

    @pytest.mark.parametrize(
        ("where", "place"),
        [
            (Where(file="a\x1b.csv", line=1200), "a\\x1b.csv, line 1,200"),
            (Where(file="a.csv", row=7), "a.csv, row 7"),
            (Where(row=7), "row 7"),
            (Where(), ""),
        ],
    )
    def test_where_a_finding_is(self, where: Where, place: str) -> None:
        """As far as it is known."""
        finding = Finding(
            code="IMB001", level=Level.ERROR, title="t", message="m", remedy="r", where=where
        )
        assert words.finding_place(finding) == place

    def test_classes_that_have_no_room_and_no_weights(self) -> None:
        """Their counts can be written, and there is nothing else."""
        many = {f"class {i}": int(i > 0) for i in range(2100)}
        found = analyze(many)
        report = SimpleNamespace(analysis=found, again="many.csv", weights={})
        commands = words.whole_commands(cast("Report", report))
        assert commands == ["imbweights analyze many.csv -o counts.csv"]


class TestExamples:
    """Masks with rare classes."""

    @pytest.fixture
    def masks(self, tmp_path: Path) -> Path:
        """Three masks, 400 × 300: a thin line of class 1 in one, a square of class 2 in another."""
        folder = tmp_path / "masks"
        images = tmp_path / "images"
        for made in (folder, images):
            made.mkdir()
        for i in range(3):
            mask = np.zeros((300, 400), dtype=np.uint8)
            if i == 1:
                mask[100, 50:350] = 1
            if i == 2:
                mask[50:150, 50:150] = 2
            Image.fromarray(mask).save(folder / f"m{i}.png")
            photo = np.full((300, 400, 3), (10, 90, 30), dtype=np.uint8)
            Image.fromarray(photo).save(images / f"m{i}.jpg", quality=95)
        return folder

    def test_those_with_most_of_the_rare_classes(self, masks: Path) -> None:
        """The rarest first; masks without any are left out; a thin line stays whole."""
        report = report_of(masks)
        assert [Path(e.name).name for e in report.examples] == ["m1.png", "m2.png"]
        line = report.examples[0].regions[1]
        assert line.shape == (150, 200)
        assert line[50, 25:175].all()
        assert int(line.sum()) == 150
        assert report.examples[0].pixels == {1: 300, 2: 0}

    def test_outlined_on_the_photo(self, masks: Path) -> None:
        """Around the class its colour, elsewhere the photo."""
        report = report_of(masks, images=str(masks.parent / "images"))
        page = report_html(report, "1")
        sources = re.findall(r'<img src="([^"]+)"', page)
        pixels = decoded(sources[0])
        times = pixels.shape[0] // 150
        above = pixels[50 * times - 1, 100 * times]
        assert np.abs(above.astype(int) - (213, 94, 0)).max() < 12
        assert np.abs(pixels[5, 5].astype(int) - (10, 90, 30)).max() < 12
        assert np.abs(pixels[50 * times, 100 * times].astype(int) - (10, 90, 30)).max() < 12

    def test_alone_they_are_coloured(self, masks: Path) -> None:
        """The class in its colour on grey."""
        [source, *_] = re.findall(r'<img src="([^"]+)"', report_html(report_of(masks), "1"))
        pixels = decoded(source)
        times = pixels.shape[0] // 150
        assert np.abs(pixels[50 * times, 100 * times].astype(int) - (213, 94, 0)).max() < 12
        assert len(set(pixels[5, 5].tolist())) == 1

    def test_a_slice_of_a_volume_for_each_rare_class(self, tmp_path: Path) -> None:
        """The slice with most of it, the first axis to the right, the second upwards."""
        report = report_of(write_volume(tmp_path / "v.nii"))
        classes = report.analysis.counts.classes
        assert classes == ("0", "7", "300")
        assert [e.part for e in report.examples] == ["slice 2 of 5", "slice 4 of 5"]
        one, three = report.examples
        assert one.codes.shape == (8, 6)
        assert [tuple(place) for place in np.argwhere(one.regions[2])] == [(8 - 1 - 6, 4)]
        assert one.pixels == {2: 1, 1: 0}
        assert three.pixels == {2: 0, 1: 3}
        assert [tuple(p) for p in np.argwhere(three.codes == 1)] == [(3, 1), (4, 1), (5, 1)]
        page = report_html(report, "1")
        assert "v.nii, slice 2 of 5" in page
        assert "1 voxel, 2.1 %" in page
        assert "3 voxels, 6.2 %" in page
        assert "--images DIR outlines" not in page

    def test_panoptic_segments_by_their_classes(self, tmp_path: Path) -> None:
        """By R + 256 G + 256² B, as the format has it; void is none of them."""
        report = report_of(write_panoptic(tmp_path / "d"))
        [example] = report.examples
        assert example.name.endswith("2.png")
        expected = np.ones((4, 6), dtype=np.int64)
        expected[0, 0] = -1
        expected[1, 2:5] = 0
        assert report.analysis.counts.classes == ("cat", "grass")
        assert (example.codes == expected).all()
        assert report.analysis.counts.as_dict()["cat"] == example.pixels[0] == 3

    def test_panoptic_on_photos(self, tmp_path: Path) -> None:
        """Which have the names of the PNGs."""
        listing = write_panoptic(tmp_path / "d")
        (tmp_path / "photos").mkdir()
        photo = np.full((4, 6, 3), (10, 90, 30), dtype=np.uint8)
        Image.fromarray(photo).save(tmp_path / "photos/2.jpg", quality=95)
        report = report_of(listing, images=str(tmp_path / "photos"))
        assert report.examples[0].photo is not None
        assert "The masks alone" not in report_html(report, "1")

    def test_photos_of_another_size_are_said(self, masks: Path) -> None:
        """Instead of an offer of the option that was given."""
        images = masks.parent / "images"
        for path in images.glob("*.jpg"):
            Image.new("RGB", (20, 20)).save(path)
        page = report_html(report_of(masks, images=str(images)), "1")
        assert "or has another size, is shown alone" in page
        assert "--images DIR" not in page

    def test_at_most_six(self, masks: Path) -> None:
        """Each mask once, though it shows several rare classes."""
        for i in range(3, 12):
            mask = np.zeros((300, 400), dtype=np.uint8)
            mask[:5, :5], mask[9:14, 9:14] = 1, 2
            Image.fromarray(mask).save(masks / f"m{i}.png")
        names = [Path(e.name).name for e in report_of(masks).examples]
        assert len(names) == len(set(names)) == 6
        assert names[:2] == ["m1.png", "m2.png"]

    def test_a_volume_of_one_line_has_no_slices(self, tmp_path: Path) -> None:
        """It is counted, and not shown."""
        import nibabel

        values = np.array([0] * 50 + [1] * 9 + [7] * 3, dtype=np.int16)
        image = nibabel.Nifti1Image(values, np.eye(4))  # type: ignore[no-untyped-call]
        nibabel.save(image, tmp_path / "line.nii")
        report = report_of(tmp_path / "line.nii")
        assert report.analysis.counts.as_dict() == {"0": 50, "1": 9, "7": 3}
        assert report.examples == ()

    def test_panoptic_without_its_pictures(self, tmp_path: Path) -> None:
        """Areas are counted, and there is nothing to look at."""
        listing = write_panoptic(tmp_path / "d")
        (tmp_path / "d/pan").rename(tmp_path / "elsewhere")
        assert report_of(listing).examples == ()

    def test_no_examples_elsewhere(self, samples: Path) -> None:
        """Rows have no pictures."""
        assert report_of(samples / "four_classes.csv").examples == ()


class TestNotebook:
    """Results show themselves."""

    def results(self, tmp_path: Path) -> dict[str, Any]:
        """One of each, about hostile names where that can be."""
        source = write_hostile(tmp_path / "a.csv")
        found = analyze(source, label="label", split="split", separator="none")
        spec = SourceSpec(paths=(str(source),), options=LabelOptions(label="label", separator=""))
        data = DataSet(name="<b>", spec=spec, settings=Settings(limits={"min-count": 1000}))
        checked = CheckResult(sets=(check_set(data, counted_set(data)),))
        weights = [0.1] * len(HOSTILE)
        targets = np.array([0, 1, 1])
        return {
            "analysis": found,
            "weights": imbweights.suggest(found, "balanced"),
            "suggestion": imbweights.suggest(found),
            "sweep": sweep_results.hostile(),
            "audit": imbweights.audit(weights, found),
            "check": checked,
            "diagnosis": imbweights.diagnose(np.array([2.0, np.nan, -1.0]), targets),
        }

    def test_as_escaped_tables(self, tmp_path: Path) -> None:
        """Small, well formed, nothing hidden, nothing that runs."""
        for name, result in self.results(tmp_path).items():
            page = result._repr_html_()
            reader = read(page)
            assert set(reader.tags) <= {
                *("div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td")
            }, name
            assert {n for n, _ in reader.attributes} <= {"class", "style", "colspan"}
            assert reader.tags["table"] == 1
            assert reader.tags["tr"] <= 40
            assert not {"\x1b", "\u202e"} & set(page)

    def test_many_classes_are_cut(self) -> None:
        """The first and the last rows, and how many lie between."""
        shown = analyze({f"c{i:03}": i + 1 for i in range(100)})._repr_html_()
        assert shown.count("<tr>") == 1 + 20 + 1
        assert "… 80 more …" in shown
        assert "c000" in shown
        assert "c099" in shown
