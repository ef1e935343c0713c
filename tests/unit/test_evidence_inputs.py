"""Features and labels of a sweep from every kind of file: how they are laid out, what is refused."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from PIL import Image
from scipy import io
from support import run

from imbweights import ImbweightsError, sweep
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.evidence.data.loading import load
from imbweights.evidence.data.wishes import DataOptions
from imbweights.evidence.dataset import Dataset

Array = npt.NDArray[Any]
ROWS = 40
CODES = np.arange(ROWS) % 4 == 0
X = np.random.default_rng(0).normal(size=(ROWS, 3)).round(3)
WORDS = np.where(CODES, "rare", "usual")


def loaded(*paths: object, wishes: Mapping[str, Any] | None = None, **options: Any) -> Dataset:
    """Files as a sweep loads them."""
    spec = SourceSpec(paths=tuple(map(str, paths)), options=LabelOptions(**options))
    return load(spec, DataOptions(**(wishes or {})))


def matrix(found: Dataset) -> Array:
    """The features of all rows, standardised."""
    rows = np.arange(len(found.truth))
    encoded = found.features.encoded(rows, rows)[0]
    return np.asarray(encoded if isinstance(encoded, np.ndarray) else encoded.toarray())


def standardised(x: Array) -> Array:
    """What a linear model is given."""
    return np.asarray((x - x.mean(axis=0)) / x.std(axis=0))


def named(found: Dataset) -> list[str]:
    """The class of every row, by name."""
    return [found.classes[i] for i in found.truth.single.tolist()]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to write into, in which commands are typed."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cells(words: Array) -> Array:
    """What MATLAB calls a cell array of text."""
    found = np.empty(len(words), dtype=object)
    found[:] = words.tolist()
    return found


class TestArrays:
    """``.npz``, ``.mat`` and ``.npy``."""

    def test_text_labels_in_all_forms(self, place: Path) -> None:
        """Text of NumPy, MATLAB's padded lines and its cells are the same labels."""
        np.savez("words.npz", X=X, y=WORDS)
        io.savemat("padded.mat", {"X": X, "y": np.char.ljust(WORDS, 9)})
        io.savemat("cells.mat", {"X": X, "y": cells(WORDS)})
        for name in ("words.npz", "padded.mat", "cells.mat"):
            found = loaded(place / name)
            assert named(found) == WORDS.tolist()
            assert matrix(found) == pytest.approx(standardised(X))

    def test_a_table_of_ones_is_several_labels(self, place: Path) -> None:
        """A column each, and all of them off is a row without labels."""
        on = np.stack([CODES, np.arange(ROWS) % 3 == 0, np.arange(ROWS) % 2 == 0], axis=1)
        np.savez("several.npz", X=X, y=on.astype(np.int8))
        found = loaded(place / "several.npz")
        assert found.truth.labels is not None
        assert found.truth.labels.tolist() == on.tolist()

    def test_labels_with_embeddings_beside_them(self, place: Path) -> None:
        """A plain array of labels, or one inside an archive whose own features are not taken."""
        np.save("y.npy", CODES.astype(int))
        np.savez("both.npz", X=X[:, :1], y=CODES.astype(int))
        np.save("x.npy", X)
        for name in ("y.npy", "both.npz"):
            found = loaded(place / name, wishes={"embeddings": "x.npy"})
            assert found.truth.single.tolist() == CODES.astype(int).tolist()
            assert matrix(found) == pytest.approx(standardised(X))

    def test_groups_are_an_array_of_the_archive(self, place: Path) -> None:
        """Rows with the same value stay together."""
        groups = np.arange(ROWS) // 5
        np.savez("data.npz", X=X, y=CODES.astype(int), patient=groups)
        found = loaded(place / "data.npz", wishes={"group": "patient"})
        assert found.groups is not None
        assert (found.grouped_by, found.groups.tolist()) == ("patient", groups.tolist())

    def test_lines_of_text_with_embeddings(self, place: Path) -> None:
        """A file of labels, a line each, keeps its rows for the features beside it."""
        (place / "labels.txt").write_text("\n".join(WORDS) + "\n")
        np.save("x.npy", X)
        found = loaded(place / "labels.txt", wishes={"embeddings": "x.npy"})
        assert named(found) == WORDS.tolist()
        assert matrix(found) == pytest.approx(standardised(X))

    @pytest.mark.parametrize(
        ("arrays", "wishes", "words"),
        [
            ({"X": X}, {"features": ("X", "Z")}, "--features X,Z: name one array"),
            ({"X": X}, {"features": ("Z",)}, "--features Z: name one array"),
            ({"X": X, "Z": X[:9]}, {"features": ("Z",)}, "has shape (9, 3); expected 40 rows"),
            ({"X": X}, {"group": "who"}, "no array of that name with 40 entries"),
            ({"X": X, "who": np.arange(9)}, {"group": "who"}, "with 40 entries"),
            ({"X": X}, {"drop": ("a",)}, "--drop names columns of a table"),
            ({"X": X}, {"text": ("a",)}, "--text names columns of a table"),
            ({"X": np.ones((ROWS, 100_001), np.int8)}, {}, "100,001 features per row"),
            ({"X": X}, {"positive": "7"}, "--positive '7' is not a class"),
        ],
    )
    def test_what_an_archive_cannot_give(
        self, place: Path, arrays: dict[str, Array], wishes: dict[str, Any], words: str
    ) -> None:
        """With the option that asked for it, or that would help."""
        np.savez("data.npz", allow_pickle=False, y=CODES.astype(int), **arrays)
        with pytest.raises(ImbweightsError) as refused:
            loaded(place / "data.npz", wishes=wishes)
        assert words in str(refused.value)

    def test_labels_alone_ask_for_embeddings(self, place: Path) -> None:
        """And those must be one array with a row of numbers per label."""
        np.save("y.npy", CODES.astype(int))
        np.savez("x.npz", X=X)
        np.save("flat.npy", X[:, 0])
        for wishes, words in (
            ({}, "holds labels only"),
            ({"embeddings": "x.npz"}, "is an archive; --embeddings takes one .npy array"),
            ({"embeddings": "flat.npy"}, "has shape (40,) of float64; expected rows of numbers"),
            ({"embeddings": "none.npy"}, "no such file"),
        ):
            with pytest.raises(ImbweightsError) as refused:
                loaded(place / "y.npy", wishes=wishes)
            assert words in str(refused.value)

    def test_files_of_one_data_set_have_the_same_features(self, place: Path) -> None:
        """One below the other, unless their widths differ."""
        half = ROWS // 2
        y = CODES.astype(int)
        np.savez("a.npz", X=X[:half], y=y[:half])
        np.savez("b.npz", X=X[half:], y=y[half:])
        assert matrix(loaded(place / "a.npz", place / "b.npz")) == pytest.approx(standardised(X))
        np.savez("b.npz", X=X[half:, :2], y=y[half:])
        with pytest.raises(ImbweightsError, match="different numbers of features: 2, 3"):
            loaded(place / "a.npz", place / "b.npz")

    def test_more_rows_than_wanted_are_sampled(self) -> None:
        """Of several labels too: every set of labels in its share."""
        x = np.arange(4000.0)[:, None] % 7
        on = np.stack([np.arange(4000) % 4 == 0, np.arange(4000) % 2 == 0], axis=1)
        kwargs: dict[str, Any] = {"schemes": "pos-weight", "repeats": 1, "folds": 2}
        for y, share in ((on.astype(int), (50, 100)), (on[:, 0].astype(int), (50,))):
            result = sweep(x, y, max_rows=200, **kwargs)
            assert (result.tried.rows, result.tried.rows_found) == (200, 4000)
            support = [c.support for c in result["plain"].pooled.per_class]
            assert tuple(support[-len(share) :]) == share


