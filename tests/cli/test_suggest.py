"""``imbweights suggest`` as a user meets it."""

from __future__ import annotations

import json
import shlex
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
    assert out.startswith("Try balanced first (moderate): at 3.6 : 1")
    for heading in ("inverse", "balanced", "power", "log", "frequency", "effective"):
        assert heading in out
    data = run("suggest", *COUNTS, "--format", "json").json
    assert data["recommendation"]["scheme"] == "balanced"
    assert [s["scheme"] for s in data["schemes"]] == [
        "inverse", "balanced", "sqrt-inverse", "power", "log", "log-ratio", "median-frequency",
        "effective", "generalised-dice",
    ]  # fmt: skip


def test_do_not_weight_is_an_answer() -> None:
    """For classes that are nearly equal."""
    assert run("suggest", "--counts", "a=100,b=110").out.startswith("Do not weight (nearly equal):")


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
    assert f"No samples: c; --empty {empty}: " in run(*arguments, "--empty", empty).out
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
        (("--scheme", "inverse", "--positive", "A"), "--positive goes with pos-weight"),
        (("--use-split", "val"), "this data has no splits"),
        (("--label", "x"), "--label speaks of a file"),
        (("--classes", "nofile.txt"), "no such file"),
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
        ("--counts", "a=1;b=2", "not a name and a whole number"),
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


def test_a_source_is_never_overwritten(tmp_path: Path) -> None:
    """Whatever it is called on the command line."""
    path = write(tmp_path / "labels.csv", "label\na\nb\nb\n")
    before = path.read_bytes()
    for name in ("labels.csv", "./labels.csv", path):
        refused = run("suggest", "labels.csv", "--scheme", "inverse", "-o", name)
        assert refused.code == 2
        assert "would be overwritten" in refused.err
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "options",
    [
        ("--empty", "smooth"),
        ("--empty", "zero", "--cap", "10"),
        ("--empty", "max", "--normalize", "sum1"),
    ],
)
def test_the_command_to_copy_gives_the_column_of_the_table(options: tuple[str, ...]) -> None:
    """With all that was wished for."""
    side = run("suggest", "--counts", "A=30,B=600,C=0", *options)
    [command] = [line for line in side.out.splitlines() if "imbweights suggest --counts" in line]
    arguments = shlex.split(command.partition("imbweights ")[2])
    found = run(*arguments, "--format", "json").json
    data = run("suggest", "--counts", "A=30,B=600,C=0", *options, "--format", "json").json
    [same] = [s for s in data["schemes"] if s["scheme"] == data["recommendation"]["scheme"]]
    assert found["classes"] == same["classes"]


@pytest.mark.parametrize(
    ("given", "sentence", "gamma"),
    [
        ((), "Try pos-weight with γ = 0.5 first (multi-label)", 0.5),
        (("--gamma", "0.75"), "Try pos-weight first (multi-label)", 0.75),
        (("--gamma", "1"), "Try pos-weight first (multi-label)", 1.0),
    ],
)
def test_labels_are_weighed_as_the_study_says_or_as_the_user_does(
    samples: Path, given: tuple[str, ...], sentence: str, gamma: float
) -> None:
    """The root of negatives / positives, in the table and by the command to copy."""
    ask = ["suggest", samples / "tags.csv", "--label", "tag_*", *given]
    out = run(*ask).out
    assert out.startswith(sentence)
    data = run(*ask, "--format", "json").json
    assert data["recommendation"]["parameters"] == ({} if given else {"gamma": gamma})
    [shown] = data["schemes"]
    ratio = [(600 - c["count"]) / c["count"] for c in shown["classes"]]
    assert [c["weight"] for c in shown["classes"]] == pytest.approx([r**gamma for r in ratio])
    [command] = [line for line in out.splitlines() if "imbweights suggest " in line]
    copied = run(*shlex.split(command.partition("imbweights ")[2]), "--format", "json").json
    assert copied["classes"] == shown["classes"]


def test_which_schemes_a_cap_changed() -> None:
    """Not only the recommended one."""
    out = " ".join(run("suggest", "--counts", "A=100,B=10000", "--cap", "10").out.split())
    assert "The cap changed inverse, balanced, power, log, median-frequency" in out
    rows = "".join("1,0\n" if i else "1,1\n" for i in range(500)).encode()
    capped = run(
        "suggest",
        "-",
        "--no-header",
        "--label",
        "1,2",
        "--scheme",
        "pos-weight",
        "--cap",
        "20",
        stdin=rows,
    )
    assert "are above" not in capped.out
    assert "is above" not in capped.out


@pytest.mark.parametrize("largest", [10**3, 10**9, 10**15])
def test_wide_ratios_stay_readable(largest: int) -> None:
    """Numbers and names whole, in 80 columns."""
    out = run("suggest", "--counts", f"high risk=1,low={largest}").out
    table = out.splitlines()[3:9]
    assert any("high risk" in line for line in table)
    assert not any("…" in line for line in table)
    assert max(map(len, table)) <= 80


def test_the_next_command_works(tmp_path: Path) -> None:
    """Also when a class has no samples; and not where there is nothing to do."""
    out = run("analyze", "--counts", "a=5,b=9,c=0").out
    assert out.splitlines()[-1] == "Next: imbweights suggest --counts a=5,b=9,c=0 --empty zero"
    assert run(*shlex.split(out.splitlines()[-1])[2:]).code == 0
    assert "Next:" not in run("analyze", "--counts", "a=5").out
    write(tmp_path / "imbweights.toml", 'source = "a.csv"\nlabel = "x"\n')
    write(tmp_path / "a.csv", "x,y\n1,a\n1,b\n2,b\n")
    assert (
        run("analyze", "--label", "y").out.splitlines()[-1] == "Next: imbweights suggest --label y"
    )


def test_a_ratio_says_which_term_is_positive() -> None:
    """When the smaller one was written first."""
    assert "smaller term" in run("suggest", "--ratio", "1:60").err
    assert run("suggest", "--ratio", "60:1").err == ""
