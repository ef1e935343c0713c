"""``suggest --explain``, ``--for``, ``--costs`` and weights per row, as a user meets them."""

from __future__ import annotations

import ast
import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support import run, write

import imbweights
from imbweights.schemes import PARAMETERS

COUNTS = ("--counts", "A=198,B=436,C=710,D=272")
SIXTY = ("--ratio", "60:1", "--scheme", "pos-weight")


def test_explain_fits_the_screen_and_answers() -> None:
    """The numbers of the 60 : 1 case, at most 80 columns wide."""
    out = run("suggest", *SIXTY, "--explain").out
    assert max(map(len, out.splitlines())) <= 80
    assert "zero logits               0.6931     1.364" in out
    assert "60 : 1" in out
    assert "PyTorch" not in out  # a pos_weight has one mean in every framework
    assert "p = q / (q + w (1 − q))" in " ".join(out.split())


def test_explain_takes_the_recommended_scheme() -> None:
    """And says why; where the advice is not to weight, the weights are those if you must."""
    out = run("suggest", *COUNTS, "--explain").out
    assert out.startswith("Try balanced first (moderate)")
    assert "effective sample size      1,287 of 1,616 (79.7 %, Kish)" in out
    equal = run("suggest", "--counts", "a=100,b=110", "--explain").out
    assert equal.startswith("Do not weight")
    assert "If you weight all the same:" in equal


def test_explain_in_every_form(tmp_path: Path) -> None:
    """JSON has the forecast beside the weights, Markdown a table, CSV the weights."""
    data = run("suggest", *COUNTS, "--scheme", "inverse", "--explain", "--format", "json").json
    assert data["schema"] == "imbweights.weights/1"
    assert data["forecast"]["schema"] == "imbweights.forecast/1"
    assert data["forecast"]["effective_sample_size"] == pytest.approx(1287.31, abs=5e-3)
    page = tmp_path / "e.md"
    assert run("suggest", *COUNTS, "--scheme", "log", "--explain", "-o", page).code == 0
    assert "| effective sample size |" in page.read_text()
    table = run("suggest", *COUNTS, "--scheme", "log", "--explain", "--format", "csv").out
    assert table.startswith("index,class,count,weight\n0,A,198,7.505")