class TestTables:
    """CSV and what is read as it is."""

    def frame(self, **more: Any) -> pd.DataFrame:
        """Two features and a label."""
        return pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "label": WORDS, **more})

    def test_columns_of_several_files_are_matched_by_name(self, place: Path) -> None:
        """In whichever order they are; what one of them lacks is missing there."""
        half = ROWS // 2
        data = self.frame()
        data[:half].to_csv("one.csv", index=False)
        data[half:][["label", "b", "a"]].to_csv("two.csv", index=False)
        found = loaded(place / "one.csv", place / "two.csv", label="label")
        assert matrix(found) == pytest.approx(standardised(X[:, :2]))
        data[half:][["a", "label"]].to_csv("two.csv", index=False)
        found = loaded(place / "one.csv", place / "two.csv", label="label")
        middle = np.median(X[:half, 1])
        second = np.concatenate([X[:half, 1], np.full(half, middle)])
        assert matrix(found)[:, 1] == pytest.approx(standardised(second))

    @pytest.mark.parametrize(
        ("wanted", "columns"), [("2", [1]), ("B", [1]), (" a ", [0]), ("a,2", [0, 1])]
    )
    def test_columns_by_name_and_number(self, place: Path, wanted: str, columns: list[int]) -> None:
        """Blanks and case are forgiven."""
        self.frame().to_csv("data.csv", index=False)
        wishes = {"features": tuple(wanted.split(","))}
        found = loaded(place / "data.csv", label="label", wishes=wishes)
        assert matrix(found) == pytest.approx(standardised(X[:, columns]))

    def test_a_name_that_two_columns_have(self, place: Path) -> None:
        """Only the number tells which is meant."""
        self.frame(A=X[:, 2]).to_csv("data.csv", index=False)
        with pytest.raises(ImbweightsError, match=r"--drop +A +: 2 columns have this name"):
            loaded(place / "data.csv", label="label", wishes={"drop": (" A ",)})
        assert loaded(place / "data.csv", label="label", wishes={"drop": ("A",)}).left_out == {}

    def test_lists_in_cells(self, place: Path) -> None:
        """As pandas writes them."""
        tags = [["x", "y"] if on else ["y"] if i % 3 else [] for i, on in enumerate(CODES)]
        self.frame(tags=[str(each) for each in tags]).to_csv("data.csv", index=False)
        found = loaded(place / "data.csv", label="tags", wishes={"drop": ("label",)})
        assert found.classes == ("x", "y")
        assert found.truth.labels is not None
        assert found.truth.labels[:, 0].tolist() == CODES.tolist()

    def test_columns_that_exclude_each_other(self, place: Path) -> None:
        """One-hot columns are one label; a row of zeros has none."""
        on, off = CODES.astype(int), (~CODES).astype(int)
        off[1] = 0
        pd.DataFrame({"rare": on, "usual": off, "a": X[:, 0]}).to_csv("data.csv", index=False)
        found = loaded(place / "data.csv", label="rare,usual", one_hot=True)
        assert named(found) == [w for i, w in enumerate(WORDS.tolist()) if i != 1]

    @pytest.mark.parametrize(
        ("column", "why"),
        [
            (["const"] * ROWS, "constant: all rows have the same value"),
            (["inf"] * 20 + ["-inf"] * 20, "empty: no cell has a value"),
        ],
    )
    def test_columns_that_tell_nothing(self, place: Path, column: list[str], why: str) -> None:
        """Text that never changes, and numbers none of which is finite."""
        self.frame(c=column).to_csv("data.csv", index=False)
        assert loaded(place / "data.csv", label="label").left_out == {"c": why}

    def test_a_few_cells_that_are_no_numbers(self, place: Path) -> None:
        """Are missing in a column of numbers, and that is said."""
        data = self.frame()
        data["b"] = ["about 3", *map(str, X[1:, 1].tolist())]
        data.to_csv("data.csv", index=False)
        found = loaded(place / "data.csv", label="label")
        assert "column 'b': 1 cells are no numbers and count as missing" in found.notes
        filled = np.concatenate([[np.median(X[1:, 1])], X[1:, 1]])
        assert matrix(found)[:, 1] == pytest.approx(standardised(filled))

    def test_labels_that_are_always_on_are_left_out(self, place: Path) -> None:
        """Of several labels; where none is left, nothing can be learned."""
        data = self.frame(t1=CODES.astype(int), t2=1).drop(columns="label")
        data.to_csv("data.csv", index=False)
        found = loaded(place / "data.csv", label="t1,t2")
        assert found.classes == ("t1",)
        assert "left out 1 label with fewer than 2 rows on or off ('t2')" in found.notes
        data.assign(t1=0).to_csv("data.csv", index=False)
        with pytest.raises(ImbweightsError, match="no label is on in some rows and off in others"):
            loaded(place / "data.csv", label="t1,t2")


