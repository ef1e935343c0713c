"""``check`` and its surroundings: configuration files, paths, splits of tables, images, hints."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from PIL import Image
from support import lines, run, write

from imbweights import check
from imbweights.checking.schema import configuration_schema
from imbweights.core.errors import ImbweightsError
from imbweights.testing import assert_balanced

GOOD = "label\n" + lines(["cat"] * 20 + ["dog"] * 30)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a table that is fine."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    write(tmp_path / "ok.csv", GOOD)
    return tmp_path


# --- configuration


def test_of_two_configurations_the_other_is_named(folder: Path) -> None:
    """Else the stricter one beside is passed over in silence."""
    write(folder / "pyproject.toml", "[tool.imbweights.check]\nmin-count = 70\n")
    found = run("check", "ok.csv")
    assert (found.code, "note" in found.err) == (1, False)
    write(folder / "imbweights.toml", "[check]\nmax-drift = 0.1\n")
    found = run("check", "ok.csv")
    assert found.code == 0
    assert (
        "note: imbweights.toml holds; [tool.imbweights] of pyproject.toml beside it is not read"
        in found.err
    )
    assert f"Not read: [tool.imbweights] of {folder / 'pyproject.toml'}" in " ".join(
        run("config").out.split()
    )
    assert run("config", "--format", "json").json["passed_over"] == str(folder / "pyproject.toml")


@pytest.mark.parametrize("beside", ["[tool.ruff]\n", "no toml"])
def test_another_projects_file_is_no_configuration(folder: Path, beside: str) -> None:
    """A pyproject.toml without our table, or a broken one that is not read, is not worth a note."""
    write(folder / "pyproject.toml", beside)
    write(folder / "imbweights.toml", "[check]\nmax-drift = 0.1\n")
    assert "is not read" not in run("check", "ok.csv").err
    assert run("config", "--format", "json").json["passed_over"] is None


@pytest.mark.parametrize(
    ("table", "named"),
    [
        (
            '[[datasets]]\nsource = "ok.csv"\n[[datasets]]\nlabel = "x"\n',
            "data set 2 has no source",
        ),
        ('[[datasets]]\nname = "eyes"\n', "data set 'eyes' has no source"),
        ("[check]\nmin-count = 3\nmin_count = 70\n", "min-count and min_count are the same key"),
        ('ignore-label = "a"\nignore_label = "b"\n', "ignore-label and ignore_label are the same"),
    ],
)
def test_what_is_wrong_in_a_configuration_is_named(folder: Path, table: str, named: str) -> None:
    """The data set, and the key in two spellings."""
    write(folder / "imbweights.toml", table)
    found = run("check")
    assert found.code == 2
    assert named in found.err


@pytest.mark.parametrize(
    ("configuration", "valid"),
    [
        ({"ignore_label": "x", "check": {"min_count": 3}}, True),
        ({"check": {"min_count": 3, "min-count": 3}}, False),
        ({"as": "csv"}, True),
        ({"as": "cvs"}, False),
        ({"check": {"select": "IMB05, imb003", "ignore": ["IMB1"]}}, True),
        ({"check": {"select": "IMB9"}}, False),
        ({"check": {"ignore": ["IMB0031"]}}, False),
        ({"check": {"min_cuont": 3}}, False),
    ],
)
def test_the_schema_takes_what_the_program_takes(
    folder: Path, configuration: dict[str, Any], valid: bool
) -> None:
    """The same spellings, kinds of sources and beginnings of codes."""
    assert jsonschema.Draft7Validator(configuration_schema()).is_valid(configuration) is valid
    keys = [f"{k} = {json.dumps(v)}\n" for k, v in configuration.items() if k != "check"]
    checks = [f"{k} = {json.dumps(v)}\n" for k, v in configuration.get("check", {}).items()]
    write(folder / "imbweights.toml", "".join(['source = "ok.csv"\n', *keys, "[check]\n", *checks]))
    assert run("check").code == (0 if valid else 2)


# --- hints


def test_a_code_that_is_far_from_all_has_no_neighbour() -> None:
    """One sign may be a slip; IMB999 is none."""
    assert "did you mean" not in run("rule", "IMB999").err
    assert "did you mean IMB003?" in run("rule", "IMB0O3").err
    assert "did you mean" not in run("check", "--counts", "a=50,b=50", "--select", "IMB999").err


@pytest.mark.usefixtures("folder")
def test_levels_are_shown_how_and_taken_in_lists() -> None:
    """``--select`` takes comma lists, so does ``--level``."""
    found = run("check", "ok.csv", "--level", "IMB003")
    assert found.code == 2
    assert "CODE=LEVEL" in found.err
    wanted = ["check", "ok.csv", "--min-count", "70", "--max-ratio", "1", "--format", "json"]
    found = run(*wanted, "--level", "IMB003=warning,IMB004=note")
    levels = {each["code"]: each["level"] for each in found.json["datasets"][0]["findings"]}
    assert levels == {"IMB003": "warning", "IMB004": "note"}


@pytest.mark.parametrize("content", ["a,b\n1,2\n", '{"mine": 1}'])
def test_a_foreign_file_is_no_baseline_and_the_hint_is_another(folder: Path, content: str) -> None:
    """What was run just now is no advice."""
    write(folder / "b.json", content)
    found = run("check", "ok.csv", "--baseline", "b.json", "--write-baseline")
    assert found.code == 2
    assert "remove it, or name another file" in found.err
    assert (folder / "b.json").read_text(encoding="utf-8") == content


# --- where services look for files


def uris(sarif: Any) -> set[str]:
    """The files of all results."""
    results = sarif["runs"][0]["results"]
    return {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results}


@pytest.mark.parametrize("told", ["workspace", "git", "worktree"])
@pytest.mark.parametrize("configured", [False, True])
def test_files_are_named_from_the_top_of_the_repository(
    folder: Path, monkeypatch: pytest.MonkeyPatch, told: str, configured: bool
) -> None:
    """Run in a folder of it, by a path or by a configuration in the parent."""
    place = folder / "repo" / "sub"
    place.mkdir(parents=True)
    write(place / "l.csv", GOOD)
    if told == "workspace":
        monkeypatch.setenv("GITHUB_WORKSPACE", str(folder / "repo"))
    elif told == "git":
        (folder / "repo" / ".git").mkdir()
    else:
        write(folder / "repo" / ".git", "gitdir: elsewhere\n")
    if configured:
        write(folder / "repo" / "imbweights.toml", 'source = "sub/l.csv"\n')
    monkeypatch.chdir(place)
    asked = ["check", *([] if configured else ["l.csv"]), "--min-count", "70", "--format"]
    assert "::error file=sub/l.csv,title=IMB003" in run(*asked, "github").out
    assert uris(run(*asked, "sarif").json) == {"sub/l.csv"}


def test_without_a_repository_files_are_named_from_here(folder: Path) -> None:
    """Another workspace than this one means nothing; no path is absolute."""
    place = folder / "here"
    place.mkdir()
    absolute = ["check", folder / "ok.csv", "--min-count", "70", "--format"]
    assert "::error file=ok.csv,title" in run(*absolute, "github").out
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setenv("GITHUB_WORKSPACE", str(folder / "elsewhere"))
        assert uris(run(*absolute, "sarif").json) == {"../ok.csv"}


def test_a_summary_is_promised_only_where_there_is_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of more than ten findings the last annotation says where all are."""
    write(folder / "many.csv", "label\n" + lines([f"c{i % 12}" for i in range(24)]))
    found = run("check", "many.csv", "--format", "github")
    assert "lists all" in found.out
    assert "summary of this step" not in found.out
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    assert (
        "the summary of this step lists all" in run("check", "many.csv", "--format", "github").out
    )
    assert (folder / "summary.md").read_text(encoding="utf-8").count("IMB003") == 12


