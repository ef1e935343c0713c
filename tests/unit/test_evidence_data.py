"""Features and labels of a sweep: what columns are, what is left out, and bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy import sparse

from imbweights import ImbweightsError, SweepResult, analyze, sweep
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.evidence.data.leaks import leaks
from imbweights.evidence.data.loading import load
from imbweights.evidence.data.sampling import stratified_sample
from imbweights.evidence.data.wishes import DataOptions
from imbweights.evidence.data.written import written
from imbweights.evidence.dataset import Dataset

Array = npt.NDArray[Any]
ROWS = 120


@pytest.fixture
def rng() -> np.random.Generator:
    """The same numbers in every test."""
    return np.random.default_rng(0)


def frame(rng: np.random.Generator, rows: int = ROWS) -> pd.DataFrame:
    """A table with a label, a number that tells something about it, and a category."""
    y = rng.random(rows) < 0.3
    return pd.DataFrame(
        {
            "size": (y + rng.normal(size=rows)).round(3),
            "colour": rng.choice(["red", "green"], rows),
            "label": np.where(y, "bad", "good"),
        }
    )


def table(tmp_path: Path, data: pd.DataFrame, name: str = "data.csv", **how: Any) -> Path:
    """A table as a file."""
    path = tmp_path / name
    data.to_csv(path, index=False, **how)
    return path


def loaded(path: Path, label: str | None = "label", **wishes: Any) -> Dataset:
    """A file as a sweep loads it."""
    options = LabelOptions(label=label)
    return load(SourceSpec(paths=(str(path),), options=options), DataOptions(**wishes))


def quick(*data: Any, **options: Any) -> SweepResult:
    """A sweep that compares little."""
    usual: dict[str, Any] = {"schemes": "balanced", "pos_weights": [2], "repeats": 1}
    return sweep(*data, **(usual | options))


class TestColumns:
    """What becomes of columns."""

    def test_numbers_and_categories_become_features(
        self, tmp_path: Path, rng: np.random.Generator
    ) -> None:
        """Numbers and categories become features."""
        found = loaded(table(tmp_path, frame(rng)))
        rows = np.arange(ROWS)
        train, _ = found.features.encoded(rows[:80], rows[80:])
        assert (found.features.columns, train.shape) == (2, (80, 2))
        assert train[:, 0].mean() == pytest.approx(0, abs=1e-9)
        assert set(np.unique(train[:, 1])) == {0.0, 1.0}

    def test_rare_categories_share_a_column(self, tmp_path: Path, rng: np.random.Generator) -> None:
        """Rare categories share a column."""
        data = frame(rng)
        data["colour"] = ["common"] * 60 + ["usual"] * 30 + [f"rare {i % 8}" for i in range(30)]
        found = loaded(table(tmp_path, data), features=("colour",))
        rows = np.arange(ROWS)
        assert found.features.encoded(rows, rows)[0].shape[1] == 3

    def test_everything_is_fitted_on_training_rows(
        self, tmp_path: Path, rng: np.random.Generator
    ) -> None:
        """Everything is fitted on training rows."""
        data = frame(rng)
        data.loc[data.index[-20:], "size"] = 1000.0
        found = loaded(table(tmp_path, data), features=("size",))
        rows = np.arange(ROWS)
        train, test = found.features.encoded(rows[:100], rows[100:])
        sizes = data["size"].to_numpy()[:100]
        assert train[:, 0] == pytest.approx((sizes - sizes.mean()) / sizes.std())
        assert test[0, 0] == pytest.approx((1000 - sizes.mean()) / sizes.std())

    def test_constant_and_empty_columns_and_ids_are_left_out_and_said(
        self, tmp_path: Path, rng: np.random.Generator
    ) -> None:
        """Constant and empty columns and ids are left out and said."""
        data = frame(rng)
        data["same"] = 7
        data["nothing"] = ""
        data["row"] = range(1, ROWS + 1)
        data["customer_id"] = rng.permutation(9_000)[:ROWS]
        data["code"] = [f"x{i}" for i in range(ROWS)]
        data["measured"] = rng.permutation(9_000)[:ROWS]
        left_out = loaded(table(tmp_path, data)).left_out
        assert left_out == {
            "same": "constant: all rows have the same value",
            "nothing": "empty: no cell has a value",
            "row": "an id: it numbers the rows",
            "customer_id": "an id: it numbers the rows",
            "code": "an id: nearly every row has a value of its own",
        }

    def test_dates_are_refused_unless_named(self, tmp_path: Path, rng: np.random.Generator) -> None:
        """Dates are refused unless named."""
        data = frame(rng)
        data["day"] = pd.date_range("2024-01-01", periods=ROWS).strftime("%Y-%m-%d")
        path = table(tmp_path, data)
        assert loaded(path).left_out["day"].startswith("a date: ")
        named = loaded(path, features=("day", "size"))
        assert named.features.columns == 2
        assert any("days since 1970" in note for note in named.notes)

    def test_nan_and_inf_count_as_missing_and_are_said(
        self, tmp_path: Path, rng: np.random.Generator
    ) -> None:
        """Nan and inf count as missing and are said."""
        data = frame(rng)
        data["size"] = data["size"].astype(str)
        data.loc[:3, "size"] = ["inf", "-inf", "nan", ""]
        found = loaded(table(tmp_path, data), features=("size",))
        rows = np.arange(ROWS)
        train, _ = found.features.encoded(rows, rows)
        assert np.isfinite(train).all()
        assert any("2 cells are NaN or infinite" in note for note in found.notes)

    def test_globs_choose_and_drop(self, tmp_path: Path, rng: np.random.Generator) -> None:
        """Globs choose and drop."""
        data = frame(rng).assign(a1=rng.random(ROWS), a2=rng.random(ROWS), b1=rng.random(ROWS))
        path = table(tmp_path, data)
        assert loaded(path, features=("a*", "b1")).features.columns == 3
        assert loaded(path, features=("a*",), drop=("a2",)).features.columns == 1
        assert loaded(path, drop=("a?", "b1")).features.columns == 2
        with pytest.raises(ImbweightsError, match="no column matches"):
            loaded(path, features=("z*",))
        with pytest.raises(ImbweightsError, match="did you mean 'size'"):
            loaded(path, drop=("sizes",))

    def test_the_label_among_the_features_is_left_out(
        self, tmp_path: Path, rng: np.random.Generator
    ) -> None:
        """The label among the features is left out."""
        found = loaded(table(tmp_path, frame(rng)), features=("size", "label"))
        assert (found.features.columns, found.left_out) == (1, {"label": "the label"})

    def test_the_label_alone_is_named_in_the_message(
        self, tmp_path: Path, rng: np.random.Generator
    ) -> None:
        """Not only that nothing is left."""
        with pytest.raises(ImbweightsError, match="'label' is the label"):
            loaded(table(tmp_path, frame(rng)), features=("label",))

    def test_a_split_is_no_feature(self, tmp_path: Path, rng: np.random.Generator) -> None:
        """Unless it is named."""
        data = frame(rng).assign(Split=["train"] * 80 + ["test"] * 40)
        path = table(tmp_path, data)
        found = loaded(path)
        assert found.features.columns == 2
        assert found.left_out["Split"].startswith("a split: ")
        assert loaded(path, features=("size", "Split")).features.columns == 2

    def test_images_go_with_masks(self, tmp_path: Path, rng: np.random.Generator) -> None:
        """They are not ignored beside a table."""
        with pytest.raises(ImbweightsError, match="--images goes with masks"):
            loaded(table(tmp_path, frame(rng)), images=str(tmp_path))

    def test_a_column_that_gives_the_label_away_is_pointed_out(
        self, tmp_path: Path, rng: np.random.Generator
    ) -> None:
        """A column that gives the label away is pointed out."""
        data = frame(rng)
        data["verdict"] = np.where(data["label"] == "bad", "reject", "accept")
        data["score"] = np.where(data["label"] == "bad", 5.0, 0.0) + rng.random(ROWS)
        leaks = loaded(table(tmp_path, data)).leaks
        assert [leak.split("'")[1] for leak in leaks] == ["score", "verdict"]

    def test_megabyte_cells_are_text(self, tmp_path: Path, rng: np.random.Generator) -> None:
        """Megabyte cells are text."""
        data = frame(rng, 24)
        filler = "lorem ipsum " * (1 << 16)
        data["body"] = [
            f"{'broken' if label == 'bad' else 'fine'} {i} {filler}"
            for i, label in enumerate(data["label"])
        ]
        path = table(tmp_path, data)
        assert len(data["body"].iloc[0]) > 750_000
        assert loaded(path).left_out["body"] == "running text: --text uses it"
        used = loaded(path, text=("body",), drop=("size", "colour"))
        rows = np.arange(24)
        train, test = used.features.encoded(rows[:18], rows[18:])
        assert (train.shape[0], test.shape[0]) == (18, 6)
        assert any("hashed" in said for said in used.approximated)


class TestWrittenNumbers:
    """Numbers as people write them."""

    @pytest.mark.parametrize(
        ("write", "how"),
        [
            (lambda v: f"{v:.3f}".replace(".", ","), "decimal comma"),
            (lambda v: f"{v * 1e5:,.2f}", "thousands separators"),
            (lambda v: f"{v * 1e5:,.2f}".translate(str.maketrans(",.", ".,")), "decimal comma"),
            (
                lambda v: f"{v * 1e5:,.0f}".replace(",", "\N{NO-BREAK SPACE}"),
                "thousands separators",
            ),
            (lambda v: f"{v * 100:.1f}%", "%"),
            (lambda v: f"{v:.2f} %".replace(".", ","), "decimal comma, %"),
            (lambda v: f"-€{-v:.2f}" if v < 0 else f"€{v:.2f}", "€"),
            (lambda v: f"{v:.2f} EUR", "EUR"),
        ],
    )
    def test_are_read_and_said(
        self, tmp_path: Path, rng: np.random.Generator, write: Any, how: str
    ) -> None:
        """As the same feature, and not as a thousand categories."""
        data = frame(rng)
        sizes = data["size"].to_numpy(dtype=float)
        data["size"] = [write(v) for v in sizes.tolist()]
        found = loaded(table(tmp_path, data, sep=";"), drop=("colour",))
        rows = np.arange(ROWS)
        train = np.asarray(found.features.encoded(rows, rows)[0])
        assert np.corrcoef(train[:, 0], sizes)[0, 1] > 0.999
        assert f"read as numbers: 'size' ({how})" in found.notes

    @pytest.mark.parametrize(
        "cells",
        [
            ["1.2.3", "4.5.6"],
            ["12-34", "56-78"],
            ["1,23,4", "5,67,8"],
            ["$5", "5%"],
            ["192.168.0.1", "10.0.0.7"],
            ["--5,1", "+-5,2"],
        ],
    )
    def test_what_only_looks_so_is_left_alone(self, cells: list[str]) -> None:
        """Versions, ranges, lists, and a column with several units."""
        assert written(cells * 20) is None

    @given(st.floats(-1e9, 1e9, allow_nan=False), st.sampled_from(["", "€", "%"]))
    def test_both_ways_of_writing_mean_the_same(self, value: float, sign: str) -> None:
        """Whatever the number."""
        english = f"{value:,.2f}"
        german = english.translate(str.maketrans(",.", ".,"))
        [first], [second] = (
            [float(text.replace(",", ""))] if found is None else found.values.tolist()
            for text in (english,)
            for found in (written([english + sign]), written([german + sign]))
        )
        assert first == second == pytest.approx(round(value, 2), abs=0.006)


class TestLeaks:
    """Columns that give the label away, and columns that do not."""

    def test_what_is_fixed_in_a_group_is_no_leak(self, rng: np.random.Generator) -> None:
        """Noise that is constant per patient, when patients are kept together."""
        patient = np.repeat(np.arange(60), 5)
        y = (rng.random(60) < 0.3).astype(int)[patient]
        data = pd.DataFrame({"noise": rng.normal(size=60)[patient], "patient": patient, "y": y})
        data["code"] = np.where(y == 1, "p", "q")
        apart = quick(data, label="y", group="patient", folds=3).tried.leaks
        assert [leak.split("'")[1] for leak in apart] == ["code"]

    def test_cuts_between_three_classes(self, rng: np.random.Generator) -> None:
        """Classes in bands of one number; bands that touch are none."""
        codes = np.repeat([0, 1, 2], 40)
        q = codes * 2 + rng.random(120)
        assert len(leaks([("q", q)], codes)) == 1
        assert len(leaks([("q", np.where(codes == 1, q - 2, q))], codes)) == 0
        assert len(leaks([("q", np.where(codes == 2, -q, q))], np.minimum(codes, 1))) == 1

    def test_being_empty_is_another_sentence(self, rng: np.random.Generator) -> None:
        """The median hides it from the model, so nothing predicts perfectly here."""
        codes = (np.arange(100) < 20).astype(np.int64)
        fine = np.where(codes == 1, rng.normal(size=100), np.nan)
        [leak] = leaks([("fine", fine)], codes)
        assert "gives the label away by being empty" in leak
        assert "predicts the label perfectly" not in leak


class TestLabels:
    """The rows and their labels."""

    def test_labels_are_spelled_as_they_are_counted(
        self, tmp_path: Path, rng: np.random.Generator
    ) -> None:
        """Labels are spelled as they are counted."""
        data = frame(rng)
        data["label"] = np.where(data["label"] == "bad", "001", " NA")
        path = table(tmp_path, data)
        found = loaded(path)
        counted = analyze(path, label="label").counts
        assert found.classes == counted.classes
        assert np.bincount(found.truth.single).tolist() == counted.counts.tolist()

    def test_encodings_and_delimiters_are_those_that_were_recognised(
        self, tmp_path: Path, rng: np.random.Generator
    ) -> None:
        """Encodings and delimiters are those that were recognised."""
        data = frame(rng)
        data["label"] = np.where(data["label"] == "bad", "größer", "kleiner")
        path = table(tmp_path, data, sep=";", encoding="latin-1")
        found = loaded(path)
        assert (found.classes, found.features.columns) == (("größer", "kleiner"), 2)

    def test_rows_without_a_label_are_left_out_and_said(
        self, tmp_path: Path, rng: np.random.Generator
    ) -> None:
        """Rows without a label are left out and said."""
        data = frame(rng)
        data.loc[:4, "label"] = ""
        found = loaded(table(tmp_path, data))
        assert len(found.truth) == ROWS - 5
        assert any("5 rows without a label" in note for note in found.notes)

    def test_only_training_rows_are_used(self, tmp_path: Path, rng: np.random.Generator) -> None:
        """Only training rows are used."""
        data = frame(rng).assign(split=["train"] * 80 + ["test"] * 40)
        path = table(tmp_path, data)
        spec = SourceSpec(paths=(str(path),), options=LabelOptions(label="label", split="split"))
        found = load(spec, DataOptions())
        assert len(found.truth) == 80
        assert any("run on split 'train' alone" in note for note in found.notes)
        everything = load(spec, DataOptions(use_split="all"))
        assert len(everything.truth) == ROWS

    def test_files_named_as_splits(self, tmp_path: Path, rng: np.random.Generator) -> None:
        """Files named as splits."""
        first, second = (
            table(tmp_path, frame(rng), "a.csv"),
            table(tmp_path, frame(rng, 30), "b.csv"),
        )
        spec = SourceSpec(
            paths=(f"train={first}", f"val={second}"), options=LabelOptions(label="label")
        )
        assert len(load(spec, DataOptions()).truth) == ROWS
        assert len(load(spec, DataOptions(use_split="val")).truth) == 30

    @pytest.mark.parametrize("form", ["columns", "tags", "json"])
    def test_several_labels(self, tmp_path: Path, rng: np.random.Generator, form: str) -> None:
        """Several labels."""
        on = rng.random((ROWS, 3)) < [0.5, 0.3, 0.2]
        size = rng.normal(size=ROWS).round(3)
        if form == "columns":
            data = pd.DataFrame(on.astype(int), columns=["a", "b", "c"]).assign(size=size)
            found = loaded(table(tmp_path, data), "a,b,c")
        else:
            tags = [[n for n, o in zip("abc", row, strict=True) if o] for row in on.tolist()]
            if form == "tags":
                data = pd.DataFrame({"tags": ["|".join(t) for t in tags], "size": size})
                found = loaded(table(tmp_path, data), "tags")
            else:
                path = tmp_path / "data.jsonl"
                records = ({"tags": t, "size": s} for t, s in zip(tags, size.tolist(), strict=True))
                path.write_text("\n".join(map(json.dumps, records)))
                found = loaded(path, "tags")
        assert found.truth.labels is not None
        assert found.truth.labels.tolist() == on.tolist()
        assert found.features.columns == 1

    def test_large_data_is_sampled_by_class_and_said(
        self, tmp_path: Path, rng: np.random.Generator
    ) -> None:
        """Large data is sampled by class and said."""
        data = frame(rng, 3000)
        found = loaded(table(tmp_path, data), max_rows=300)
        assert len(found.truth) == pytest.approx(300, abs=1)
        bad = int((data["label"] == "bad").sum())
        assert np.bincount(found.truth.single)[0] == round(bad / 10)
        assert any("of 3,000 rows are used" in note for note in found.notes)
        assert found.counts.total == 3000
        # The features are those of the same rows.
        sizes = np.asarray(found.features.encoded(np.arange(300), np.arange(300))[0])[:, 0]
        codes = found.truth.single
        assert sizes[codes == 0].mean() > sizes[codes == 1].mean() + 0.5

    def test_a_sample_keeps_every_class(self) -> None:
        """A sample keeps every class."""
        strata = np.array([0] * 1000 + [1] * 3)
        rows = stratified_sample(strata, 50, 0)
        assert int((rows >= 1000).sum()) == 2


class TestOtherSources:
    """Sources that are no tables."""

    def test_arrays(self, tmp_path: Path, rng: np.random.Generator) -> None:
        """Arrays."""
        y = (rng.random(ROWS) < 0.3).astype(int)
        x = rng.normal(size=(ROWS, 3)) + y[:, None]
        path = tmp_path / "data.npz"
        np.savez(path, X=x, y=y, other=np.arange(4))
        found = loaded(path, None)
        assert found.truth.single.tolist() == y.tolist()
        np.savez(path, a=x, b=x, y=y)
        with pytest.raises(ImbweightsError, match="--features NAME"):
            loaded(path, None)
        assert loaded(path, None, features=("b",)).features.columns == 3

    def test_embeddings_beside_a_label_file(self, tmp_path: Path, rng: np.random.Generator) -> None:
        """Embeddings beside a label file."""
        data = frame(rng)
        data.loc[5, "label"] = ""
        path, vectors = table(tmp_path, data), tmp_path / "x.npy"
        x = rng.normal(size=(ROWS, 4))
        np.save(vectors, x)
        found = loaded(path, embeddings=str(vectors))
        assert (len(found.truth), found.features.columns) == (ROWS - 1, 4)
        rows = np.arange(ROWS - 1)
        kept = np.delete(x, 5, axis=0)
        scaled = (kept - kept.mean(axis=0)) / kept.std(axis=0)
        assert found.features.encoded(rows, rows)[0] == pytest.approx(scaled)
        np.save(vectors, x[:-1])
        with pytest.raises(ImbweightsError, match="119 rows, the labels have 120"):
            loaded(path, embeddings=str(vectors))

    def test_svmlight(self, tmp_path: Path) -> None:
        """Svmlight."""
        path = tmp_path / "data.svm"
        lines = [f"{'1' if i % 3 else '0'} 1:{i % 3} 3:{i % 5}.5" for i in range(60)]
        path.write_text("\n".join(lines) + "\n")
        found = loaded(path, None)
        assert np.bincount(found.truth.single).tolist() == [20, 40]
        assert found.features.columns == 2

    def test_arff(self, tmp_path: Path, rng: np.random.Generator) -> None:
        """Arff."""
        rows = [f"{x:.3f},{c}" for x, c in zip(rng.normal(size=60), "aab" * 20, strict=True)]
        path = tmp_path / "data.arff"
        path.write_text(
            "@relation r\n@attribute size numeric\n@attribute class {a,b}\n@data\n"
            + "\n".join(rows)
        )
        found = loaded(path, None)
        assert (found.features.columns, np.bincount(found.truth.single).tolist()) == (1, [40, 20])

    def test_pixels_of_masks_are_grouped_by_image(
        self, tmp_path: Path, rng: np.random.Generator
    ) -> None:
        """Pixels of masks are grouped by image."""
        masks, images = tmp_path / "masks", tmp_path / "images"
        masks.mkdir()
        images.mkdir()
        for i in range(6):
            mask = (rng.random((24, 24)) < 0.1).astype(np.uint8)
            photo = np.stack([mask * 150 + 50] * 3, axis=2) + rng.integers(0, 9, (24, 24, 3))
            Image.fromarray(mask).save(masks / f"{i}_mask.png")
            Image.fromarray(photo.astype(np.uint8)).save(images / f"{i}.jpg", quality=95)
        spec = SourceSpec(paths=(str(masks),))
        with pytest.raises(ImbweightsError, match="images that they belong to"):
            load(spec, DataOptions())
        found = load(spec, DataOptions(images=str(images), max_rows=1200))
        assert (found.unit, found.grouped_by, len(found.truth)) == ("pixels", "image", 1200)
        result = sweep(masks, images=images, max_rows=1200, schemes="median-frequency", repeats=1)
        assert (result.tried.groups, result.task.value) == (6, "segmentation")
        assert (result["plain"].pooled["f1"] or 0) > 0.8

    def test_frames_and_sparse_matrices_in_memory(self, rng: np.random.Generator) -> None:
        """Frames and sparse matrices in memory."""
        data = frame(rng)
        by_frame = quick(data, label="label")
        assert (by_frame.tried.columns, by_frame.minority) == (2, "bad")
        x = sparse.csr_array(rng.random((ROWS, 600)) * (rng.random((ROWS, 600)) < 0.05))
        by_matrix = quick(x, data["label"])
        assert by_matrix.tried.features == 600

    def test_groups_in_memory(self, rng: np.random.Generator) -> None:
        """Groups in memory."""
        data = frame(rng).assign(patient=rng.integers(0, 30, ROWS))
        result = quick(data, label="label", group="patient")
        assert (result.tried.grouped_by, result.tried.columns) == ("patient", 2)
        same = quick(data.drop(columns="patient"), label="label", group=data["patient"])
        assert same["plain"].pooled.values == result["plain"].pooled.values


class TestBadInput:
    """A clear message or a sensible answer."""

    def test_one_class(self, rng: np.random.Generator) -> None:
        """One class."""
        with pytest.raises(ImbweightsError, match="only one class"):
            sweep(rng.normal(size=(50, 2)), ["a"] * 50)

    def test_a_class_with_one_sample(self, rng: np.random.Generator) -> None:
        """A class with one sample."""
        x = rng.normal(size=(60, 2))
        with pytest.raises(ImbweightsError, match="class 'b' has 1 sample"):
            sweep(x, ["a"] * 59 + ["b"])
        result = quick(x, ["a"] * 30 + ["c"] * 29 + ["b"], pos_weights=None)
        assert result.classes == ("a", "c")
        assert any("left out class 'b'" in note for note in result.notes)

    def test_only_constant_features(self) -> None:
        """Only constant features."""
        with pytest.raises(ImbweightsError, match="no features to learn from"):
            sweep(np.ones((50, 2)), [0, 1] * 25)

    def test_more_features_than_rows(self, rng: np.random.Generator) -> None:
        """More features than rows."""
        y = np.array([0, 0, 1] * 14)
        result = quick(rng.normal(size=(42, 300)) + 0.5 * y[:, None], y)
        assert result.tried.features == 300
        assert result["plain"].pooled["average_precision"] is not None

    def test_a_class_with_two_samples_gets_scores_but_no_verdict(
        self, rng: np.random.Generator
    ) -> None:
        """A class with two samples gets scores but no verdict."""
        result = quick(rng.normal(size=(40, 2)), ["a"] * 38 + ["b"] * 2)
        assert result.tried.folds == 2
        assert result.verdict.kind.value == "unfinished"

    def test_shapes_that_do_not_fit(self, rng: np.random.Generator) -> None:
        """Shapes that do not fit."""
        with pytest.raises(ImbweightsError, match="10 rows of features and 9 labels"):
            sweep(rng.normal(size=(10, 2)), [0, 1, 0, 1, 0, 1, 0, 1, 0])
        with pytest.raises(ImbweightsError, match="no labels"):
            sweep(rng.normal(size=(10, 2)))

    def test_counts_are_no_samples(self, tmp_path: Path) -> None:
        """Counts are no samples."""
        with pytest.raises(ImbweightsError, match="samples themselves"):
            load(SourceSpec(counts="a=5,b=9"), DataOptions())
        path = tmp_path / "counts.csv"
        path.write_text("label,count\na,5\nb,9\n")
        spec = SourceSpec(paths=(str(path),), options=LabelOptions(count_column="count"))
        with pytest.raises(ImbweightsError, match="table of counts"):
            load(spec, DataOptions())

    def test_labels_alone(self, tmp_path: Path) -> None:
        """Labels alone."""
        path = tmp_path / "labels.txt"
        path.write_text("a\nb\na\na\nb\na\n")
        with pytest.raises(ImbweightsError, match="no features"):
            sweep(path)
