"""Bad input exits 2 with one clear message, or answers sensibly; never with a traceback."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from support import Run, run, write

LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:4cac19622fc3\nsize 335830\n"


def refused(*arguments: object, stdin: bytes = b"") -> Run:
    """Run a command that must refuse."""
    found = run(*arguments, stdin=stdin)
    assert found.code == 2, found
    assert found.out == ""
    assert found.err.startswith("error: ")
    assert "Traceback" not in found.err
    return found


@pytest.mark.parametrize("command", ["analyze", "suggest"])
def test_missing_file(tmp_path: Path, command: str) -> None:
    """With the name that was probably meant."""
    write(tmp_path / "labels.csv", "label\na\n")
    assert "label.csv: no such file\ndid you mean labels.csv?" in refused(command, "label.csv").err


def test_folders(tmp_path: Path) -> None:
    """An empty one, and one with files."""
    (tmp_path / "empty").mkdir()
    assert "a folder with no files" in refused("analyze", "empty").err
    (tmp_path / "full").mkdir()
    write(tmp_path / "full" / "a.csv", "label\na\n")
    assert str(Path("full", "a.csv")) in refused("analyze", "full").err


def test_nothing_matches() -> None:
    """A glob without files."""
    assert "no file matches *.parquet" in refused("analyze", "*.parquet").err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "holds no"),
        (b"id,label\n", "holds no labels"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "is no image that can be read"),
        (b"\xff\xd8\xff\xe0" + bytes(99), "is a JPEG image"),
        (b"%PDF-1.7\n", "is a PDF document"),
        (b"PK\x03\x04" + bytes(range(256)), "is a binary file"),
        (bytes(range(256)) * 8, "is a binary file"),
        (b"id,label\n1,\n2,\n", "there is not one label (2 missing)"),
        (LFS.encode(), "is a Git LFS pointer"),
        (b"\x1f\x8b\x08\x00garbage", "damaged gzip"),
        (b"@relation x\n@attribute a numeric\n@data\n", "holds no rows below @data"),
        (b"imbweights", "may be a header or data"),
    ],
)
def test_files_without_labels(tmp_path: Path, content: bytes, message: str) -> None:
    """Each named for what it is."""
    write(tmp_path / "a.csv", content)
    assert message in refused("analyze", "a.csv").err


def test_damaged_zstd(tmp_path: Path) -> None:
    """Named as such."""
    write(tmp_path / "a.csv.zst", b"\x28\xb5\x2f\xfd" + b"garbage" * 9)
    assert "damaged zstd" in refused("analyze", "a.csv.zst").err


def test_a_git_lfs_pointer_with_another_suffix(tmp_path: Path) -> None:
    """Not three labels."""
    write(tmp_path / "x.label", LFS)
    assert "git lfs pull" in refused("analyze", "x.label").err


def test_unknown_column_and_kind(samples: Path) -> None:
    """With what there is."""
    four = samples / "four_classes.csv"
    assert (
        "no column 'lable' among its 2\ndid you mean 'label'?"
        in refused("analyze", four, "--label", "lable").err
    )
    assert "unknown kind 'parket'" in refused("analyze", four, "--as", "parket").err
    for kind in ("parquet", "npy", "npz", "mat", "json", "analysis"):
        assert "four_classes.csv" in refused("analyze", four, "--as", kind).err


def test_unreadable_permissions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said, with the file's name."""
    path = write(tmp_path / "a.csv", "label\na\n")
    path.chmod(0)
    if os.access(path, os.R_OK):  # root, and Windows, may read everything

        def denied(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", denied)
    assert "a.csv: cannot be read (Permission denied)" in refused("analyze", "a.csv").err
    path.chmod(stat.S_IRWXU)


def test_devices_are_not_files() -> None:
    """Reading /dev/zero would never end."""
    if not Path("/dev/zero").exists():
        pytest.skip("no /dev/zero here")
    assert "is a device" in refused("analyze", "/dev/zero").err


def test_one_class_only(tmp_path: Path) -> None:
    """A sensible answer."""
    write(tmp_path / "a.csv", "label\na\na\n")
    assert run("analyze", "a.csv").out.startswith('Only one class: every label is "a".')


def test_a_label_of_10_kilobytes(tmp_path: Path) -> None:
    """Shown short, counted whole."""
    write(tmp_path / "a.csv", "label\n" + f"{'x' * 10_240}\nb\n" * 2)
    found = run("analyze", "a.csv")
    assert found.code == 0
    assert max(map(len, found.out.splitlines())) <= 80
    saved = run("analyze", "a.csv", "--format", "json").json
    assert len(saved["classes"][1]["name"]) == 10_240


HOSTILE = {
    "[bold red]x[/]": "[bold red]x[/]",
    "[/nonsense]": "[/nonsense]",
    "\x1b[31mred\x1b[0m": "\\x1b[31mred\\x1b[0m",
    "\u202eevil": "\\u202eevil",
    "a\tb": "a\\tb",
    ":smile:": ":smile:",
}


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_are_text(tmp_path: Path, label: str) -> None:
    """Rich markup, escapes and direction marks are shown, not obeyed, in both commands."""
    write(tmp_path / "a.csv", "label\n" + f'"{label}"\nb\nb\nb\n' * 9)
    for command in (("analyze",), ("suggest",), ("suggest", "--scheme", "inverse")):
        found = run(*command, "a.csv")
        assert found.code == 0
        assert "\x1b" not in found.out
        assert "\u202e" not in found.out
    assert HOSTILE[label] in run("analyze", "a.csv").out
    error = run("analyze", "a.csv", "--classes", "b")
    assert "\x1b" not in error.err
    assert error.code == 2


@pytest.mark.parametrize("label", ["=1+1", "@sum", "+cmd", "-x"])
def test_csv_output_holds_no_formula(tmp_path: Path, label: str) -> None:
    """Spreadsheets would run it; negative numbers stay numbers."""
    write(tmp_path / "a.csv", f"label\n{label}\n-1\n{label}\n-1\n")
    rows = run("analyze", "a.csv", "--format", "csv").out.splitlines()
    assert any(f",'{label}," in row for row in rows)
    assert any(",-1," in row for row in rows)


def test_markdown_output_is_escaped(tmp_path: Path) -> None:
    """Pipes, tags and stars of a label stay in their cell."""
    write(tmp_path / "a.csv", "label\n<b>x|*y*</b>\nb\nb\n")
    out = run("analyze", "a.csv", "--format", "markdown").out
    assert r"| &lt;b&gt;x\|\*y\*&lt;/b&gt; |" in out


def test_sources_that_exclude_each_other(samples: Path) -> None:
    """One source only."""
    both = refused("analyze", samples / "four_classes.csv", "--counts", "a=1")
    assert "name one source" in both.err


def test_a_terminal_that_knows_only_ascii(samples: Path) -> None:
    """Bars and signs have plain stand-ins; nothing crashes."""
    found = run("analyze", samples / "four_classes.csv", encoding="ascii")
    assert found.code == 0
    assert "####" in found.out


def test_a_class_list_that_is_no_text(tmp_path: Path) -> None:
    """Named, with the byte."""
    write(tmp_path / "a.csv", "label\na\nb\n")
    write(tmp_path / "classes.txt", "café".encode("latin-1"))
    assert (
        "classes.txt: is not UTF-8 text (byte 3)"
        in refused("analyze", "a.csv", "--classes", "classes.txt").err
    )
