"""``imbweights analyze`` as a user meets it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from support import counts_of, lines, run, write


def test_the_first_line_answers(samples: Path) -> None:
    """And what was read is said in the next."""
    out = run("analyze", samples / "four_classes.csv").out.splitlines()
    assert out[0] == "Mild imbalance: C has 3.6 times as many samples as A."
    assert out[1].startswith('four_classes.csv, column "label" (CSV): 1,616 samples, 4 classes')


@pytest.mark.parametrize(
    ("counts", "answer"),
    [
        ("a=5,b=5", "Balanced: every class has 5 samples."),
        ("a=50,b=60", "Nearly balanced: b has 1.2 times as many samples as a."),
        ("a=100,b=101", "Nearly balanced: about as many samples of a as of b."),
        ("a=1,b=3", "Mild imbalance: b has 3 times as many samples as a."),
        ("a=1,b=60", "Moderate imbalance: b has 60 times as many samples as a."),
        ("a=1,b=1000", "Extreme imbalance: b has 1,000 times as many samples as a."),
        ("a=7", 'Only one class: every label is "a".'),
        ("a=7,b=0", 'Only one class: every label is "a". b has none at all.'),
        ("a=1,b=3,c=0,d=0", "Mild imbalance: b has 3 times as many samples as a. c, d have none at all."),
    ],
)  # fmt: skip
def test_grades(counts: str, answer: str) -> None:
    """How mild or severe, by ratio."""
    assert run("analyze", "--counts", counts).out.splitlines()[0] == answer


def test_the_accuracy_trap(samples: Path) -> None:
    """What always predicting the majority scores: .98 and 2·.98/1.98/2."""
    out = run("analyze", samples / "anomaly.csv", "--label", "status").out
    assert "Always answering ok is right 98.0 % of the time and scores a macro F1 of 0.49." in out


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ("a=1,b=99", "a has 1 sample: it cannot be in both training and test data."),
        ("a=4,b=99", "a has fewer than 5 samples: too few for 5-fold cross-validation."),
        ("a=19,b=99", "a has fewer than 20 samples: of 5 test folds each holds at most 4"),
        (
            "a=1,b=1,c=9",
            "2 classes have 1 sample each: they cannot be in both training and test data.",
        ),
    ],
)
def test_classes_that_are_too_small(counts: str, sentence: str) -> None:
    """To split, to fold, to score."""
    assert sentence in run("analyze", "--counts", counts).out
    assert "fold" not in run("analyze", "--counts", "a=20,b=99").out


def test_a_ratio_is_not_taken_for_counts() -> None:
    """Its terms are relative: no word on folds, no measure that needs counts."""
    found = run("analyze", "--ratio", "60:1", "--format", "json").json
    assert found["unit"] == "parts"
    assert "lrid" not in found["measures"]
    text = run("analyze", "--ratio", "60:1").out
    assert text.splitlines()[0] == "Moderate imbalance: 60 negative for every positive."
    assert "fold" not in text


def test_json_follows_its_schema(samples: Path) -> None:
    """The fields that the documentation names."""
    found = run("analyze", samples / "four_classes.csv", "--format", "json").json
    assert found["schema"] == "imbweights.analysis/1"
    assert found["task"] == "multiclass"
    assert found["unit"] == "samples"
    assert (found["samples"], found["missing"], found["ignored"]) == (1616, 0, 0)
    assert found["classes"][0] == {
        "index": 0, "name": "A", "count": 198, "share": 198 / 1616, "present": 198, "extent": 198,
    }  # fmt: skip
    assert found["measures"]["imbalance_ratio"] == 710 / 198
    assert found["splits"] == {}
    assert found["source"]["label"] == "label"


def test_csv_and_markdown(samples: Path) -> None:
    """Full precision for machines, a pipe table for people."""
    csv = run("analyze", samples / "four_classes.csv", "--format", "csv").out.splitlines()
    assert csv[:2] == ["index,class,count,share", f"0,A,198,{198 / 1616!r}"]
    markdown = run("analyze", samples / "four_classes.csv", "--format", "markdown").out
    assert "| 2 | C | 710 | 43.9 % |" in markdown


def test_a_saved_analysis_is_a_source(samples: Path) -> None:
    """Counted once, used for everything that needs only counts."""
    run("analyze", samples / "reviews.csv", "--split", "split", "-o", "saved.json")
    again = run("analyze", "saved.json", "--format", "json").json
    first = run("analyze", samples / "reviews.csv", "--split", "split", "--format", "json").json
    for key in ("classes", "measures", "splits", "samples"):
        assert again[key] == first[key]
    weights = run("suggest", "saved.json", "--scheme", "balanced", "--format", "json").json
    assert sum(c["count"] for c in weights["classes"]) == 600  # the training split


def test_a_saved_analysis_keeps_label_sets_and_order(samples: Path) -> None:
    """Multi-label measures come out the same; a fixed class order stays."""
    run("analyze", samples / "tags.csv", "--label", "tag_*", "-o", "saved.json")
    first = run("analyze", samples / "tags.csv", "--label", "tag_*", "--format", "json").json
    assert run("analyze", "saved.json", "--format", "json").json["measures"] == first["measures"]
    run("analyze", "--counts", "a=1,b=2", "--classes", "b,a", "-o", "order.json")
    assert list(counts_of(run("analyze", "order.json", "--format", "json"))) == ["b", "a"]


def test_several_files_are_one_data_set(tmp_path: Path) -> None:
    """Named or by a glob."""
    write(tmp_path / "p1.csv", "label\na\na\nb\n")
    write(tmp_path / "p2.csv.gz", gzip.compress(b"label\nb\nc\nb\n"))
    named = run("analyze", "p1.csv", "p2.csv.gz", "--format", "json")
    assert counts_of(named) == {"a": 2, "b": 3, "c": 1}
    assert counts_of(run("analyze", "p*", "--format", "json")) == counts_of(named)


def test_files_that_disagree_about_the_column(tmp_path: Path) -> None:
    """Are asked about."""
    write(tmp_path / "p1.csv", "id,label\n1,a\n2,a\n")
    write(tmp_path / "p2.csv", "id,class\n1,b\n2,b\n")
    refused = run("analyze", "p1.csv", "p2.csv")
    assert refused.code == 2
    assert "different label columns: 'class', 'label'" in refused.err


def test_splits_as_files(tmp_path: Path) -> None:
    """Side by side, with classes that one of them lacks."""
    write(tmp_path / "a.csv", "label\na\na\nb\n")
    write(tmp_path / "b.csv", "label\na\na\n")
    out = run("analyze", "val=b.csv", "train=a.csv").out
    assert "train  val  all" in out
    assert "Absent from val: b." in out
    mixed = run("analyze", "train=a.csv", "b.csv")
    assert mixed.code == 2
    assert "some paths name a split" in mixed.err


def test_standard_input() -> None:
    """Whatever it holds."""
    out = run("analyze", "-", "--format", "json", stdin=b"label\na\nb\na\n")
    assert counts_of(out) == {"a": 2, "b": 1}
    assert out.json["source"]["name"] == "standard input"
    zipped = run("analyze", "-", "--format", "json", stdin=gzip.compress(b"label\na\nb\na\n"))
    assert counts_of(zipped) == {"a": 2, "b": 1}
    json_lines = b'{"label": "a"}\n{"label": "a"}\n'
    assert counts_of(run("analyze", "-", "--format", "json", stdin=json_lines)) == {"a": 2}
    assert run("analyze", "-", stdin=b"").code == 2


@pytest.mark.parametrize(
    ("options", "order"),
    [
        ([], ["2", "9", "10"]),
        (["--class-order", "appearance"], ["10", "9", "2"]),
        (["--class-order", "count"], ["9", "10", "2"]),
        (["--classes", "9,10,2,5"], ["9", "10", "2", "5"]),
        (["--classes", "classes.txt"], ["10", "2", "9"]),
    ],
)
def test_class_order(tmp_path: Path, options: list[str], order: list[str]) -> None:
    """The same from counts and from a file, in every output."""
    write(tmp_path / "classes.txt", "10\n2\n9\n")
    labels = ["10"] * 3 + ["9"] * 4 + ["2"] * 2
    write(tmp_path / "a.csv", "label\n" + lines(labels))
    for source in (["a.csv"], ["--counts", "10=3,9=4,2=2"]):
        found = counts_of(run("analyze", *source, *options, "--format", "json"))
        assert list(found) == order
        table = run("suggest", *source, *options, "--scheme", "balanced", "--empty", "zero").out
        rows = [r.split()[1] for r in table.splitlines() if r.strip()[:1].isdigit()]
        assert rows == order


def test_labels_outside_the_declared_classes(tmp_path: Path) -> None:
    """Are reported with their counts, never folded into another class."""
    write(tmp_path / "a.csv", "label\na\nb\nb\n")
    refused = run("analyze", "a.csv", "--classes", "a,c")
    assert refused.code == 2
    assert "1 label is not among the declared classes: 'b' (2)" in refused.err
    assert run("analyze", "a.csv", "--classes", "a,c", "--ignore-label", "b").code == 0


def test_a_thousand_classes_show_both_ends(tmp_path: Path) -> None:
    """And say how many lie between; --all shows all."""
    write(tmp_path / "a.csv", "label\n" + lines(f"c{i}" for i in range(1000) for _ in range(3 + i)))
    out = run("analyze", "a.csv").out
    assert "990 classes lie between" in out
    assert len(out.splitlines()) <= 24
    assert "c500" not in out
    assert "c500" in run("analyze", "a.csv", "--all").out


def test_missing_and_ignored_are_shown(tmp_path: Path) -> None:
    """Never silently dropped."""
    write(tmp_path / "a.csv", "id,label\n1,a\n2,\n3,?\n4,void\n5,b\n")
    out = run("analyze", "a.csv", "--missing-value", "?", "--ignore-label", "void").out
    assert "5 samples, 2 classes, 2 missing, 1 ignored" in " ".join(out.split())


def test_skipped_rows_are_noted_on_standard_error(tmp_path: Path) -> None:
    """The result stays clean."""
    write(tmp_path / "a.csv", "id,label\n1,a\n2\n3,b\n")
    found = run("analyze", "a.csv", "--on-bad-rows", "skip", "--format", "json")
    assert counts_of(found) == {"a": 1, "b": 1}
    assert "note: skipped 1 row of a.csv that cannot be parsed (line 3)" in found.err


def test_multi_label_speaks_of_zeros(samples: Path) -> None:
    """What sparsity does, and what to ask for next."""
    out = run("analyze", samples / "tags.csv", "--label", "tag_*").out
    assert "Predicting all zeros has a binary accuracy of 86.3 % and an F1 of 0." in out
    assert "rows have no label at all" in " ".join(out.split())
    assert out.splitlines()[-1].endswith("--label 'tag_*' --scheme pos-weight --gamma 0.5")