class TestSvmlight:
    """Sparse rows as text."""

    def write(self, place: Path, rows: list[str]) -> Path:
        """The file."""
        path = place / "data.svm"
        path.write_text("\n".join(rows) + "\n")
        return path

    def test_comments_and_queries_are_no_features(self, place: Path) -> None:
        """Nor are empty lines rows."""
        rows = [
            f"{int(c)} qid:{i // 5} 1:{x[0]} 3:{x[1]} # row {i}"
            for i, (c, x) in enumerate(zip(CODES, X, strict=True))
        ]
        found = loaded(self.write(place, ["# made by hand", *rows[:9], "", *rows[9:]]))
        assert found.truth.single.tolist() == CODES.astype(int).tolist()
        assert matrix(found) == pytest.approx(standardised(X[:, :2]))

    def test_several_labels(self, place: Path) -> None:
        """Joined by commas, as scikit-learn writes them."""
        rows = [
            f"{'1,2' if c else '2' if i % 3 else ''} 1:{x[0]}"
            for i, (c, x) in enumerate(zip(CODES, X, strict=True))
        ]
        found = loaded(self.write(place, rows))
        assert found.truth.labels is not None
        assert found.truth.labels[:, 0].tolist() == CODES.tolist()

    def test_many_columns_stay_sparse(self, place: Path) -> None:
        """And what is not finite there counts as nothing."""
        rows = [
            f"{int(c)} {i * 20 + 1}:nan " + " ".join(f"{i * 20 + k}:{k}" for k in range(2, 16))
            for i, c in enumerate(CODES)
        ]
        found = loaded(self.write(place, rows))
        values = matrix(found)
        assert np.isfinite(values).all()
        assert found.features.columns > 512
        assert (values != 0).sum() == ROWS * 14

    @pytest.mark.parametrize(
        ("pair", "words"),
        [
            ("1:0", "every index:value pair is 0"),
            ("1234567890123456:2", "line 1: 1234567890123456:2 is no feature"),
        ],
    )
    def test_rows_without_features(self, place: Path, pair: str, words: str) -> None:
        """All of them 0, or one that no program could hold."""
        rows = [f"{int(c)} {pair}" for c in CODES]
        with pytest.raises(ImbweightsError) as refused:
            loaded(self.write(place, rows))
        assert words in str(refused.value)

    def test_groups_need_a_table(self, place: Path) -> None:
        """No column is called anything here."""
        path = self.write(place, [f"{int(c)} 1:{i}" for i, c in enumerate(CODES)])
        with pytest.raises(ImbweightsError, match="--group names a column of a table"):
            loaded(path, wishes={"group": "who"})


