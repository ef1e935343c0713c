"""Every entry of the larger collection gives the counts that independent scripts found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from real_collection import (
    COPIED,
    LARGER,
    LEFT_OUT,
    compare_coco,
    compare_counts,
    compare_masks,
    entries,
    positives,
)

from imbweights import analyze
from imbweights.core.errors import AmbiguousSourceError, SourceError

Facts = Mapping[str, Any]


def _larger() -> list[Any]:
    if not (LARGER / "expected.json").is_file():
        skip = pytest.mark.skip(reason=f"the larger collection is not at {LARGER}")
        return [pytest.param("", LARGER, {}, marks=skip)]
    copied = entries(COPIED)
    return [
        pytest.param(name, *place, id=name)
        for name, place in entries(LARGER).items()
        if name not in copied
    ]


@pytest.mark.parametrize(
    ("name", "path", "facts"),
    [pytest.param(name, *place, id=name) for name, place in entries(COPIED).items()],
)
def test_known_counts(name: str, path: Path, facts: Facts) -> None:
    """Read as a user would read it, with an option where the format does not decide."""
    _compare(name, path, facts)


@pytest.mark.parametrize(("name", "path", "facts"), _larger())
def test_the_larger_collection(name: str, path: Path, facts: Facts) -> None:
    """Likewise, for what may not be copied."""
    _compare(name, path, facts)


def _compare(name: str, path: Path, facts: Facts) -> None:
    form = facts.get("format", "")
    if form in LEFT_OUT:
        _is_never_counted_as_something_else(path, form)
    elif form == "mask":
        compare_masks(path, facts)
    elif name in SPECIAL:
        SPECIAL[name](path, facts)
    elif name.startswith("multilabel/"):
        _multilabel(path, facts)
    elif form in FORMATS:
        FORMATS[form](path, facts)
    elif "categories_declared" in facts:
        compare_coco(path, facts)
    else:
        _table(path, facts)


def _is_never_counted_as_something_else(path: Path, form: str) -> None:
    """A format that is left out is refused, or asked about; a plain table stays readable."""
    if form in {"MOT gt.txt (class column 8, 1 based)", "headerless csv, action id col 7"}:
        return
    if form.startswith("MOTS"):
        with pytest.raises(AmbiguousSourceError, match="holds instances"):
            analyze(path)
        return
    with pytest.raises(SourceError):
        analyze(path)


def _table(path: Path, facts: Facts) -> None:
    """Where the column is not evident it is asked for; it is the last one."""
    try:
        found = analyze(path)
    except AmbiguousSourceError:
        found = analyze(path, label=str(facts["features"] + 1))
    assert found.counts.as_dict() == facts["counts"]
    assert found.counts.samples == facts["rows"]


def _multilabel(path: Path, facts: Facts) -> None:
    """The same set as ARFF, as 0/1 columns and as tags, with mldr's measures to 1e-9."""
    known = dict(zip(facts["label_names"], facts["label_counts"], strict=True))
    forms: dict[str, dict[str, str]] = {
        ".arff": {},
        ".onehot.csv": {"label": "*"},
        ".tags.csv": {},
    }
    for suffix, options in forms.items():
        found = analyze(path.with_name(path.stem + suffix), **options)  # type: ignore[arg-type]
        counts, measures = found.counts, found.measures
        assert positives(counts) == {name: n for name, n in known.items() if n}
        if suffix != ".tags.csv":
            assert set(counts.classes) == set(known)
            assert measures["density"] == pytest.approx(facts["density"], abs=1e-9)
        assert counts.samples == facts["instances"]
        assert measures["cardinality"] == pytest.approx(facts["cardinality"], abs=1e-9)
        assert measures["mean_ir"] == pytest.approx(facts["meanIR_nonempty_only"], abs=1e-9)
        assert measures["cvir"] == pytest.approx(facts["CVIR_ddof1"], abs=1e-9)
        assert measures["scumble"] == pytest.approx(facts["scumble"], abs=1e-9)
        assert measures["distinct_label_sets"] == facts["labelsets"]
        assert (counts.label_sets or {}).get((), 0) == facts["no_label_rows"]


