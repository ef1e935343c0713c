"""``imbweights audit`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len
from support import Run, run, write

from imbweights import suggest

COUNTS = ("--counts", "A=198,B=436,C=710,D=272")
BALANCED = "2.0404,.9266,.5690,1.4853"
FREQUENCIES = """\
IMB101 error: these weights are the class frequencies, not their inverse. They
punish mistakes on C, the largest class (710), most.
four_classes.csv, column "label" (CSV): 1,616 samples, 4 classes, none missing

index  class  count  given  inverse, sum 1
    0  A        198    .12          0.4063
    1  B        436    .26          0.1845
    2  C        710    .43          0.1133
    3  D        272    .17          0.2958

Use instead (inverse, sum 1): [0.4063, 0.1845, 0.1133, 0.2958]
"""
RIGHT = """\
Nothing wrong: balanced, N / (K n), to 4 digits.
the given counts: 1,616 samples, 4 classes, none missing

index  class  count   given  balanced
    0  A        198  2.0404    2.0404
    1  B        436   .9266    0.9266
    2  C        710   .5690    0.5690
    3  D        272  1.4853    1.4853
"""


def codes(found: Run) -> list[str]:
    """Of the findings in the JSON."""
    return [f["code"] for f in found.json["findings"]]


def test_frequencies_instead_of_their_inverse(samples: Path) -> None:
    """The whole screen: the answer, names beside numbers, what to use instead."""
    found = run("audit", ".12,.26,.43,.17", "--on", samples / "four_classes.csv")
    assert found.out == FREQUENCIES
    assert found.code == 1


def test_right_weights() -> None:
    """Are called what they are, and pass."""
    found = run("audit", BALANCED, *COUNTS)
    assert found.out == RIGHT
    assert found.code == 0


@pytest.mark.parametrize(
    ("weights", "options", "code"),
    [
        (".12,.26,.43,.17", (), 1),
        (".12,.26,.43,.17", ("--exit-zero",), 0),
        (".12,.26,.43,.17", ("--fail-on", "error"), 1),
        ("2.100,.910,.580,1.430", (), 1),
        ("2.100,.910,.580,1.430", ("--fail-on", "error"), 0),
        (BALANCED, ("--with-sampler",), 1),
        ("8.16,3.71,2.28,5.94", (), 0),
        ("nosuch.json", ("--exit-zero",), 2),
        (BALANCED, ("--used-as", "bias"), 2),
        (BALANCED, ("--use-split", "train"), 2),
    ],
)
def test_exit_status(weights: str, options: tuple[str, ...], code: int) -> None:
    """1 from --fail-on on; notes never fail; 2 for wrong usage, whatever --exit-zero says."""
    assert run("audit", weights, *COUNTS, *options).code == code


def test_json_follows_its_schema(samples: Path, tmp_path: Path) -> None:
    """The fields that the documentation names; strict JSON even where the weights are not."""
    path = write(tmp_path / "w.json", "[2.0404, NaN, 0.5690, 1.4853]")
    found = run("audit", path, "--on", samples / "four_classes.csv", "--format", "json").json
    assert found["schema"] == "imbweights.audit/1"
    assert set(found) == {
        "schema", "worst", "weights", "computed_on", "classes", "explanations", "claimed", "findings",
        "corrected",
    }  # fmt: skip
    assert found["weights"] == {
        "file": "w.json", "name": None, "line": None, "used_as": "class-weight",
        "given": [2.0404, None, 0.5690, 1.4853], "unread": [],
    }  # fmt: skip
    assert set(found["classes"][0]) == {"index", "name", "count", "given", "expected"}
    assert found["findings"][0]["code"] == "IMB106"
    assert found["corrected"] == pytest.approx([2.040404, 0.926606, 0.569014, 1.485294])
    assert {"scheme", "parameters", "normalization", "digits", "words"} <= set(
        found["explanations"][0]
    )


def test_csv_and_markdown(tmp_path: Path) -> None:
    """The same facts; files follow their names."""
    found = run("audit", ".12,.26,.43,.17", *COUNTS, "--format", "csv")
    assert found.out.splitlines()[:2] == [
        "index,class,count,given,expected",
        "0,A,198,0.12,0.40634767",
    ] or found.out.splitlines()[1].startswith("0,A,198,0.12,0.4063")
    run("audit", ".12,.26,.43,.17", *COUNTS, "-o", tmp_path / "a.md", "-o", tmp_path / "a.json")
    text = (tmp_path / "a.md").read_text("utf-8")
    assert text.startswith("**IMB101 error:")
    assert "| 0 | A | 198 | .12 | 0.4063 |" in text
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["worst"] == "error"


def test_the_weights_are_not_overwritten(tmp_path: Path) -> None:
    """Nor the source, as everywhere."""
    path = write(tmp_path / "w.json", f"[{BALANCED.replace(',.', ',0.')}]")
    assert run("audit", path, *COUNTS, "-o", path).code == 2
    assert "schema" not in path.read_text("utf-8")


def test_hostile_class_names(tmp_path: Path) -> None:
    """Escaped in every medium."""
    write(tmp_path / "l.csv", "label\n" + "=cmd()\n" * 9 + "a|b<i>\n" * 3 + '"\x1b[31mred"\n')
    arguments = ("audit", "0.08,0.69,0.23", "--on", "l.csv")
    for form in ("table", "markdown", "json"):
        assert "\x1b" not in run(*arguments, "--format", form).out
    assert "'=cmd()" in run(*arguments, "--format", "csv").out
    assert "a\\|b&lt;i&gt;" in run(*arguments, "--format", "markdown").out


def test_the_source_may_come_in_several_words(samples: Path) -> None:
    """As a shell makes them of a glob after --on, or without --on at all."""
    path = samples / "four_classes.csv"
    for arguments in ((BALANCED, "--on", path), (BALANCED, path), ("--on", path, BALANCED)):
        assert run("audit", *arguments).out.startswith("Nothing wrong: balanced")
    masks = sorted((samples / "masks").glob("*.png"))
    options = ("--classes", "background,crack")
    found = run("audit", "59.8", "--on", *masks, *options)
    assert "6,144,000 pixels in 12 images" in found.out or found.code == 0


def test_numbers_with_blanks() -> None:
    """Are one vector."""
    assert run("audit", *BALANCED.split(","), *COUNTS).out == RIGHT


def test_a_list_that_begins_with_a_minus_sign() -> None:
    """Is no option; options still are."""
    found = run("audit", "-2.0404,.9266,.5690,1.4853", *COUNTS)
    assert found.out.startswith("IMB105 error: A (index 0, -2.0404) is negative. Only the sign")
    assert run("audit", "-x", *COUNTS).code == 2


def test_without_source_the_last_one_is_taken(samples: Path) -> None:
    """As in every command."""
    run("analyze", samples / "four_classes.csv")
    found = run("audit", BALANCED)
    assert "analysed last in this folder" in found.err
    assert found.code == 0


def test_a_training_configuration_with_a_sampler(tmp_path: Path) -> None:
    """Is found without running it."""
    code = (
        "weights = [2.0404, .9266, .5690, 1.4853]\n"
        "loss = torch.nn.CrossEntropyLoss(weight=torch.tensor(weights))\n"
        "loader = DataLoader(data, sampler=WeightedRandomSampler(w, len(w)))\n"
    )
    found = run("audit", write(tmp_path / "train.py", code), *COUNTS, "--format", "json")
    assert codes(found) == ["IMB116"]
    assert found.json["claimed"].startswith("balanced")
    only = code.replace("loss = torch.nn.CrossEntropyLoss(weight=torch.tensor(weights))\n", "")
    assert codes(run("audit", write(tmp_path / "t.py", only), *COUNTS, "--format", "json")) == []


def test_a_computed_weight_and_a_sampler(tmp_path: Path) -> None:
    """Stack whatever the numbers are."""
    code = "model.fit(x, class_weight=balanced(y))\nsampler = WeightedRandomSampler(w, 9)\n"
    found = run("audit", write(tmp_path / "t.py", code), *COUNTS, "--format", "json")
    assert codes(found) == ["IMB116"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("is_unbalance: true\n", ["IMB118"]),
        ("is_unbalance: true\nscale_pos_weight: 0.11\n", ["IMB117", "IMB118"]),
        ("auto_class_weights: Balanced\nscale_pos_weight: 0.11\n", ["IMB117"]),
        ("scale_pos_weight: 0.1111\n", []),
    ],
)
def test_knobs_of_boosted_trees(tmp_path: Path, settings: str, expected: list[str]) -> None:
    """Where the positives are the majority."""
    path = write(tmp_path / "c.yaml", "objective: binary\n" + settings)
    found = run("audit", path, "--counts", "no=10,yes=90", "--format", "json")
    assert codes(found) == expected


def test_scale_pos_weight_of_more_classes(tmp_path: Path) -> None:
    """Is for two."""
    path = write(tmp_path / "c.yaml", "is_unbalance: false\nscale_pos_weight: 7\n")
    assert "IMB117" in codes(run("audit", path, *COUNTS, "--format", "json"))


def saved(folder: Path, data: dict[str, int], scheme: str, **options: object) -> Path:
    """Our own weights JSON."""
    weights = suggest(data, scheme, **options)
    return write(folder / "weights.json", json.dumps(weights.to_dict()))


@pytest.mark.parametrize(
    "scheme",
    ["balanced", "log", "effective", "deferred", "sampler", "ldam-margins", "logit-adjustment"],
)
def test_our_own_weights_pass(tmp_path: Path, scheme: str) -> None:
    """In every role."""
    path = saved(tmp_path, {"A": 198, "B": 436, "C": 710, "D": 272}, scheme)
    found = run("audit", path, *COUNTS)
    assert found.code == 0
    assert found.out.startswith("Nothing wrong: ")


def test_own_weights_of_older_data(tmp_path: Path) -> None:
    """By how much the counts moved, and the new vector."""
    path = saved(tmp_path, {"A": 150, "B": 436, "C": 710, "D": 272}, "balanced")
    found = run("audit", path, *COUNTS)
    assert found.code == 1
    assert found.out.startswith("IMB110 warning: ")
    assert "A from 150 to 198" in found.out.replace("\n", " ")
    assert "2.04040" in found.out  # 1616 / (4 · 198)


def test_own_weights_used_as_something_else(tmp_path: Path) -> None:
    """Offsets are no weights; class weights are no pos_weights."""
    four = {"A": 198, "B": 436, "C": 710, "D": 272}
    path = saved(tmp_path, four, "logit-adjustment")
    found = run("audit", path, *COUNTS, "--used-as", "class-weight", "--format", "json")
    assert codes(found) == ["IMB115"]
    path = saved(tmp_path, four, "balanced")
    found = run("audit", path, *COUNTS, "--used-as", "pos-weight", "--format", "json")
    assert codes(found) == ["IMB113"]


def test_own_weights_whose_class_order_changed(tmp_path: Path) -> None:
    """Names tell."""
    path = saved(tmp_path, {"A": 198, "B": 436, "C": 710, "D": 272}, "balanced")
    found = run("audit", path, *COUNTS, "--class-order", "count", "--format", "json")
    assert codes(found) == ["IMB102"]


def test_own_weights_edited_by_hand(tmp_path: Path) -> None:
    """The recorded scheme says what was there."""
    path = saved(tmp_path, {"A": 198, "B": 436, "C": 710, "D": 272}, "balanced")
    data = json.loads(path.read_text("utf-8"))
    data["classes"][2]["weight"] = 0.9
    found = run("audit", write(path, json.dumps(data)), *COUNTS, "--format", "json")
    assert codes(found) == ["IMB103"]
    assert found.json["corrected"][2] == pytest.approx(0.569014)


def test_splits(samples: Path, tmp_path: Path) -> None:
    """Weights of all splits are found out; --use-split all makes them right."""
    whole = run("suggest", samples / "reviews.csv", "--split", "split", "--use-split", "all",
                "--scheme", "balanced", "-o", tmp_path / "w.json", "--format", "json")  # fmt: skip
    given = ",".join(f"{c['weight']:.4f}" for c in whole.json["classes"])
    on = ("--on", samples / "reviews.csv", "--split", "split")
    for weights in (given, tmp_path / "w.json"):
        found = run("audit", weights, *on)
        assert found.code == 1
        assert found.out.startswith("IMB111 warning: ")
        assert "split 'train' alone" in found.out
        assert run("audit", weights, *on, "--use-split", "all").code == 0


def test_sample_weights(tmp_path: Path) -> None:
    """One per row: those of a class must agree, and then are its weight."""
    write(tmp_path / "y.csv", "label\n" + "a\n" * 30 + "b\n" * 10 + "c\n" * 60)
    rows = np.repeat([100 / 90, 100 / 30, 100 / 180], [30, 10, 60])
    np.save(tmp_path / "w.npy", rows)
    found = run("audit", "w.npy", "--on", "y.csv", "--used-as", "sample-weight")
    assert found.out.startswith("Nothing wrong: balanced")
    rows[0] = 5
    np.save(tmp_path / "w.npy", rows)
    found = run("audit", "w.npy", "--on", "y.csv", "--used-as", "sample-weight")
    assert "IMB119 note" in found.out
    np.save(tmp_path / "w.npy", rows[:50])
    assert run("audit", "w.npy", "--on", "y.csv", "--used-as", "sample-weight").code == 2
    assert "--used-as sample-weight" in run("audit", ",".join(["1"] * 100), "--on", "y.csv").out


def test_labels_of_a_table(samples: Path) -> None:
    """pos_weight per label, right and upside down."""
    on = ("--on", samples / "tags.csv", "--label", "tag_*")
    made = run("suggest", *on[1:], "--scheme", "pos-weight", "--format", "json").json
    values = [c["weight"] for c in made["classes"]]
    found = run("audit", ",".join(f"{v:.3f}" for v in values), *on)
    assert found.code == 0
    assert found.out.startswith("Nothing wrong: pos_weight")
    found = run("audit", ",".join(f"{1 / v:.4f}" for v in values), *on)
    assert found.out.startswith("IMB101 error")


def test_three_hundred_classes_in_80_columns(tmp_path: Path) -> None:
    """The ten that differ most; all with --all."""
    counts = {f"class with a long name {i:03d}": 20 + i * i for i in range(300)}
    text = "\n".join(f"{name},{n}" for name, n in counts.items())
    write(tmp_path / "c.csv", "label,count\n" + text)
    weights = suggest(counts, "balanced").values.copy()
    weights[17] *= 3
    np.save(tmp_path / "w.npy", weights)
    arguments = ("audit", "w.npy", "--on", "c.csv", "--label", "label", "--count-column", "count")
    found = run(*arguments)
    assert "class with a long name 017 (index 17)" in found.out.replace("\n", " ")
    assert len(found.out.splitlines()) < 24
    assert all(cell_len(line) <= 80 for line in found.out.splitlines())
    assert len(run(*arguments, "--all").out.splitlines()) > 300


@pytest.mark.parametrize("width", ["40", "60", "80"])
def test_narrow_screens(monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    """Everything fits."""
    monkeypatch.setenv("COLUMNS", width)
    for weights in (".12,.26,.43,.17", BALANCED, "2.04,.93,.57", "1,nan,-2,0", "4,3,2,1"):
        out = run("audit", weights, *COUNTS).out
        assert all(cell_len(line) <= int(width) for line in out.splitlines())


def test_void_of_masks(tmp_path: Path) -> None:
    """Weights with void in the denominator are told from those without; both pass."""
    from PIL import Image

    rng = np.random.default_rng(0)
    folder = tmp_path / "masks"
    folder.mkdir()
    for i in range(6):
        mask = rng.choice([0, 1, 2, 255], size=(40, 40), p=[0.5, 0.2, 0.1, 0.2]).astype(np.uint8)
        if i % 2:
            mask[mask == 2] = 255
        Image.fromarray(mask).save(folder / f"{i}.png")
    on = ("--ignore-label", "255")
    for scheme in ("log", "median-frequency"):
        with_void = run(
            "suggest", folder, *on, "--scheme", scheme, "--void-in-denominator", "--format", "json"
        )
        weights = ",".join(f"{c['weight']:.5f}" for c in with_void.json["classes"])
        found = run("audit", weights, "--on", folder, *on, "--format", "json")
        assert found.code == 0
        assert "IMB121" in codes(found)
        assert "void in the denominator" in found.json["claimed"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit",),
        ("audit", "1,2", "--on", "nosuch.csv"),
        ("audit", "w.pt", *COUNTS),
        ("audit", ".", *COUNTS),
        ("audit", BALANCED, "--counts", "A=1,B=x"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Exit 2 with a message, no traceback."""
    write(tmp_path / "w.pt", b"\x80\x04.")
    found = run(*arguments)
    assert found.code == 2
    assert "Traceback" not in found.err
