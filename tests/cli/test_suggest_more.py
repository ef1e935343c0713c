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
        (("--explain", "--batch-size", "0"), "--batch-size must be at least 1"),
        (("--for", "tourch"), "did you mean torch?"),
        (("--explain", "--scheme", "ldam-margins"), "there is no forecast for a margin"),
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