def _jsonl_flags(path: Path, facts: Facts) -> None:
    found = analyze(path).counts
    assert positives(found) == facts["positives"]
    assert found.samples == facts["rows"]


def _fasttext(path: Path, facts: Facts) -> None:
    compare_counts(path, facts)
    found = analyze(path).counts
    assert (found.samples, len(found.classes)) == (facts["rows"], facts["labels"])


def _trec(path: Path, facts: Facts) -> None:
    """``COARSE:fine text`` a line: the coarse class is what stands before the colon."""
    found = analyze(path, delimiter=":", label="1", header=False, quotes=False, on_bad_rows="skip")
    assert sum(found.counts.counts) <= facts["rows"]


def _svmlight(path: Path, facts: Facts) -> None:
    found = analyze(path).counts
    assert found.as_dict() == facts["counts"]
    assert found.samples == facts["rows"]
    without = (found.label_sets or {}).get((), 0) + found.missing
    assert without == facts["rows_without_label"]


def _truncated(path: Path, facts: Facts) -> None:
    with pytest.raises(SourceError, match="line 294"):
        analyze(path)
    assert analyze(path, on_bad_rows="skip").counts.samples == facts["good_rows"]


def _lfs(path: Path, facts: Facts) -> None:
    assert "pointer" in facts["note"]
    with pytest.raises(SourceError, match="Git LFS pointer"):
        analyze(path)


def _nifti(path: Path, facts: Facts) -> None:
    found = analyze(path).counts
    assert found.as_dict() == facts["voxels"]
    assert found.unit.value == "voxels"


def _yolo(path: Path, facts: Facts) -> None:
    found = analyze(path).counts
    assert positives(found) == facts["counts"]
    if "classes_declared" in facts:
        assert len(found.classes) == facts["classes_declared"]
        assert found.samples == facts["files"]


def _yolo_by_id(path: Path, facts: Facts) -> None:
    found = analyze(path)
    ids = found.profile.source.ids
    assert {str(ids[c]): n for c, n in positives(found.counts).items()} == facts["counts_by_id"]
    images = analyze(path, count="images").counts
    assert images.samples == facts["files"]
    assert (images.label_sets or {}).get((), 0) == facts["empty_files"]


def _semantic(path: Path, facts: Facts) -> None:
    found = analyze(path).counts
    assert positives(found) == facts["pixels_by_id"]
    present = dict(zip(found.classes, found.present.tolist(), strict=True))
    assert present == facts["images_by_id"]


def _panoptic(path: Path, facts: Facts) -> None:
    found = analyze(path).counts
    pixels = dict(facts["pixels"])
    assert found.ignored == pixels.pop("void")
    assert positives(found) == pixels
    assert positives(analyze(path, count="objects").counts) == facts["segments"]
    assert found.samples == facts["images"]


def _panoptic_entry(path: Path, facts: Facts) -> None:
    pixels = {name: n for name, n in facts["png_pixels"].items() if name != "void:0"}
    found = analyze(path).counts
    assert positives(found) == pixels
    assert found.ignored == facts["png_pixels"].get("void:0", 0)
    assert positives(analyze(path, count="objects").counts) == facts["segments"]


def _kitti(path: Path, facts: Facts) -> None:
    counted = {name: n for name, n in facts["counts"].items() if name != "DontCare"}
    found = analyze(path).counts
    assert positives(found) == counted
    assert found.ignored == facts["counts"].get("DontCare", 0)


def _cvat(path: Path, facts: Facts) -> None:
    shapes = dict(facts["shapes"]) or dict(facts["track_shapes_not_outside"])
    found = analyze(path).counts
    assert found.missing == shapes.pop("", 0)
    assert positives(found) == shapes
    assert list(found.classes) == facts["declared"]


def _open_images(path: Path, facts: Facts) -> None:
    found = analyze(path).counts
    denied = facts["confidence"].get("0", 0)
    assert found.total == facts["rows"] - denied
    if not denied:
        assert positives(found) == facts["counts"]