def test_a_line_end_in_a_name_is_spelled_out(folder: Path) -> None:
    """As every other form does, and the docs say."""
    write(folder / "odd.csv", 'label\n"line\nbreak"\n' + lines(["cat"] * 20))
    found = run("check", "odd.csv", "--format", "github")
    assert r'class "line\nbreak" has 1 sample' in found.out
    assert "%0A" not in found.out


# --- files that tables list


def table_of(kind: str, path: Path, rows: list[dict[str, str]]) -> Path:
    """The rows as CSV, JSON, JSON Lines or Parquet."""
    if kind == "json":
        return write(path.with_suffix(".json"), json.dumps(rows))
    if kind == "parquet":
        import duckdb

        source = write(path.with_suffix(".jsonl"), lines(map(json.dumps, rows)))
        target = path.with_suffix(".parquet")
        duckdb.execute(f"COPY (FROM read_json('{source}')) TO '{target}' (FORMAT parquet)")
        return target
    head = ",".join(rows[0])
    return write(path.with_suffix(".csv"), lines([head, *(",".join(r.values()) for r in rows)]))


def photos(numbers: range, column: str = "path", name: str = "img/{}.jpg") -> list[dict[str, str]]:
    """A row for each photo, its class by turns."""
    return [{column: name.format(i), "label": ("cat", "dog")[i % 2]} for i in numbers]


