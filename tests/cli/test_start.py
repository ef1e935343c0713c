"""What is loaded to answer, and that answering fast is answering right."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main
from support import run

from imbweights.cli.app import build_app
from imbweights.cli.commands import COMMANDS
from imbweights.cli.front_page import OPTIONS, front_page
from imbweights.core.options import LabelOptions
from imbweights.render.view import View
from imbweights.sources import SOURCES
from imbweights.sources.base import InputFile
from imbweights.sources.opening import opened

ROOT = Path(__file__).parents[2]
LABELS = str(ROOT / "sample_data/four_classes.csv")
_LOADED = (
    "import atexit, sys\n"
    "atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))\n"
    "from imbweights.cli import main\nmain(sys.argv[1:])"
)


def loaded(*arguments: str) -> set[str]:
    """The modules that a command has loaded when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    found = set(done.stderr.split())
    assert "imbweights.cli" in found
    return found


def test_the_first_answers_load_no_command_line_library() -> None:
    """The version needs no Rich; the front page needs no Typer."""
    assert not {"typer", "numpy", "rich"} & loaded("--version")
    assert not {"typer", "numpy", "duckdb"} & loaded("--help")


def test_a_small_table_is_counted_without_validators_and_other_readers() -> None:
    """Each of these takes longer to load than the table to count."""
    found = loaded("analyze", LABELS, "--no-cache")
    assert "imbweights.sources.delimited" in found
    ours = {"coco", "masks", "voc", "nifti", "arff", "class_folders", "yolo"}
    assert not {f"imbweights.sources.{name}" for name in ours} & found
    assert not {"pydantic", "msgspec", "pandas", "imbweights.suggestions"} & found


def test_the_front_page_lists_what_there_is() -> None:
    """Every option that Typer takes, every command."""
    page = front_page(View(width=80))
    group: Any = typer.main.get_command(build_app())
    with typer.main.get_command(build_app()).make_context(
        "imbweights", [], resilient_parsing=True
    ) as ctx:
        options = {name for p in group.get_params(ctx) if not p.hidden for name in p.opts}
    assert options == {name for names in OPTIONS for name in names.split(", ")}
    for name in [*options, *COMMANDS]:
        assert f" {name} " in page.replace(",", " ")
    assert max(map(len, page.splitlines())) <= 80


@pytest.mark.parametrize("asked", [["--help"], ["-h"], []])
def test_the_front_page_is_the_same_however_it_is_asked_for(asked: list[str]) -> None:
    """With and without an option."""
    result = run(*asked)
    assert result.out == front_page(View(width=80))
    assert result.code == (0 if asked else 2)


def test_a_screen_without_box_signs_gets_plain_ones() -> None:
    """As in a C locale."""
    assert front_page(View(width=80, unicode=False)).isascii()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--jobs", "0"], "equal to 1|x>=1"),
        (["--jobs", "two"], "valid int"),
        (["--format", "jsn"], "Did you mean 'json'?"),
        (["--class-order", "size"], "'size' is not one of"),
    ],
)
def test_what_has_to_be_validated_still_is(options: list[str], words: str) -> None:
    """Numbers and choices."""
    result = run("analyze", LABELS, *options)
    assert result.code == 2
    assert re.search(words, result.err)  # in the words of this Typer or an older one


def test_what_is_given_arrives() -> None:
    """Text, lists of text, flags, choices, numbers."""
    plain = run("analyze", LABELS, "--format", "csv")
    given = run(
        "analyze",
        LABELS,
        "--format",
        "csv",
        "--jobs",
        "1",
        "--class-order",
        "count",
        "--ignore-label",
        "A",
        "--ignore-label",
        "C",
        "--header",
    )
    assert [row.split(",")[1] for row in plain.out.splitlines()[1:]] == ["A", "B", "C", "D"]
    assert [row.split(",")[1] for row in given.out.splitlines()[1:]] == ["B", "D"]


@pytest.mark.parametrize("folder", ["sample_data", "tests/data"])
def test_no_reader_is_passed_over_that_knows_the_file(folder: str) -> None:
    """What ``may_be`` rules out, the reader itself does not know."""
    options = LabelOptions()
    asked = 0
    paths = [str(p) for p in (ROOT / folder).rglob("*") if p.is_file() and p.stat().st_size]
    with opened(tuple(paths)) as items:
        for _, file in items:
            assert isinstance(file, InputFile)
            for kind in SOURCES.values():
                if not kind.explicit and not kind.may_be(file):
                    asked += 1
                    assert not kind.load().recognises(file, options), (kind.name, file.name)
    assert asked


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp037"])
def test_a_file_in_another_encoding_is_known_as_before(tmp_path: Path, encoding: str) -> None:
    """Signs are looked for in bytes, and an encoding may have others."""
    """What ``may_be`` rules out, the reader itself does not know."""
    """Text, lists of text, flags, choices, numbers."""
    """Numbers and choices."""
    """As in a C locale."""
    """With and without an option."""
    """Every option that Typer takes, every command."""
    """Each of these takes longer to load than the table to count."""
    """The version needs no Rich; the front page needs no Typer."""
    text = "".join(f"{i % 3} 1:0.5 7:1\n" for i in range(40))
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    option = ["--encoding", encoding] if encoding == "cp037" else []
    result = run("analyze", str(tmp_path / "a.txt"), *option, "--format", "csv")
    assert result.out.splitlines()[1].split(",")[1:3] == ["0", "14"], result.err