def test_batch_size_is_used() -> None:
    """The chance of a batch without A: smaller batches miss it more often."""
    options = ("--scheme", "balanced", "--explain", "--format", "json")
    small = run("suggest", *COUNTS, *options, "--batch-size", "8").json["forecast"]["batches"]
    large = run("suggest", *COUNTS, *options, "--batch-size", "128").json["forecast"]["batches"]
    assert (small["batch_size"], large["batch_size"]) == (8, 128)
    assert small["chance_of_none"] > 0.3
    assert large["chance_of_none"] < 0.001


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--explain", "--for", "torch"), "ask for one at a time"),
        (("--for", "torch", "--format", "json"), "use one"),
        (("--batch-size", "8"), "--batch-size goes with --explain"),
        (("--explain", "--batch-size", "0"), "--batch-size must be a whole number, at least 1"),
        (("--for", "tourch"), "did you mean torch?"),
        (("--explain", "--scheme", "ldam-margins"), "there is no forecast for this role (margin)"),
        (("--scheme", "cost-matrix"), "--costs FILE"),
        (("--scheme", "balanced", "--costs", "nofile.csv"), "nofile.csv"),
        (("--scheme", "sampler", "-o", "s.npy"), "needs the label of each row"),
        (("-o", "w.npy"), "name the scheme"),
        (("--scheme", "sampler", "--cap", "3"), "--cap is for weights"),
        (("--scheme", "logit-adjustment", "--normalize", "sum1"), "cannot be normalised"),
        (("--scheme", "scale-pos-weight"), "for binary data; these are 4 classes"),
        (
            ("--scheme", "effective", "--beta", "automatic"),
            "--beta must be at least 0 and below 1, or auto",
        ),
        (("--scheme", "deferred", "--epoch", "0"), "--epoch must be a whole number at least 1"),
    ],
)
def test_what_makes_no_sense_is_refused(
    arguments: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2, nothing on standard output, nothing written."""
    monkeypatch.chdir(tmp_path)
    found = run("suggest", *COUNTS, *arguments)
    assert (found.code, found.out) == (2, "")
    assert message in found.err
    assert not list(tmp_path.glob("*.npy"))


@pytest.mark.parametrize(
    "scheme", ["logit-adjustment", "ldam-margins", "initial-bias", "repeat-factor"]
)
def test_undefined_for_a_class_without_samples(scheme: str) -> None:
    """ln 0 is no offset; smoothing is the only way."""
    counts = ("--counts", "a=10,b=20,c=0")
    assert "no samples" in run("suggest", *counts, "--scheme", scheme).err
    refused = run("suggest", *counts, "--scheme", scheme, "--empty", "zero")
    assert "--empty zero is for weights" in refused.err
    assert run("suggest", *counts, "--scheme", scheme, "--empty", "smooth").code == 0


def test_every_parameter_has_an_option() -> None:
    """The options are written out, so that --help need not load the schemes."""
    text = run("suggest", "--help").out
    assert all(f"--{name}" in text for name in PARAMETERS)


# --costs


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", "0,1\n10,0\n"),
        ("semicolons.csv", "0;1\n10;0\n"),
        ("header.csv", "ok,fault\n0,1\n10,0\n"),
        ("named.csv", ",ok,fault\nok,0,1\nfault,10,0\n"),
        ("turned.csv", "true\\predicted,fault,ok\nfault,0,10\nok,1,0\n"),
        ("list.json", "[[0, 1], [10, 0]]"),
        ("dict.json", '{"fault": {"ok": 10}, "ok": {"fault": 1}}'),
    ],
)
def test_cost_matrices_as_people_write_them(tmp_path: Path, name: str, content: str) -> None:
    """A missed fault costs ten times a false alarm, in whatever order the classes stand."""
    file = write(tmp_path / name, content)
    counts = ("--counts", "ok=980,fault=20", "--classes", "ok,fault")
    found = run("suggest", *counts, "--scheme", "cost-matrix", "--costs", file, "--format", "json")
    assert found.code == 0, found.err
    assert [row["weight"] for row in found.json["classes"]] == [1, 10]
    assert found.json["costs"] == [[0, 1], [10, 0]]
    assert "0.09091" in found.json["notes"][0]


def test_a_cost_matrix_in_npy(tmp_path: Path) -> None:
    """And beside the other schemes when none is named."""
    np.save(tmp_path / "c.npy", np.array([[0, 1], [10, 0]]))
    out = run("suggest", "--counts", "a=90,b=10", "--costs", tmp_path / "c.npy").out
    assert "cost-matrix" in out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("0,1,2\n1,0,2\n", "rows as columns"),
        ("0,x\n1,0\n", "no table of numbers"),
        ("", "is empty"),
        ("0,1\n1,nan\n", "finite numbers only"),
        ("1,0\n0,1\n", "less than the right answer"),
        ("0,0\n0,0\n", "no mistake costs anything"),
        ("0,1,1\n1,0,1\n1,1,0\n", "is for 3 classes, the data has 2"),
        (",ok,zzz\nok,0,1\nzzz,1,0\n", "is missing from"),
        (",ok,fault\nok,0,1\nzzz,1,0\n", "differ"),
    ],
)
def test_bad_cost_matrices_are_refused(tmp_path: Path, content: str, message: str) -> None:
    """Naming the file and what is wrong."""
    file = write(tmp_path / "costs.csv", content)
    found = run(
        "suggest", "--counts", "ok=980,fault=20", "--scheme", "cost-matrix", "--costs", file
    )
    assert found.code == 2
    assert message in found.err


# --for


def test_code_is_all_there_is_on_standard_output(samples: Path, tmp_path: Path) -> None:
    """It parses; the same goes to a file; its first comment is why this scheme."""
    file = tmp_path / "weights.py"
    found = run("suggest", samples / "four_classes.csv", "--for", "torch", "-o", file)
    assert found.code == 0
    ast.parse(found.out)
    assert found.out.startswith("# Try balanced first")
    assert file.read_text() == found.out
    assert found.out == imbweights.code(samples / "four_classes.csv", "torch")


def test_code_says_what_the_scale_does() -> None:
    """Where it matters, and only there."""
    text = " ".join(run("suggest", *SIXTY, "--for", "torch").out.replace("#", " ").split())
    assert "lower the learning rate about 2 times" in text
    assert "near 1.36, not 0.693" in text
    assert (
        "learning rate" not in run("suggest", *COUNTS, "--scheme", "inverse", "--for", "torch").out
    )


def test_ignored_pixels_get_their_index(samples: Path) -> None:
    """The value of --ignore-label; said where the label is a name."""
    masks = (samples / "masks", "--classes", "0=background,1=crack")
    plain = run("suggest", *masks, "--scheme", "balanced", "--for", "torch").out
    assert "ignore_index" not in plain


def test_class_order_is_kept_everywhere() -> None:
    """Numbers as numbers, code points, and --classes above all."""
    for counts, given, order in (
        ("10=5,9=20,2=75", (), ["2", "9", "10"]),
        ("b=5,A=20,a=75", (), ["A", "a", "b"]),
        ("b=5,A=20,a=75", ("--classes", "b,a,A"), ["b", "a", "A"]),
    ):
        arguments = ("suggest", "--counts", counts, *given, "--scheme", "balanced")
        code = run(*arguments, "--for", "torch").out
        assert [
            line.split("# ")[1].split()[1]
            for line in code.splitlines()
            if ",  " in line and "# " in line
        ] == order
        data = run(*arguments, "--format", "json").json
        assert [row["name"] for row in data["classes"]] == order


# weights per row


ROWS = ["b", "a", "", "a", "a", "skip", "b", "a"]
EXPECTED = [1.5, 0.75, 0, 0.75, 0.75, 0, 1.5, 0.75]


def _sources(folder: Path) -> dict[str, tuple[object, ...]]:
    frame = pd.DataFrame({"x": range(len(ROWS)), "y": [r or None for r in ROWS]})
    frame.to_csv(folder / "d.csv", index=False)
    frame.to_parquet(folder / "d.parquet")
    frame.to_json(folder / "d.jsonl", orient="records", lines=True)
    with gzip.open(folder / "d.csv.gz", "wt") as stream:
        frame.to_csv(stream, index=False)
    np.save(folder / "d.npy", np.array(ROWS))
    write(folder / "d.txt", "\n".join(ROWS) + "\n")
    label = ("--label", "y")
    return {
        "csv": (folder / "d.csv", *label),
        "gz": (folder / "d.csv.gz", *label),
        "parquet": (folder / "d.parquet", *label),
        "jsonl": (folder / "d.jsonl", *label),
        "npy": (folder / "d.npy",),
        "txt": (folder / "d.txt",),
    }


@pytest.mark.parametrize("kind", ["csv", "gz", "parquet", "jsonl", "npy", "txt"])
def test_a_weight_for_every_row(tmp_path: Path, kind: str) -> None:
    """In the order of the data; rows without a class are never drawn."""
    source = _sources(tmp_path)[kind]
    array, table = tmp_path / "w.npy", tmp_path / "w.csv"
    found = run(
        "suggest",
        *source,
        "--ignore-label",
        "skip",
        "--scheme",
        "sampler",
        "-o",
        array,
        "-o",
        table,
    )
    assert found.code == 0, found.err
    np.testing.assert_allclose(np.load(array), EXPECTED)
    with table.open() as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["sample_weight"]) for row in rows] == EXPECTED
    assert [int(row["row"]) for row in rows] == list(range(len(ROWS)))
    assert "2 rows have no class and get weight 0" in found.err


def test_a_weight_for_every_training_row(tmp_path: Path) -> None:
    """Of the training split alone, from a column or from files; several files one after another."""
    labels = ["a", "b", "a", "a", "a", "b"]
    splits = ["train", "val", "train", "train", "val", "train"]
    pd.DataFrame({"y": labels, "s": splits}).to_csv(tmp_path / "d.csv", index=False)
    out = tmp_path / "w.npy"
    options = ("--scheme", "sampler", "-o", out)
    assert run("suggest", tmp_path / "d.csv", "--label", "y", "--split", "s", *options).code == 0
    np.testing.assert_allclose(np.load(out), [2 / 3, 2 / 3, 2 / 3, 2])
    one, two = write(tmp_path / "one.txt", "a\nb\n"), write(tmp_path / "two.txt", "c\na\na\n")
    assert run("suggest", one, two, *options).code == 0
    np.testing.assert_allclose(np.load(out), [5 / 9, 5 / 3, 5 / 3, 5 / 9, 5 / 9])


def test_a_million_rows_keep_their_order(tmp_path: Path) -> None:
    """Also when DuckDB reads a file in parts, on several threads."""
    rng = np.random.default_rng(0)
    labels = rng.choice(["a", "b", "c"], 1_000_000, p=[0.7, 0.2, 0.1])
    write(tmp_path / "d.csv", "y,x\n" + "".join(f"{label},{i}\n" for i, label in enumerate(labels)))
    out = tmp_path / "w.npy"
    assert (
        run("suggest", tmp_path / "d.csv", "--label", "y", "--scheme", "sampler", "-o", out).code
        == 0
    )
    expected = imbweights.suggest(labels, "balanced").sample_weight(labels)
    np.testing.assert_allclose(np.load(out), expected)


def test_class_folders_have_the_order_of_image_folder(tmp_path: Path) -> None:
    """torchvision lists class by class."""
    from PIL import Image

    for name, n in (("cat", 3), ("ant", 1)):
        (tmp_path / "d" / name).mkdir(parents=True)
        for i in range(n):
            Image.new("RGB", (4, 4), (i, 9, 9)).save(tmp_path / "d" / name / f"{i}.jpg")
    out = tmp_path / "w.npy"
    assert run("suggest", tmp_path / "d", "--scheme", "sampler", "-o", out).code == 0
    np.testing.assert_allclose(np.load(out), [2, 2 / 3, 2 / 3, 2 / 3])


def test_several_labels_have_no_sampler(samples: Path) -> None:
    """There is no one class of a row; what is meant instead is named."""
    found = run("suggest", samples / "tags.csv", "--label", "tag_*", "--scheme", "sampler")
    assert found.code == 2
    assert "repeat-factor" in found.err


def test_weights_as_an_array(tmp_path: Path) -> None:
    """One per class, in class order."""
    out = tmp_path / "w.npy"
    assert run("suggest", *COUNTS, "--scheme", "balanced", "-o", out).code == 0
    data = json.loads(run("suggest", *COUNTS, "--scheme", "balanced", "--format", "json").out)
    np.testing.assert_array_equal(np.load(out), [row["weight"] for row in data["classes"]])


# found by others


def test_rows_of_all_splits_keep_their_order(tmp_path: Path) -> None:
    """Not split after split."""
    pd.DataFrame({"y": list("abaaba"), "fold": [2, 1, 1, 2, 1, 2]}).to_csv(tmp_path / "d.csv")
    out = tmp_path / "w.npy"
    source = (tmp_path / "d.csv", "--label", "y", "--split", "fold", "--scheme", "sampler")
    assert run("suggest", *source, "-o", out).code == 0
    np.testing.assert_allclose(np.load(out), [0.75, 1.5, 0.75, 0.75, 1.5, 0.75])


def test_inputs_are_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cost matrix, the list of classes, a file in the source folder; our own files are."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "costs.csv", "0,1\n10,0\n")
    write(tmp_path / "classes.csv", "a\nb\n")
    counts = ("suggest", "--counts", "a=5,b=9")
    costs = run(*counts, "--scheme", "cost-matrix", "--costs", "costs.csv", "-o", "costs.csv")
    classes = run(*counts, "--classes", "classes.csv", "-o", "classes.csv")
    (tmp_path / "masks").mkdir()
    for i in range(3):
        np.save(tmp_path / "masks" / f"{i}.npy", np.eye(64, dtype=np.uint8))
    folder = ("suggest", "masks", "--as", "masks", "--scheme", "balanced")
    mask = run(*folder, "-o", "masks/0.npy")
    for found in (costs, classes, mask):
        assert (found.code, found.out) == (2, "")
    assert np.load(tmp_path / "masks" / "0.npy").shape == (64, 64)
    assert run(*folder, "-o", "masks/w.json").code == 0
    assert run(*folder, "-o", "masks/w.json").code == 0


def test_for_prints_code_though_an_array_is_written(tmp_path: Path) -> None:
    """Only for npy itself is there nothing to print."""
    out = run(
        "suggest", *COUNTS, "--scheme", "balanced", "--for", "torch", "-o", tmp_path / "k.npy"
    ).out
    assert "CrossEntropyLoss" in out
    table = run(
        "suggest", *COUNTS, "--scheme", "balanced", "--for", "npy", "-o", tmp_path / "k.npy"
    )
    assert "In class order" in table.out


def test_costs_do_not_depend_on_counts(tmp_path: Path) -> None:
    """A class without samples has its weight like any other, and zero weights no smallest one."""
    costs = write(tmp_path / "c.csv", "0,1,1\n2,0,2\n3,3,0\n")
    found = run(
        "suggest",
        "--counts",
        "a=5,b=0,c=9",
        "--scheme",
        "cost-matrix",
        "--costs",
        costs,
        "--format",
        "json",
    )
    assert [row["weight"] for row in found.json["classes"]] == [2, 4, 6]
    half = write(tmp_path / "half.csv", "0,1\n0,0\n")
    options = (
        "--scheme",
        "cost-matrix",
        "--costs",
        half,
        "--normalize",
        "min1",
        "--format",
        "json",
    )
    found = run("suggest", "--counts", "a=5,b=9", *options)
    assert [row["weight"] for row in found.json["classes"]] == [1, 0]


@pytest.mark.parametrize(
    ("scheme", "counts", "options", "expected"),
    [
        (
            "effective",
            {"a": 1, "b": 10**15},
            {"beta": "auto", "normalize": "min1"},
            [632120558828558, 1],
        ),
        ("effective", {"a": 5, "b": 9}, {"beta": 1e-17}, [1, 1]),
        (
            "effective",
            {"a": 3, "b": 10**17},
            {"beta": "auto", "normalize": "min1"},
            [2.107070e16, 1],
        ),
        ("pos-weight", {"a": 3, "b": 10**16 + 1}, {}, [3e-16]),
        ("pos-weight", {"a": 3, "b": 10**17}, {}, [3e-17]),
        ("initial-bias", {"a": 10**17, "b": 3}, {}, [-38.0453]),
    ],
)
def test_extreme_counts(
    scheme: str, counts: dict[str, int], options: dict[str, float], expected: list[float]
) -> None:
    """Where floats next to each other differ by more than what is counted."""
    found = imbweights.suggest(counts, scheme, **options).values
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("with_it", "whole", "size", "enough"),
    [(1, 10**6, 32, 950_001), (1, 10**9, 32, 950_000_001), (3, 10**12, 32, None)],
)
def test_chances_in_large_data(with_it: int, whole: int, size: int, enough: int | None) -> None:
    """Exact fractions: Π (N − B − i)/(N − i) over the n samples of the class."""
    from fractions import Fraction

    exact = Fraction(1)
    for i in range(with_it):
        exact *= Fraction(whole - size - i, whole - i)
    found = imbweights.forecast(
        imbweights.ClassCounts.multiclass({"a": with_it, "b": whole - with_it}),
        imbweights.suggest({"a": with_it, "b": whole - with_it}, "balanced"),
        size,
    ).batches
    assert found.none == pytest.approx(float(exact), rel=1e-12)
    if enough is not None:
        assert found.enough == enough


def test_python_refuses_what_it_does_not_know() -> None:
    """Misspelt options, options that come too late, weights of other classes, wrong types."""
    from imbweights.core.errors import UsageError

    y = [0, 0, 1]
    for call, message in (
        (
            lambda: imbweights.code(y, "torch", "balanced", normalise="sum1"),
            "did you mean normalize",
        ),
        (lambda: imbweights.suggest(y, "effective", betta=0.5), "did you mean beta"),
        (
            lambda: imbweights.suggest(imbweights.analyze(y), "balanced", label="z"),
            "give it to analyze",
        ),
        (lambda: imbweights.suggest(y, "cost-matrix", costs=[0, 1]), "K rows of K numbers"),
        (
            lambda: imbweights.ClassWeights.from_dict({"schema": "imbweights.weights/1"}),
            "lack or garble",
        ),
    ):
        with pytest.raises(imbweights.ImbweightsError) as caught:
            call()
        assert message in f"{caught.value.message} {caught.value.hint}"
    counts = imbweights.ClassCounts.multiclass({"p": 5, "q": 9})
    with pytest.raises(UsageError, match="other classes"):
        imbweights.forecast(counts, imbweights.suggest({"x": 5, "y": 9}, "balanced"))
    assert imbweights.suggest([0.0, 0.0, 1.0], "pos-weight", positive=0.0).values.tolist() == [0.5]


def test_pos_weight_of_two_classes_needs_both() -> None:
    """A positive class without samples has no odds; smoothing says that it smoothed."""
    for counts in ("a=5,b=0", "a=0,b=5"):
        for empty in ("zero", "max"):
            found = run("suggest", "--counts", counts, "--scheme", "pos-weight", "--empty", empty)
            assert (found.code, found.out) == (2, "")
        smooth = run(
            "suggest", "--counts", counts, "--scheme", "pos-weight", "--empty", "smooth"
        ).out
        assert "one sample more" in smooth


def test_deferred_weights_start_later() -> None:
    """Nothing about the beginning is told from the second stage."""
    deferred = ("--counts", "a=10,b=990", "--scheme", "deferred", "--epoch", "5")
    text = " ".join(run("suggest", *deferred, "--for", "keras").out.replace("#", " ").split())
    assert "until then nothing is weighted" in text
    assert "will start near" not in text
    assert "All this holds from epoch 5 on" in " ".join(
        run("suggest", *deferred, "--explain").out.split()
    )


def test_labels_that_are_no_indices_are_pointed_out() -> None:
    """Where targets must be indices."""
    counts = ("--counts", "0=50,1=40,255=10", "--scheme", "balanced")
    assert "label 255 must become 2" in run("suggest", *counts, "--for", "torch").out
    assert "must become" not in run("suggest", *counts, "--for", "sklearn").out


def test_numbers_are_never_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are; on a narrow screen, too."""
    monkeypatch.setenv("COLUMNS", "40")
    long = "a_very_long_class_name_that_goes_on=1,b=5000000"
    out = run("suggest", "--counts", long, "--scheme", "inverse", "--explain").out
    assert "5000001.00000" in out
    assert "1.385" in out or "1.386" in out or "0.6931" in out
    assert not [
        line for line in out.splitlines() if line.rstrip()[-2:-1].isdigit() and line.endswith("…")
    ]


def test_many_indicator_columns_are_all_named(tmp_path: Path) -> None:
    """The hint covers the columns that the list does not show."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(0, 2, (30, 50)), columns=[f"l{i:02d}" for i in range(50)])
    frame.insert(0, "id", [f"r{i}" for i in range(30)])
    frame.to_csv(tmp_path / "m.csv", index=False)
    assert "--label l00:l49" in run("suggest", tmp_path / "m.csv").err


def test_numbers_instead_of_files() -> None:
    """What a beginner types first."""
    assert "--counts 198,436" in run("suggest", "198", "436").err
