"""``imbweights suggest`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import run, write

from imbweights.schemes import SCHEMES

COUNTS = ("--counts", "A=198,B=436,C=710,D=272")
INVERSE = {
    "none": ["8.16162", "3.70642", "2.27606", "5.94118"],
    "sum1": ["0.406348", "0.184534", "0.113320", "0.295798"],
    "sumk": ["1.625393", "0.738137", "0.453279", "1.183191"],
}


@pytest.mark.parametrize("normalize", INVERSE)
def test_inverse_of_the_four_classes(samples: Path, normalize: str) -> None:
    """The same numbers from the file and from the counts."""
    options = ("--scheme", "inverse", "--normalize", normalize)
    for source in ((samples / "four_classes.csv",), COUNTS):
        found = run("suggest", *source, *options)
        assert found.column == INVERSE[normalize]
        assert f"In class order: [{', '.join(INVERSE[normalize])}]" in found.out


def test_help_names_every_scheme() -> None:
    """The list is written out, so that --help need not load them."""
    help_text = " ".join(run("suggest", "--help").out.replace("│", " ").split())
    for name in SCHEMES:
        assert name in help_text


def test_side_by_side_with_a_reason() -> None:
    """Every scheme that fits, and one recommended."""
    out = run("suggest", *COUNTS).out
    assert out.startswith("Try balanced first: at 3.6 : 1")
    for heading in ("inverse", "balanced", "power", "log", "frequency", "effective"):
        assert heading in out
    data = run("suggest", *COUNTS, "--format", "json").json
    assert data["recommendation"]["scheme"] == "balanced"
    assert [s["scheme"] for s in data["schemes"]] == [
        "inverse", "balanced", "sqrt-inverse", "power", "log", "median-frequency", "effective",
    ]  # fmt: skip


def test_do_not_weight_is_an_answer() -> None:
    """For classes that are nearly equal."""
    assert run("suggest", "--counts", "a=100,b=110").out.startswith("Do not weight:")


def test_json_follows_its_schema() -> None:
    """The fields that the documentation names."""
    data = run("suggest", *COUNTS, "--scheme", "log", "--c", "1.1", "--format", "json").json
    assert data["schema"] == "imbweights.weights/1"
    assert (data["scheme"], data["parameters"]) == ("log", {"c": 1.1})
    assert (data["normalization"], data["role"]) == ("none", "class weight")
    assert data["classes"][0]["name"] == "A"
    assert set(data["classes"][0]) == {"index", "name", "count", "weight"}


def test_the_cap_is_named() -> None:
    """Which classes it touched; for pos_weight it limits the value."""
    out = run("suggest", "--counts", "a=1,b=50,c=1000", "--scheme", "inverse", "--cap", "10").out
    assert "The cap of 10 on the ratio to the smallest touched a, b." in out
    found = run(
        "suggest",
        "--counts",
        "n=1000,p=10",
        "--scheme",
        "pos-weight",
        "--cap",
        "20",
        "--format",
        "json",
    ).json
    assert found["classes"] == [{"index": 1, "name": "p", "count": 10, "weight": 20.0}]
    assert found["capped"] == ["p"]


@pytest.mark.parametrize(
    ("empty", "expected"),
    [
        ("zero", [2.0, 2 / 3, 0.0]),
        ("max", [2.0, 2 / 3, 2.0]),
        # Every class one sample more: N = 7, K = 3; 7 / (3·2), 7 / (3·4), 7 / (3·1).
        ("smooth", [7 / 6, 7 / 12, 7 / 3]),
    ],
)
def test_classes_without_samples(empty: str, expected: list[float]) -> None:
    """The user decides, and the place in the vector stays."""
    arguments = ("suggest", "--counts", "a=1,b=3,c=0", "--scheme", "balanced")
    found = run(*arguments, "--empty", empty, "--format", "json").json
    assert [c["weight"] for c in found["classes"]] == pytest.approx(expected)
    assert "No samples: c; weighted by --empty" in run(*arguments, "--empty", empty).out
    refused = run(*arguments)
    assert refused.code == 2
    assert "class 'c' has no samples" in refused.err


def test_pos_weight_of_two_classes() -> None:
    """One number, for the positive class; the other way round on demand."""
    out = run("suggest", "--counts", "fault=20,ok=980", "--scheme", "pos-weight")
    assert "The positive class is 'ok' (index 1)" in out.out
    assert "--positive 'fault'" in " ".join(out.out.split())
    positive = run(
        "suggest", "--counts", "fault=20,ok=980", "--scheme", "pos-weight", "--positive", "fault"
    )
    assert positive.column == ["49.0000"]
    both = " ".join(run("suggest", "--counts", "fault=20,ok=980").out.split())
    assert "pos_weight 0.02041 if ok (index 1) is the positive class, or 49 if fault is" in both


def test_pos_weight_per_label(samples: Path) -> None:
    """Negatives over positives of each column: 600 rows."""
    found = run("suggest", samples / "tags.csv", "--label", "tag_*", "--scheme", "pos-weight")
    counts = [192, 104, 79, 31, 6]
    assert [float(v) for v in found.column] == pytest.approx(
        [(600 - n) / n for n in counts], abs=1e-5
    )


def test_warnings_of_schemes() -> None:
    """Where a scheme misbehaves on these counts."""
    saturated = run(
        "suggest", "--counts", "a=90000,b=9000", "--scheme", "effective", "--beta", ".99"
    )
    assert "saturated" in saturated.out
    assert "saturated" not in run("suggest", *COUNTS, "--scheme", "effective").out
    assert "even number" in run("suggest", *COUNTS, "--scheme", "median-frequency").out
    bound = run("suggest", "--counts", "a=1,b=9,c=100000", "--scheme", "log")
    assert "largest possible weight" in bound.out
    rows = "".join("1,0\n" if i else "1,1\n" for i in range(500))
    rare = run(
        "suggest",
        "-",
        "--no-header",
        "--label",
        "1,2",
        "--scheme",
        "pos-weight",
        stdin=rows.encode(),
    )
    assert "is on in every row" in rare.out
    assert "--cap 10" in rare.out


def test_weights_are_computed_on_the_training_split(samples: Path) -> None:
    """And this is said."""
    out = run("suggest", samples / "reviews.csv", "--split", "split", "--scheme", "inverse").out
    assert "Computed on split 'train' alone" in out
    everything = run(
        "suggest",
        samples / "reviews.csv",
        "--split",
        "split",
        "--scheme",
        "inverse",
        "--use-split",
        "all",
    )
    assert "Computed on all splits together." in everything.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--scheme", "invers"), "did you mean inverse?"),
        (("--scheme", "pos-weight"), "pos_weight is for binary and multi-label"),
        (("--scheme", "inverse", "--beta", ".9"), "--beta means nothing to inverse"),
        (("--scheme", "effective", "--beta", "1"), "--beta must be at least 0 and below 1"),
        (("--scheme", "log", "--c", "1"), "--c must be above 1"),
        (("--scheme", "power", "--gamma", "-1"), "--gamma must be at least 0"),
        (("--scheme", "power", "--gamma", "nan"), "--gamma must be at least 0"),
        (("--scheme", "power", "--gamma", "9999"), "too large or too small for a float"),
        (("--scheme", "inverse", "--cap", "0.5"), "--cap must be at least 1"),
        (("--scheme", "inverse", "--positive", "A"), "--positive goes with --scheme pos-weight"),
        (("--use-split", "val"), "this data has no splits"),
        (("-o", "weights.xyz"), "the name must end in one of .json"),
        (("-o", "nowhere/weights.json"), "there is no folder nowhere"),
    ],
)
def test_wishes_that_do_not_fit(arguments: tuple[str, ...], message: str) -> None:
    """Each refused with a reason, before anything is written."""
    refused = run("suggest", *COUNTS, *arguments)
    assert refused.code == 2
    assert message in refused.err
    assert refused.out == ""


def test_what_is_no_class_weight_is_not_normalised(samples: Path) -> None:
    """The reason is given."""
    refused = run(
        "suggest",
        samples / "tags.csv",
        "--label",
        "tag_*",
        "--scheme",
        "pos-weight",
        "--normalize",
        "sum1",
    )
    assert refused.code == 2
    assert "is not a class weight and cannot be normalised" in refused.err


@pytest.mark.parametrize("scheme", ["effective"])
def test_a_ratio_is_not_enough_for_some_schemes(scheme: str) -> None:
    """Those that depend on how many samples there are."""
    refused = run("suggest", "--ratio", "60:1", "--scheme", scheme)
    assert refused.code == 2
    assert "a ratio does not tell" in refused.err
    assert "effective" not in run("suggest", "--ratio", "60:1").out


def test_one_class_has_nothing_to_weight() -> None:
    """It is more likely a mistake."""
    refused = run("suggest", "--counts", "a=5")
    assert refused.code == 2
    assert "there is only one class, 'a'" in refused.err


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--counts", "a=1,b", "some counts have a name"),
        ("--counts", "a=1.5", "not a name and a whole number"),
        ("--counts", "a=-1,b=2", "not a name and a whole number"),
        ("--counts", "a=1,a=2", "names class 'a' twice"),
        ("--counts", "", "--counts is empty"),
        ("--counts", "a=99999999999999999999,b=1", "between 0 and"),
        ("--counts", "a=0,b=0", "all counts are 0"),
        ("--ratio", "60", "--ratio 60"),
        ("--ratio", "60:0", "--ratio 60:0"),
        ("--ratio", "x:1", "--ratio x:1"),
    ],
)
def test_counts_and_ratios_that_make_no_sense(option: str, value: str, message: str) -> None:
    """Each with what was expected."""
    refused = run("suggest", option, value)
    assert refused.code == 2
    assert message in refused.err


def test_files_are_written_beside_the_output(tmp_path: Path) -> None:
    """In the form that the name says, several at once."""
    done = run(
        "suggest",
        *COUNTS,
        "--scheme",
        "inverse",
        "-o",
        "w.json",
        "-o",
        "w.csv",
        "-o",
        "w.md",
        "-o",
        "w.txt",
    )
    assert done.code == 0
    assert json.loads((tmp_path / "w.json").read_text("utf-8"))["scheme"] == "inverse"
    assert (
        (tmp_path / "w.csv").read_text("utf-8").startswith("index,class,count,weight\n0,A,198,8.16")
    )
    assert "| 0 | A | 198 | 8.16162 |" in (tmp_path / "w.md").read_text("utf-8")
    assert (tmp_path / "w.txt").read_text("utf-8") == done.out
    assert done.err.count("note: wrote") == 4


def test_an_old_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """And nothing else is left lying about."""
    write(tmp_path / "w.json", "old")
    run("suggest", *COUNTS, "--scheme", "inverse", "-o", "w.json", "--no-cache")
    assert [p.name for p in tmp_path.iterdir()] == ["w.json"]
    assert json.loads((tmp_path / "w.json").read_text("utf-8"))
