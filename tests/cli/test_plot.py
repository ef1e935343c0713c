"""``imbweights plot``: files, refusals, and what is said beside them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support import run, write

SVG, PNG, PDF = b"<?xml", b"\x89PNG", b"%PDF"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--kind", "bar", "four_classes.csv"],
        ["--kind", "splits", "coco"],
        ["--kind", "weights", "four_classes.csv", "--scheme", "balanced,log"],
        ["--kind", "cooccurrence", "tags.csv", "--label", "tag_*"],
    ],
    ids=lambda arguments: arguments[1],
)
def test_each_kind_in_each_form(arguments: list[str], samples: Path, tmp_path: Path) -> None:
    """Three files at once; nothing on standard output, a line per file beside it."""
    given = [str(samples / a) if (samples / a).exists() else a for a in arguments]
    done = run("plot", *given, "-o", "a.svg", "-o", "a.png", "-o", "a.pdf", "--no-cache")
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines() == ["note: wrote a.svg", "note: wrote a.png", "note: wrote a.pdf"]
    for name, start in (("a.svg", SVG), ("a.png", PNG), ("a.pdf", PDF)):
        assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a file: -o classes.svg"),
        (["-o", "a.jpg"], "must end in .svg, .png or .pdf"),
        (["-o", "missing/a.svg"], "there is no folder missing"),
        (["-o", "a.svg", "--kind", "bras"], "did you mean bar?"),
        (["-o", "a.svg", "--kind", "splits"], "has no splits"),
        (["-o", "a.svg", "--kind", "cooccurrence"], "rows with several labels"),
        (["-o", "a.svg", "--kind", "cooccurrence", "--log"], "--log and --linear mean nothing"),
        (["-o", "a.svg", "--scheme", "log"], "--scheme goes with --kind weights"),
        (["-o", "a.svg", "--normalize", "sum1"], "--normalize goes with --kind weights"),
        (["-o", "a.svg", "--empty", "zero"], "--empty goes with --kind weights"),
        (["-o", "a.svg", "--use-split", "all"], "--use-split goes with --kind weights"),
        (["-o", "a.svg", "--top", "0"], "--top must be between 1 and 200"),
        (["-o", "a.svg", "--width", "99"], "--width must be between 2 and 60 inches"),
        (["-o", "a.svg", "--kind", "weights", "--scheme", "blanced"], "did you mean balanced?"),
    ],
)
def test_what_is_refused(arguments: list[str], message: str, tmp_path: Path) -> None:
    """With status 2, a hint, and no file."""
    done = run("plot", "--counts", "A=3,B=1", *arguments, "--no-cache")
    assert done.code == 2
    assert message in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_title_of_ones_own(tmp_path: Path) -> None:
    """Instead of the sentence; an empty one leaves out the source, too."""
    run("plot", "--counts", "A=3,B=1", "--title", "Mine $1", "-o", "a.svg", "--no-cache")
    own = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert ">Mine $1<" in own
    assert "the given counts" in own
    run("plot", "--counts", "A=3,B=1", "--title", "", "-o", "b.svg", "--no-cache")
    none = (tmp_path / "b.svg").read_text(encoding="utf-8")
    assert "the given counts" not in none


def test_a_png_does_not_go_among_masks(samples: Path, tmp_path: Path) -> None:
    """It would be counted the next time; an SVG would not, and may be written again."""
    masks = tmp_path / "masks"
    masks.mkdir()
    for path in sorted((samples / "masks").iterdir())[:3]:
        write(masks / path.name, path.read_bytes())
    bad = run("plot", masks, "-o", masks / "classes.png", "--no-cache")
    assert bad.code == 2
    assert "would be data the next time" in bad.err
    for _ in range(2):
        assert run("plot", masks, "-o", masks / "classes.svg", "--no-cache").code == 0


def test_a_run_of_its_own_is_silent(tmp_path: Path) -> None:
    """No warning of a font, a cache or a deprecation comes through, in a fresh process."""
    write(tmp_path / "a.csv", "label,x\n日本語,1\n🐈,2\n🐈,3\n$x$,4\n")
    command = [sys.executable, "-W", "error", "-m", "imbweights", "plot", "a.csv"]
    done = subprocess.run(
        [*command, "--label", "label", "-o", "a.png", "--no-cache"],
        capture_output=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout == b""
    assert done.stderr.decode().splitlines() == ["note: wrote a.png"]