def codes(*arguments: object) -> list[str]:
    """``IMB023`` for each file in two splits."""
    found = run("check", *arguments, "--select", "IMB023", "--format", "json")
    return [each["code"] for each in found.json["datasets"][0]["findings"]]


@pytest.mark.parametrize("kind", ["csv", "json", "parquet"])
@pytest.mark.parametrize("column", ["path", "Image Path", "filename"])
def test_files_that_two_tables_list_are_found(folder: Path, kind: str, column: str) -> None:
    """Five photos of the second table are in the first, too."""
    train = table_of(kind, folder / "tr", photos(range(40), column))
    test = table_of(kind, folder / "te", photos(range(35, 60), column))
    assert codes(f"train={train}", f"test={test}") == ["IMB023"] * 5
    apart = table_of(kind, folder / "other", photos(range(40, 60), column))
    assert codes(f"train={train}", f"test={apart}") == []


@pytest.mark.parametrize("kind", ["csv", "json", "parquet"])
def test_files_of_a_split_column_are_found(folder: Path, kind: str) -> None:
    """The rows of the splits stand in one table."""
    rows = [{**row, "split": "train"} for row in photos(range(40))]
    rows += [{**row, "split": "test"} for row in photos(range(37, 60))]
    table = table_of(kind, folder / "all", rows)
    found = run("check", table, "--split", "split", "--label", "label", "--format", "json").json
    same = [f for f in found["datasets"][0]["findings"] if f["code"] == "IMB023"]
    assert [f["details"]["files"][0] for f in same] == [f"img/{i}.jpg" for i in (37, 38, 39)]
    assert same[0]["where"]["file"] == "img/37.jpg"


def test_the_same_name_in_two_folders_is_another_file(folder: Path) -> None:
    """Paths are meant from the folder of the table."""
    for split, first in (("train", 0), ("test", 1)):
        (folder / split).mkdir()
        table_of("csv", folder / split / "labels", photos(range(first, 20)))
    assert codes("train=train/labels.csv", "test=test/labels.csv") == []


def test_files_beside_a_table_are_called_by_the_way_to_them(folder: Path) -> None:
    """So that an annotation finds them; copies are found by their bytes, whatever they are called."""
    (folder / "data" / "img").mkdir(parents=True)
    for i in range(20):
        write(folder / "data" / "img" / f"{i}.jpg", f"photo {i % 19}")
    table_of("csv", folder / "data" / "tr", photos(range(10)))
    table_of("csv", folder / "data" / "te", photos(range(10, 20)))
    wanted = ["check", "train=data/tr.csv", "test=data/te.csv", "--select", "IMB023"]
    [found] = run(*wanted, "--format", "json").json["datasets"][0]["findings"]
    assert found["details"]["files"] == [f"data/img/{i}.jpg" for i in (0, 19)]
    assert "::error file=data/img/" in run(*wanted, "--format", "github").out


