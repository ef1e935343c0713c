"""``imbweights report`` from the command line: files, options, exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
import sweep_results
from report_cases import write_hostile, write_volume
from support import run, write

from imbweights.cli import sweeping


def test_the_default_is_report_html_here(samples: Path, tmp_path: Path) -> None:
    """The answer goes to standard output, where the page is to standard error."""
    found = run("report", samples / "four_classes.csv")
    assert found.code == 0
    assert found.out.startswith("Mild imbalance: C has 3.6 times as many samples as A.\n")
    assert "wrote report.html" in found.err
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>\n<!-- imbweights report -->\n<html")
    assert run("report", samples / "four_classes.csv").code == 0


def test_a_page_of_somebody_else_stays(samples: Path, tmp_path: Path) -> None:
    """Unless it is named."""
    write(tmp_path / "report.html", "<p>mine</p>")
    found = run("report", samples / "four_classes.csv")
    assert found.code == 2
    assert "was not written by imbweights" in found.err
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == "<p>mine</p>"
    assert run("report", samples / "four_classes.csv", "-o", "report.html").code == 0


def test_several_forms_in_one_run(samples: Path, tmp_path: Path) -> None:
    """Told by their names; the title is on both."""
    options = ("--title", "Cracks <1>", "--classes", "background,crack")
    found = run("report", samples / "masks", *options, "-o", "a.html", "-o", "a.md")
    assert found.code == 0, found.err
    assert "<h1>Cracks &lt;1&gt;</h1>" in (tmp_path / "a.html").read_text(encoding="utf-8")
    markdown = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert markdown.startswith("# Cracks &lt;1&gt;\n")


def test_splits_of_several_files(tmp_path: Path) -> None:
    """And the command that made it stands at its end."""
    write(tmp_path / "a.csv", "label\n" + "x\n" * 30 + "y\n" * 20)
    write(tmp_path / "b.csv", "label\n" + "x\n" * 3)
    found = run("report", "train=a.csv", "val=b.csv", "-o", "out.html")
    assert found.code == 0, found.err
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "imbweights report train=a.csv val=b.csv" in page
    assert "Absent from val: y." in page


def test_counts_without_data(tmp_path: Path) -> None:
    """A page about numbers that were typed."""
    assert run("report", "--counts", "A=198,B=436,C=710,D=272").code == 0
    assert "2.040404" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert run("report", "--ratio", "60:1").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-o", "report.pdf"), "must end in .html or .md"),
        (("-o", "no/report.html"), "there is no folder no"),
        (("--use-split", "test"), "there is no such split"),
        (("--images", "nowhere"), "nowhere"),
    ],
)
def test_wrong_usage_is_2(samples: Path, arguments: tuple[str, ...], message: str) -> None:
    """Before anything is written."""
    source = samples / "masks"
    found = run("report", source, "--classes", "background,crack", *arguments)
    assert found.code == 2
    assert message in found.err
    assert not Path("report.html").exists()


def test_findings_do_not_fail(tmp_path: Path) -> None:
    """A page about bad data is a good page."""
    source = write_hostile(tmp_path / "a.csv")
    options = ("--label", "label", "--separator", "none")
    assert run("check", source, *options, "--min-count", "10000").code == 1
    assert run("report", source, *options).code == 0


def test_the_source_is_not_overwritten(tmp_path: Path) -> None:
    """Whatever it is called."""
    write(tmp_path / "a.md", "label\nx\ny\n")
    found = run("report", "a.md", "-o", "a.md")
    assert found.code == 2
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == "label\nx\ny\n"


def test_counts_cannot_be_swept() -> None:
    """There are no rows."""
    found = run("report", "--counts", "A=1,B=2", "--sweep")
    assert found.code == 2
    assert "holds counts" in found.err


def write_config(folder: Path) -> None:
    """Two data sets, one of them with settings of its own."""
    write(folder / "a.csv", "label\n" + "x\n" * 30 + "y\n" * 20)
    write(folder / "b.csv", "kind\n" + "p\n" * 30 + "q\n" * 10)
    write(
        folder / "imbweights.toml",
        '[[datasets]]\nname = "first"\nsource = "a.csv"\n'
        '[[datasets]]\nname = "second"\nsource = "b.csv"\nlabel = "kind"\n',
    )


def test_one_data_set_of_the_configuration(tmp_path: Path) -> None:
    """Named with --dataset; without it both are listed."""
    write_config(tmp_path)
    found = run("report")
    assert found.code == 2
    assert "choose one with --dataset: first, second" in found.err
    found = run("report", "--dataset", "second")
    assert found.code == 0, found.err
    assert "p has 3 times as many samples as q" in found.out
    found = run("report", "--dataset", "secnd")
    assert found.code == 2
    assert "did you mean second?" in found.err
    found = run("report", "a.csv", "--dataset", "first")
    assert found.code == 2
    assert "a source is named" in found.err


@pytest.mark.parametrize("source", [("a.csv",), ("--counts", "x=1,y=2"), ("v.nii",)])
def test_images_for_what_has_no_masks_are_refused(source: tuple[str, ...], tmp_path: Path) -> None:
    """An option that would do nothing."""
    write(tmp_path / "a.csv", "label\nx\ny\n")
    write_volume(tmp_path / "v.nii")
    found = run("report", *source, "--images", tmp_path)
    assert found.code == 2
    assert "--images" in found.err
    assert not Path("report.html").exists()


def test_images_of_the_configuration_that_mean_nothing_are_told(tmp_path: Path) -> None:
    """The configuration may be about more than this page."""
    write(tmp_path / "a.csv", "label\nx\ny\n")
    write(tmp_path / "imbweights.toml", '[check]\nimages = "."\n')
    found = run("report", "a.csv")
    assert found.code == 0
    assert "are not looked at, since the data are no masks" in found.err


def test_an_interrupted_sweep_writes_no_page(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """130, and the page of before stays."""
    monkeypatch.setattr(sweeping, "sweep_source", lambda *given: sweep_results.interrupted())
    write(tmp_path / "out.html", "before")
    source = (samples / "anomaly.csv", "--label", "status")
    found = run("report", *source, "--sweep", "-o", "out.html", "-o", "out.md")
    assert found.code == 130
    assert found.out == ""
    assert "no page was written" in found.err
    assert (tmp_path / "out.html").read_text(encoding="utf-8") == "before"
    assert not (tmp_path / "out.md").exists()


def test_the_command_at_its_end_is_the_whole_command(samples: Path, tmp_path: Path) -> None:
    """With the options that are of this command."""
    options = ("--title", "A <b>", "--use-split", "all", "--empty", "max")
    found = run("report", samples / "yolo", *options, "-o", "out.html")
    assert found.code == 0, found.err
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "--title &#39;A &lt;b&gt;&#39; --use-split all --empty max</code>" in page


def test_the_same_file_twice_is_one() -> None:
    """Written once, said once."""
    found = run("report", "--counts", "x=1,y=2", "-o", "a.html", "-o", "a.html")
    assert found.code == 0
    assert found.err.count("wrote") == 1
