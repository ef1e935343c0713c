"""``imbweights init``: what is found in a folder, what is asked, and what is written."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from PIL import Image
from support import Run, lines, run, write

CATS = ["cat"] * 20 + ["dog"] * 30
TABLE = "label\n" + lines(CATS)
OTHER = "label\n" + lines([*CATS, *CATS])
NOISE = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
MASK = np.zeros((64, 64), dtype=np.uint8)
MASK[:8] = 1


def configured(folder: Path) -> dict[str, Any]:
    """What the configuration says."""
    own = folder / "imbweights.toml"
    if own.exists():
        return tomllib.loads(own.read_text(encoding="utf-8"))
    text = (folder / "pyproject.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)["tool"]["imbweights"]
    return found


def sources(folder: Path) -> list[Any]:
    """The source of every data set."""
    config = configured(folder)
    own = [config["source"]] if "source" in config else []
    return own + [each["source"] for each in config.get("datasets", [])]


def checked_after_init(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Init, then the check without a word, in that folder."""
    monkeypatch.chdir(folder)
    made = run("init")
    assert made.code == 0, made.err
    return run("check")


def table(folder: Path) -> None:
    """One table of labels."""
    write(folder / "labels.csv", TABLE)


def split_tables(folder: Path) -> None:
    """Tables for training and validation, in the usual place."""
    (folder / "data").mkdir()
    write(folder / "data" / "train.csv", TABLE)
    write(folder / "data" / "val.csv", OTHER)


def split_json(folder: Path) -> None:
    """Records, named before and after."""
    for split in ("train", "test"):
        records = [{"text": f"{split} {i}", "label": label} for i, label in enumerate(CATS)]
        write(folder / f"news_{split}.jsonl", lines(map(json.dumps, records)))


def class_folders(folder: Path) -> None:
    """A folder of photos per class."""
    for name, n in (("cat", 10), ("dog", 12)):
        (folder / name).mkdir()
        for i in range(n):
            Image.fromarray(NOISE + np.uint8(i)).save(folder / name / f"{i}.png")


def split_class_folders(folder: Path) -> None:
    """Class folders below train and val."""
    for i, split in enumerate(("train", "val")):
        for j, name in enumerate(("cat", "dog")):
            (folder / split / name).mkdir(parents=True)
            for k in range(10):
                values = NOISE + np.uint8(40 * i + 20 * j + k)
                Image.fromarray(values).save(folder / split / name / f"{k}.png")


def masks(folder: Path) -> None:
    """Masks of two values beside photos, and a program."""
    for name in ("images", "masks"):
        (folder / name).mkdir()
    for i in range(12):
        Image.fromarray(NOISE).save(folder / "images" / f"{i}.png")
        Image.fromarray(np.roll(MASK, i, axis=0)).save(folder / "masks" / f"{i}.png")
    write(folder / "train.py", "import torch\n")


def yolo(folder: Path) -> None:
    """The sample of the repository: data.yaml and labels."""
    shutil.copytree(SAMPLES / "yolo", folder, dirs_exist_ok=True)


def coco(folder: Path) -> None:
    """The sample of the repository, in the usual place."""
    shutil.copytree(SAMPLES / "coco", folder / "annotations")
    write(folder / "train.py", "import torch\n")


def everything_lies_at_the_top(folder: Path) -> None:
    """COCO files beside nothing else."""
    shutil.copytree(SAMPLES / "coco", folder, dirs_exist_ok=True)


SAMPLES = Path(__file__).parents[2] / "sample_data"
SCHEMA = json.loads(
    (SAMPLES.parent / "docs" / "imbweights.schema.json").read_text(encoding="utf-8")
)
LAYOUTS: list[tuple[Callable[[Path], None], list[Any], list[str]]] = [
    (table, ["labels.csv"], ["cat", "dog"]),
    (split_tables, [["train=data/train.csv", "val=data/val.csv"]], ["cat", "dog"]),
    (split_json, [["train=news_train.jsonl", "test=news_test.jsonl"]], ["cat", "dog"]),
    (class_folders, ["."], ["cat", "dog"]),
    (masks, ["masks"], ["0", "1"]),
    (yolo, ["."], ["cow", "sheep", "dog", "fox"]),
    (coco, ["annotations"], ["cow", "sheep", "dog", "fox"]),
    (everything_lies_at_the_top, ["."], ["cow", "sheep", "dog", "fox"]),
]