class TestMasks:
    """Pixels of masks and of their images."""

    VOID = 255

    def write(self, place: Path, masks: Mapping[str, Array | Image.Image], size: int = 12) -> None:
        """Masks, and an image of each whose green is 10 times the class."""
        for name in ("masks", "images"):
            (place / name).mkdir(exist_ok=True)
        for name, mask in masks.items():
            drawn = mask if isinstance(mask, Image.Image) else Image.fromarray(mask)
            drawn.save(place / "masks" / f"{name}.png")
            photo = np.zeros((size, size, 3), np.uint8)
            Image.fromarray(photo).save(place / "images" / f"{name}.png")

    def flat(self, *values: int, dtype: Any = np.uint8) -> Array:
        """A mask of stripes of these values."""
        return np.repeat(np.array(values, dtype=dtype), 144 // len(values)).reshape(12, 12)

    def found(self, place: Path, max_rows: int = 1000, **options: Any) -> Dataset:
        """The pixels."""
        wishes = {"images": str(place / "images"), "max_rows": max_rows}
        return loaded(place / "masks", wishes=wishes, **options)

    def test_only_what_can_be_used_is(self, place: Path) -> None:
        """Not the masks without images, nor those of void alone."""
        self.write(place, {f"{i}": self.flat(0, 1, 1) for i in range(3)})
        self.write(place, {"void": self.flat(self.VOID)})
        for name in "xy":
            Image.fromarray(self.flat(0, 1)).save(place / "masks" / f"{name}.png")
        found = self.found(place, ignore_labels=("255",))
        assert np.bincount(found.truth.single).tolist() == [3 * 48, 3 * 96]
        assert any("2 masks have no image (x.png …)" in note for note in found.notes)
        assert found.groups is not None
        assert len(np.unique(found.groups)) == 3

    def test_few_rows_are_few_images(self, place: Path) -> None:
        """With enough pixels of each."""
        self.write(place, {f"{i}": self.flat(0, 1, 1) for i in range(8)})
        found = self.found(place, max_rows=100)
        assert found.groups is not None
        assert (len(found.truth), len(np.unique(found.groups))) == (100, 4)
        assert any("sampled from 4 masks" in note for note in found.notes)

    def test_without_any_pixel_of_a_class(self, place: Path) -> None:
        """The masks that hold some have no image."""
        self.write(place, {"a": self.flat(self.VOID), "b": self.flat(self.VOID)})
        Image.fromarray(self.flat(0, 1)).save(place / "masks" / "c.png")
        with pytest.raises(ImbweightsError, match="the masks that have images hold no pixel"):
            self.found(place, ignore_labels=("255",))

    @pytest.mark.parametrize("mode", ["RGB", "P", "no palette"])
    def test_colours_are_the_classes_that_are_counted(self, place: Path, mode: str) -> None:
        """By the names of a palette where there is one."""
        colours = np.array([[0, 0, 0], [255, 0, 0], [9, 9, 9]], np.uint8)
        codes = self.flat(0, 1, 1, 2)
        mask = Image.fromarray(colours[codes])
        if mode == "P":
            mask = Image.fromarray(codes)
            mask.putpalette(colours.ravel().tolist())
        self.write(place, {"a": mask, "b": mask})
        (place / "names.txt").write_text("ground 0 0 0\ncar 255 0 0\n")
        options: dict[str, Any] = {
            "palette": str(place / "names.txt"),
            "ignore_labels": ("#090909",),
        }
        wanted = {"ground": 72, "car": 144}
        if mode == "no palette":
            options, wanted = {}, {"#000000": 72, "#090909": 72, "#ff0000": 144}
        found = self.found(place, **options)
        assert pd.Series(named(found)).value_counts().to_dict() == wanted
        assert found.counts.as_dict() == wanted

    def test_numbers_of_classes_and_instances(self, place: Path) -> None:
        """As Cityscapes has them: class · 1000 + instance, void as it is."""
        mask = self.flat(255, 24001, 26001, 26002, dtype=np.uint16)
        self.write(place, dict.fromkeys("ab", mask))
        found = self.found(place, pixel_divisor=1000, ignore_labels=("255",))
        assert pd.Series(named(found)).value_counts().to_dict() == {"24": 72, "26": 144}
        assert found.counts.as_dict() == {"24": 72, "26": 144}

    def test_an_image_of_another_size(self, place: Path) -> None:
        """Which is not stretched."""
        self.write(place, {"a": self.flat(0, 1), "b": self.flat(0, 1)}, size=9)
        with pytest.raises(ImbweightsError, match="has 9 × 9 pixels, its mask 12 × 12"):
            self.found(place)

    def test_volumes_have_no_photos(self, place: Path) -> None:
        """Their pixels are counted, not learned from."""
        self.write(place, {})
        for name in "ab":
            np.save(place / "masks" / f"{name}.npy", np.stack([self.flat(0, 1)] * 3))
            Image.new("RGB", (12, 12)).save(place / "images" / f"{name}.png")
        with pytest.raises(ImbweightsError, match="pixels are taken from flat masks"):
            self.found(place)

    def test_one_place_at_a_time(self, place: Path) -> None:
        """Not two folders, nor some masks from here and some from elsewhere."""
        fsspec = pytest.importorskip("fsspec")
        self.write(place, {"a": self.flat(0, 1), "b": self.flat(0, 1)})
        wishes = {"images": str(place / "images")}
        memory = fsspec.filesystem("memory")
        memory.pipe("/sweep/b.png", (place / "masks" / "b.png").read_bytes())
        with pytest.raises(ImbweightsError, match="all remote, or all from here"):
            loaded(place / "masks" / "a.png", "memory://sweep/b.png", wishes=wishes)
        memory.rm("/sweep", recursive=True)
        (place / "more").mkdir()
        for name in "cde":
            Image.fromarray(self.flat(0, 1)).save(place / "more" / f"{name}.png")
        with pytest.raises(ImbweightsError, match="name one folder of masks"):
            loaded("masks", "more", wishes=wishes)
        for n in "cd":
            Image.new("RGB", (12, 12)).save(place / "images" / f"{n}.png")
        found = loaded("train=masks", "val=more", wishes=wishes)
        assert len(found.truth) == 2 * 144


class TestElsewhere:
    """Folders of images, detections, databases, standard input."""

    def test_class_folders_with_embeddings(self, place: Path) -> None:
        """In the order of torchvision: class by class, and by name in each."""
        for i, on in enumerate(CODES.tolist()):
            folder = place / "set" / ("rare" if on else "usual")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{i:02}.jpg").touch()
        np.save("x.npy", X)
        found = loaded(place / "set", wishes={"embeddings": "x.npy"})
        assert named(found) == sorted(WORDS.tolist())
        assert matrix(found) == pytest.approx(standardised(X))
        with pytest.raises(ImbweightsError, match="a sweep needs features, and") as refused:
            loaded(place / "set")
        assert "--embeddings X.npy" in str(refused.value)

    def test_objects_in_images_are_no_samples(self, place: Path) -> None:
        """Nothing asks for embeddings of those."""
        box = {"image_id": 1, "bbox": [0, 0, 5, 5], "area": 25, "iscrowd": 0}
        coco = {
            "images": [{"id": 1, "file_name": "a.jpg", "width": 9, "height": 9}],
            "annotations": [{"id": i, "category_id": 1 + i % 2, **box} for i in range(9)],
            "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}],
        }
        (place / "coco.json").write_text(json.dumps(coco))
        with pytest.raises(ImbweightsError, match="not for objects"):
            loaded(place / "coco.json")

    def test_a_database_gives_counts(self, place: Path) -> None:
        """And a sweep needs rows."""
        with closing(sqlite3.connect(place / "a.db")) as base:
            base.execute("CREATE TABLE t (label TEXT)")
        spec = SourceSpec(database="sqlite:///a.db", query="SELECT label FROM t")
        with pytest.raises(ImbweightsError, match="only counts come from a database"):
            load(spec, DataOptions())

    def test_arrays_are_not_read_from_a_pipe(self, place: Path) -> None:
        """Their features would be gone once the labels are counted."""
        np.savez("data.npz", X=X, y=CODES.astype(int))
        found = run("sweep", "-", stdin=(place / "data.npz").read_bytes())
        assert found.code == 2
        assert "reads files, not standard input" in found.err

    def test_files_with_one_label_and_with_several(self, place: Path) -> None:
        """A cell without a label has none of them, in a file whose other cells have one each."""
        for name, cells_of in (
            ("a.csv", ["x|y", "y", "x", ""] * 5),
            ("b.csv", ["x", "y", "", "y"] * 5),
        ):
            pd.DataFrame({"f": X[:20, 0], "tags": cells_of}).to_csv(name, index=False)
        found = loaded(place / "a.csv", place / "b.csv", label="tags", separator="|")
        assert found.truth.labels is not None
        assert found.truth.labels.sum(axis=0).tolist() == [15, 20]
        assert len(found.truth) == ROWS


class TestMemory:
    """Arrays, lists and frames."""

    def test_lists_of_rows(self) -> None:
        """Are an array; numbers that are none are refused."""
        y = CODES.astype(int).tolist()
        few: dict[str, Any] = {"schemes": "balanced", "repeats": 1, "folds": 2}
        assert sweep(X.tolist(), y, **few) == sweep(X, y, **few)

    @pytest.mark.parametrize(
        ("x", "words"),
        [
            (X[:, 0], "features have shape (40,) of float64; expected rows of numbers"),
            (WORDS[:, None], "expected rows of numbers, or a frame"),
            ([[1.0]] * 39 + [[1.0, 2.0]], "features have rows of different lengths"),
            (5, "features are int; expected rows of numbers"),
            (None, "features are NoneType; expected rows of numbers"),
        ],
    )
    def test_features_that_are_none(self, x: Any, words: str) -> None:
        """With what they are."""
        with pytest.raises(ImbweightsError) as refused:
            sweep(x, CODES.astype(int))
        assert words in str(refused.value)

    def test_a_frame_of_labels_names_them(self) -> None:
        """By its columns."""
        y = pd.DataFrame({"even": np.arange(ROWS) % 2 == 0, "rare": CODES}).astype(int)
        result = sweep(X, y, schemes="pos-weight", repeats=1, folds=2)
        assert (result.classes, result.counts) == (("even", "rare"), (20, 10))

    @pytest.mark.parametrize(
        ("given", "options", "words"),
        [
            ((X, CODES), {"group": np.arange(9)}, "40 labels and 9 groups"),
            ((X, CODES), {"max_rows": 9}, "--max-rows must be at least 10"),
            ((X, CODES), {"jobs": 0}, "--jobs must be at least 1"),
            ((X, CODES), {"folds": 1}, "at least 2 folds and 1 repeat"),
            ((X, CODES), {"repeats": 0}, "at least 2 folds and 1 repeat"),
            (("data.csv", CODES), {}, "y goes with features in memory, not with a path"),
            ((pd.DataFrame(X),), {"label": "y"}, "label 'y' is no column of the frame"),
        ],
    )
    def test_what_does_not_fit(
        self, given: tuple[Any, ...], options: dict[str, Any], words: str
    ) -> None:
        """Before anything is fitted."""
        with pytest.raises(ImbweightsError) as refused:
            sweep(*given, **options)
        assert words in str(refused.value)