def test_paths_from_here_are_one_file(folder: Path) -> None:
    """Where the first of them lie here and not beside the tables."""
    (folder / "img").mkdir()
    for i in range(20):
        write(folder / "img" / f"{i}.jpg", f"photo {i}")
    for split, first in (("train", 0), ("test", 1)):
        (folder / split).mkdir()
        table_of("csv", folder / split / "labels", photos(range(first, 20)))
    assert codes("train=train/labels.csv", "test=test/labels.csv") == ["IMB023"] * 19


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(photos(range(40), name="log.txt"), id="rows of one document"),
        pytest.param(photos(range(40), name="{}"), id="numbers"),
        pytest.param(photos(range(40), column="text"), id="another name"),
    ],
)
def test_what_is_no_file_is_none(folder: Path, rows: list[dict[str, str]]) -> None:
    """Else every split of rows of a document would be wrong."""
    train = table_of("csv", folder / "tr", rows)
    test = table_of("csv", folder / "te", rows[1:])
    assert codes(f"train={train}", f"test={test}", "--label", "label") == []


# --- images of masks


def masks_and_images(folder: Path, masks: int, images: int) -> tuple[Path, Path]:
    """Masks of two classes, the first of them with images."""
    for name in ("m", "i"):
        (folder / name).mkdir()
    for i in range(masks):
        pixels = np.arange(16, dtype=np.uint8).reshape(4, 4) % 2
        Image.fromarray(pixels).save(folder / "m" / f"{i:02}.png")
        if i < images:
            Image.fromarray(pixels * 9).save(folder / "i" / f"{i:02}.png")
    return folder / "m", folder / "i"


def test_masks_without_an_image_are_counted(folder: Path) -> None:
    """On the screen and in the JSON; all of them with one means no note."""
    masks, images = masks_and_images(folder, 12, 3)
    found = run("check", "m", "--images", "i", "--format", "json")
    [remark] = found.json["datasets"][0]["remarks"]
    assert (remark["code"], remark["number"], remark["of"]) == ("IMB033", 9, 12)
    assert "9 of 12 masks (75 %) have no image there, such as m/03.png" in found.err
    for path in list(masks.iterdir()):
        if not (images / path.name).exists():
            path.unlink()
    found = run("check", "m", "--images", "i", "--format", "json")
    assert found.json["datasets"][0]["remarks"] == []
    assert "no image" not in found.err


def test_images_of_data_that_are_no_masks(folder: Path) -> None:
    """A note; the rule is skipped, and that is in the JSON, too."""
    found = run("check", "ok.csv", "--images", folder, "--format", "json")
    assert "are not looked at, since the data are no masks" in found.err
    assert "IMB033" in {each["code"] for each in found.json["datasets"][0]["skipped"]}


# --- splits from Python


def splits_of(folder: Path) -> None:
    """Two tables; ``fish`` is in the second alone."""
    write(folder / "d1.csv", "label\n" + lines(["cat"] * 40 + ["dog"] * 40))
    write(folder / "d2.csv", "label\n" + lines(["cat"] * 20 + ["dog"] * 20 + ["fish"] * 20))


@pytest.mark.parametrize(
    "given",
    [
        {"train": "d1.csv", "val": "d2.csv"},
        {"train": Path("d1.csv"), "val": "d2.csv"},
        ["train=d1.csv", "val=d2.csv"],
        ("train=d1.csv", "val=d2.csv"),
        {
            "train": ["cat"] * 40 + ["dog"] * 40,
            "val": np.array(["cat"] * 20 + ["dog"] * 20 + ["fish"] * 20),
        },
    ],
)
def test_splits_are_checked_from_python(folder: Path, given: Any) -> None:
    """By path and by labels; ``fish`` is not in training."""
    splits_of(folder)
    assert "IMB022" in check(given).codes
    with pytest.raises(AssertionError, match="IMB022"):
        assert_balanced(given)