def _folder(path: Path, facts: Facts) -> None:
    counted = {name: n for name, n in facts["files_by_first_folder"].items() if name != "."}
    assert analyze(path).counts.as_dict() == counted


def _image_list(path: Path, facts: Facts) -> None:
    assert analyze(path).counts.as_dict() == facts["counts"]


def _padded_one_hot(path: Path, facts: Facts) -> None:
    assert analyze(path, label="label_*").counts.as_dict() == facts["positives"]


def _labelled_csv(path: Path, facts: Facts) -> None:
    found = analyze(path, label="label" if "vott" in str(path) else "label_name").counts
    assert found.as_dict() == facts["counts"]


def _zero_one_csv(path: Path, facts: Facts) -> None:
    found = analyze(path, label="dog,cat,person").counts
    assert found.as_dict() == facts["positives"]
    assert found.samples == facts["rows"]


def _first_column(path: Path, facts: Facts) -> None:
    assert analyze(path, label="1", header=False).counts.as_dict() == facts["counts"]


def _ratings(path: Path, facts: Facts) -> None:
    found = analyze(path, label="Rating", on_bad_rows="skip").counts
    rated = dict(facts["Rating"])
    empty = rated.pop("", 0)
    assert found.as_dict() == rated
    # A blank row with too few columns is skipped, one with all its commas is a row without label.
    assert found.missing in {empty, empty - facts["blank_rows"]}


def _electricity(path: Path, facts: Facts) -> None:
    counted = dict(facts["counts"])
    empty = counted.pop("", 0)
    found = analyze(path, label="class").counts
    assert (found.as_dict(), found.missing) == (counted, empty)


def _buddies(path: Path, facts: Facts) -> None:
    for column in ("breed_category", "pet_category"):
        assert analyze(path, label=column).counts.as_dict() == facts[column]


FORMATS = {
    "coco": compare_coco,
    "coco-panoptic": _panoptic_entry,
    "voc-xml": compare_counts,
    "labelme-xml": compare_counts,
    "yolo": _yolo,
    "kitti-txt": _kitti,
    "cvat-xml": _cvat,
    "open images csv": _open_images,
    "folder per class": _folder,
    "path + label ids": _image_list,
    "one-hot csv, header names have a leading blank": _padded_one_hot,
    "vott csv": _labelled_csv,
    "0/1 columns csv": _zero_one_csv,
    "headerless csv, label in column 0": _first_column,
}
SPECIAL = {
    "text/docs_issues_eval.jsonl": _jsonl_flags,
    "text/cooking.valid_head2000.fasttext": _fasttext,
    "text/trec_head2000.label": _trec,
    "libsvm/svmlight_multilabel.txt": _svmlight,
    "libsvm/svmlight_classification.txt": _svmlight,
    "libsvm/agaricus.txt.test": _svmlight,
    "longtail/Places_LT_train_head4000.txt": compare_counts,
    "longtail/truncated_last_line.txt": _truncated,
    "edge/lfs_pointer.label": _lfs,
    "nifti/atlas_aal.nii.gz": _nifti,
    "nifti/example_ct_seg.nii.gz": _nifti,
    "yolo_coco128_train": _yolo,
    "yoloseg_sparse_ids": _yolo_by_id,
    "coco_panoptic": _panoptic,
    "coco_semantic_masks": _semantic,
    "voc_bccd20": compare_counts,
    "celeba identity": _image_list,
    "kaggle_dataset/image_csv/ann.csv": _labelled_csv,
    "kaggle_dataset/image_csv_det/ann.csv": _labelled_csv,
    "kaggle_dataset/image_csv_det/ann3.csv": _labelled_csv,
    "tabular_dataset/electricity_missing.csv": _electricity,
    "adopt-a-buddy train": _buddies,
    **{
        f"tabular_dataset/women-clothing/women_clothing{form}.csv": _ratings
        for form in ("", "_imbalanced", "_orig", "_refined")
    },
}