@pytest.mark.parametrize(
    ("build", "expected", "order"), LAYOUTS, ids=lambda v: getattr(v, "__name__", "")
)
def test_layouts(
    build: Callable[[Path], None],
    expected: list[Any],
    order: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Found as one data set; the check that follows is clean, and compares with the baseline."""
    build(tmp_path)
    after = checked_after_init(tmp_path, monkeypatch)
    assert after.code == 0, after.out
    assert sources(tmp_path) == expected
    jsonschema.validate(configured(tmp_path), SCHEMA)
    [stored] = json.loads((tmp_path / "imbweights-baseline.json").read_text())["datasets"].values()
    assert stored["order"] == order
    assert "not compared" not in after.err


def test_split_class_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One data set with two splits, whichever way it is named."""
    split_class_folders(tmp_path)
    assert checked_after_init(tmp_path, monkeypatch).code == 0
    stored = json.loads((tmp_path / "imbweights-baseline.json").read_text())["datasets"]
    [baseline] = stored.values()
    assert baseline["splits"] == {"train": {"cat": 10, "dog": 10}, "val": {"cat": 10, "dog": 10}}


def test_what_changes_later_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order is pinned, so a new class is undeclared; and the baseline tells drift."""
    table(tmp_path)
    assert checked_after_init(tmp_path, monkeypatch).code == 0
    assert configured(tmp_path)["classes"] == ["cat", "dog"]
    write(tmp_path / "labels.csv", TABLE + lines(["ape"] * 40))
    later = run("check")
    assert later.code == 1
    for code in ("IMB011", "IMB050", "IMB052"):
        assert code in later.out


def test_min_count_is_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class with 3 samples passes as it is, and fails with 2."""
    write(tmp_path / "labels.csv", "label\n" + lines(["a"] * 3 + ["b"] * 40))
    assert checked_after_init(tmp_path, monkeypatch).code == 0
    assert configured(tmp_path)["check"]["min-count"] == 3
    write(tmp_path / "labels.csv", "label\n" + lines(["a"] * 2 + ["b"] * 40))
    assert "IMB003" in run("check").out


def test_thresholds_stand_as_comments(tmp_path: Path) -> None:
    """Every line of the check table is a default that may be uncommented."""
    table(tmp_path)
    text = run("init", tmp_path, "--dry-run").out
    shown = text.split("[check]\n")[1].partition("\n")[2]
    said = tomllib.loads(re.sub("^# ", "", shown, flags=re.MULTILINE))
    assert said["min-count"] == 10
    assert said["max-ratio"] == 100
    assert said["fail-on"] == "error"


def test_a_question_is_a_comment_and_nothing_is_guessed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The columns are listed on stderr and in the file; the answer makes the block work."""
    table(tmp_path)
    shutil.copy(SAMPLES / "anomaly.csv", tmp_path)
    monkeypatch.chdir(tmp_path)
    made = run("init")
    assert made.code == 0
    assert "1 data set, and 1 question to answer" in made.out
    assert "--label status" in made.err
    assert sources(tmp_path) == ["labels.csv"]
    text = (tmp_path / "imbweights.toml").read_text(encoding="utf-8")
    block = text[text.index("# [[datasets]]") :]
    answered = block.replace("# ", "").replace("…", "status")
    write(tmp_path / "imbweights.toml", text.replace(block, answered))
    after = run("check", "--format", "json", "--ignore", "IMB05")
    assert after.code == 0, after.err
    assert sources(tmp_path) == ["labels.csv", "anomaly.csv"]


def test_void_or_foreground(tmp_path: Path) -> None:
    """Masks of 0 and 255 are asked about, with the keys that answer."""
    (tmp_path / "masks").mkdir()
    for i in range(12):
        Image.fromarray(np.roll(MASK * 255, i, axis=0)).save(tmp_path / "masks" / f"{i}.png")
    made = run("init", tmp_path)
    assert "is 255 a class or void" in made.err
    text = (tmp_path / "imbweights.toml").read_text(encoding="utf-8")
    assert '# classes = ["…"]\n# ignore-label = ["…"]\n' in text


def test_only_questions(tmp_path: Path) -> None:
    """A configuration to fill in, and no baseline of nothing."""
    shutil.copy(SAMPLES / "anomaly.csv", tmp_path)
    made = run("init", tmp_path)
    assert made.code == 0
    assert "Next: answer the question in imbweights.toml" in made.out
    assert not (tmp_path / "imbweights-baseline.json").exists()
    assert sources(tmp_path) == []


@pytest.mark.parametrize("name", ["imbweights.toml", "pyproject.toml", "imbweights-baseline.json"])
def test_nothing_is_overwritten(name: str, tmp_path: Path) -> None:
    """Exit 2, the file is named and stays, and no other is written."""
    table(tmp_path)
    there = write(tmp_path / name, '[tool.imbweights]\nsource = "x.csv"\n')
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    made = run("init", tmp_path)
    assert made.code == 2
    assert str(there) in made.err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    "before",
    [
        b'[project]\nname = "x"\n',
        b'[project]\r\nname = "x"\r\n',
        b"[tool.ruff]\nline-length = 100  # wide",
        b"",
    ],
)
def test_pyproject_stays_byte_for_byte(
    before: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables are appended, with the line ends that the file has."""
    table(tmp_path)
    project = write(tmp_path / "pyproject.toml", before)
    assert checked_after_init(tmp_path, monkeypatch).code == 0
    after = project.read_bytes()
    assert after.startswith(before)
    assert (b"\r\n" in before) == (b"\r\n" in after)
    assert after.count(b"\r\n") in {0, after.count(b"\n")}
    assert configured(tmp_path)["source"] == "labels.csv"
    assert not (tmp_path / "imbweights.toml").exists()


def test_a_pyproject_that_cannot_be_appended_to(tmp_path: Path) -> None:
    """``tool`` in one line is closed; the configuration gets a file of its own."""
    table(tmp_path)
    project = write(tmp_path / "pyproject.toml", "tool = { ruff = { line-length = 100 } }\n")
    assert run("init", tmp_path).code == 0
    assert project.read_text() == "tool = { ruff = { line-length = 100 } }\n"
    assert (tmp_path / "imbweights.toml").exists()


def test_a_broken_pyproject_is_named(tmp_path: Path) -> None:
    """And nothing is written."""
    table(tmp_path)
    write(tmp_path / "pyproject.toml", "[project\n")
    made = run("init", tmp_path)
    assert (made.code, "pyproject.toml: cannot be read" in made.err) == (2, True)
    assert not (tmp_path / "imbweights.toml").exists()


def test_nothing_to_find(tmp_path: Path) -> None:
    """Programs, papers, hidden folders, environments and our own files are no data."""
    write(tmp_path / "train.py", "pass\n")
    write(tmp_path / "requirements.txt", "torch\n")
    write(tmp_path / "README.txt", "text\n")
    write(tmp_path / "package.json", "[]\n")
    write(tmp_path / "notes.txt", "one\ntwo\none\n")
    for hidden in (".cache", "node_modules", "venv", "sub/deeper/and/deeper"):
        (tmp_path / hidden).mkdir(parents=True)
        table(tmp_path / hidden)
    (tmp_path / "mine").mkdir()
    write(tmp_path / "mine" / "pyvenv.cfg", "")
    table(tmp_path / "mine")
    made = run("init", tmp_path)
    assert made.code == 2
    assert "nothing here looks like labels" in made.err
    assert not (tmp_path / "imbweights.toml").exists()


def test_no_folder(tmp_path: Path) -> None:
    """A message, no traceback."""
    made = run("init", tmp_path / "nowhere")
    assert (made.code, "is no folder" in made.err) == (2, True)


def test_test_data_without_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Train and val are a data set; the test table is left out, and that is said."""
    for split in ("train", "val"):
        write(
            tmp_path / f"{split}.csv", "x,label\n" + lines(f"{i}.5,{c}" for i, c in enumerate(CATS))
        )
    write(tmp_path / "test.csv", "x\n" + lines(f"{i}.5" for i in range(50)))
    monkeypatch.chdir(tmp_path)
    made = run("init")
    assert made.code == 0, made.err
    assert sources(tmp_path) == [["train=train.csv", "val=val.csv"]]
    assert "left out test=test.csv" in made.err


def test_text_is_not_taken_for_labels(tmp_path: Path) -> None:
    """A column in which nearly every cell is another is asked about."""
    write(
        tmp_path / "labels.csv",
        "label\n" + lines(f"sentence {i if i < 40 else 40 + i % 20}" for i in range(240)),
    )
    made = run("init", tmp_path)
    assert "most of them with one sample" in made.err
    assert sources(tmp_path) == []


def test_an_id_is_left_out_and_that_is_said(tmp_path: Path) -> None:
    """Also where nothing else is found."""
    write(tmp_path / "labels.csv", "label\n" + lines(f"p{i}" for i in range(200)))
    made = run("init", tmp_path)
    assert made.code == 2
    assert "left out labels.csv" in made.err
    assert "that is an id" in made.err


def test_placeholders_are_not_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Declared, ``?`` would be a class like others and its rule silent."""
    write(tmp_path / "labels.csv", "label\n" + lines([*CATS, *["?"] * 12]))
    after = checked_after_init(tmp_path, monkeypatch)
    assert after.code == 0
    assert "IMB015" in after.out
    assert "classes" not in configured(tmp_path)


def test_many_rare_classes_do_not_drown_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The least share is lowered where every one of them would warn."""
    shutil.copy(SAMPLES / "articles.csv", tmp_path)
    after = checked_after_init(tmp_path, monkeypatch)
    assert after.code == 0
    assert "IMB002" not in after.out
    assert configured(tmp_path)["check"]["min-share"] == 0.0003


def test_the_sample_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight data sets and three questions; the check then finds what is wrong with one of them."""
    shutil.copytree(SAMPLES, tmp_path / "s")
    monkeypatch.chdir(tmp_path / "s")
    made = run("init")
    assert "8 data sets, and 3 questions to answer" in made.out
    assert "The rules find something now: 3 errors, 131 warnings, 2 notes." in made.out
    tables = ["articles.csv", "four_classes.csv", "messy.csv", "reviews.csv", "targets.csv"]
    assert sources(tmp_path / "s") == [*tables, "coco", "masks", "yolo"]
    after = run("check")
    assert after.code == 1
    errors = [line for line in after.out.splitlines() if " error: " in line]
    assert [line.partition(":")[0] for line in errors] == ["messy.csv"] * 3
    write(Path("messy.csv"), TABLE)
    assert run("check", "--dataset", "messy.csv", "--ignore", "IMB05").code == 0


def test_a_configuration_above_is_mentioned(tmp_path: Path) -> None:
    """The new one comes before it."""
    write(tmp_path / "imbweights.toml", 'source = "x.csv"\n')
    (tmp_path / "in").mkdir()
    table(tmp_path / "in")
    made = run("init", tmp_path / "in")
    assert made.code == 0
    assert "was in force here" in made.err


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    """The text that would be written goes to standard output."""
    table(tmp_path)
    shown = run("init", tmp_path, "--dry-run").out
    assert [path.name for path in tmp_path.iterdir()] == ["labels.csv"]
    assert run("init", tmp_path).code == 0
    assert (tmp_path / "imbweights.toml").read_text(encoding="utf-8") == shown


def test_names_that_are_odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Brackets, quotes and blanks are fine; a sign that names splits is asked about."""
    for name in ('a "b" [1].csv', "naïve 你.csv", "a=b.csv"):
        write(tmp_path / name, TABLE)
    after = checked_after_init(tmp_path, monkeypatch)
    assert after.code == 0, after.err
    assert sources(tmp_path) == ['a "b" [1].csv', "naïve 你.csv"]