def test_a_list_of_files_is_one_data_set(folder: Path) -> None:
    """200 rows in all, not two classes called after files."""
    splits_of(folder)
    [found] = check(["d1.csv", "d2.csv"]).sets
    assert (found.samples, found.classes) == (140, 3)


def test_labels_stay_labels(folder: Path) -> None:
    """Though folders and files here have their names; counts stay counts."""
    for name in ("cat", "dog"):
        (folder / name).mkdir()
    write(folder / "fish", "x")
    assert check(["cat", "dog"]).sets[0].classes == 2
    assert check(["fish"] * 30 + ["cat"] * 30).sets[0].samples == 60
    assert check(["a=1", "b=2"]).sets[0].samples == 2
    assert check({"a": 50, "b": np.int64(30)}).sets[0].samples == 80


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"train": "d1.csv", "val": ["cat"]}, "some values of the mapping are paths"),
        ({"train": 5, "val": ["cat"]}, "some are lists"),
        ({"two words": "d1.csv"}, "no name of a split"),
        ({"train": "d1.csv", "val": "d9.csv"}, "d9.csv: no such file"),
        (["train=d1.csv", "val=d9.csv"], "d9.csv: no such file"),
        (["d1.csv", "d9.csv"], "d9.csv: no such file"),
        (["train=d8.csv", "val=d9.csv"], "d8.csv: no such file"),
    ],
)
def test_what_cannot_be_splits_is_refused(folder: Path, given: Any, words: str) -> None:
    """And not counted as labels."""
    splits_of(folder)
    with pytest.raises(ImbweightsError, match=words):
        check(given)


# --- init


def test_a_class_with_one_sample_is_asked_about(folder: Path) -> None:
    """It may be a slip: the threshold is not lowered to it, and the baseline is written."""
    write(folder / "ok.csv", "label\n" + lines(["Cat"] + ["cat"] * 600 + ["dog"] * 300))
    made = run("init")
    assert made.code == 0
    assert 'is that meant? ok.csv: class "Cat" has 1 sample' in made.err
    assert 'is that meant? ok.csv: classes "Cat", "cat" differ only by case' in made.err
    text = (folder / "imbweights.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["check"]["min-count"] == 2
    assert text.count("# Is that meant? ") == 2
    assert (folder / "imbweights-baseline.json").exists()
    found = run("check", "--format", "json")
    assert found.code == 1
    assert {each["code"] for each in found.json["datasets"][0]["findings"]} >= {"IMB003", "IMB013"}


def test_a_long_tail_of_annotations_warns(folder: Path) -> None:
    """A COCO set keeps the usual threshold; what is rare there does not stop the check."""
    (folder / "ok.csv").unlink()
    boxes = [
        {"id": i, "image_id": i, "category_id": 1 + (i == 0), "bbox": [0, 0, 4, 4], "area": 16}
        for i in range(30)
    ]
    images = [{"id": i, "file_name": f"{i}.jpg", "width": 9, "height": 9} for i in range(30)]
    names = [{"id": 1, "name": "cow"}, {"id": 2, "name": "yak"}]
    written = {"images": images, "annotations": boxes, "categories": names}
    write(folder / "instances.json", json.dumps(written))
    assert run("init").code == 0
    made = tomllib.loads((folder / "imbweights.toml").read_text(encoding="utf-8"))
    assert made["check"] == {"levels": {"IMB003": "warning"}}
    found = run("check", "--format", "json")
    levels = {each["code"]: each["level"] for each in found.json["datasets"][0]["findings"]}
    assert (found.code, levels["IMB003"]) == (0, "warning")
