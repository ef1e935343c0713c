"""The report in a real browser: it works, stays silent, asks for nothing, and all can use it."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from report_cases import HOSTILE, SPELLED, write_hostile, write_many
from support import run

LARGEST = 3_000_000
SOURCES = {
    "classes": ("four_classes.csv",),
    "masks": ("masks", "--classes", "background,crack"),
    "labels": ("tags.csv", "--label", "tag_*"),
    "splits": ("yolo",),
    "sweep": ("anomaly.csv", "--label", "status", "--sweep"),
}


def report(tmp_path: Path, source: Path, *options: object) -> Path:
    """A page about the source."""
    path = tmp_path / "report.html"
    found = run("report", source, *options, "-o", path)
    assert found.code == 0, found.err
    return path


def hostile(tmp_path: Path) -> Path:
    """A page full of hostile names."""
    source = write_hostile(tmp_path / "hostile.csv")
    options = ("--label", "label", "--split", "split", "--separator", "none")
    return report(tmp_path, source, *options)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SOURCES)
def test_silent_alone_and_accessible(
    page: Any, samples: Path, tmp_path: Path, name: str, scheme: str
) -> None:
    """No word in the console, no request but for the page itself, nothing that keeps people out."""
    source, *options = SOURCES[name]
    path = report(tmp_path, samples / source, *options)
    page.open(path, scheme=scheme)
    assert page.accessibility_problems() == []
    page.find("input[name=scheme]#show-all").click()
    assert page.accessibility_problems() == []
    assert page.complaints() == []
    assert [url for url in page.requests() if not url.startswith("data:")] == [path.as_uri()]
    ground = page.run("return getComputedStyle(document.body).backgroundColor")
    light = sum(map(int, re.findall(r"\d+", ground)[:3])) > 3 * 128
    assert light == (scheme == "light")


@pytest.mark.parametrize("width", [360, 1100])
def test_no_wider_than_the_window(page: Any, samples: Path, tmp_path: Path, width: int) -> None:
    """Wide tables scroll on their own."""
    page.open(report(tmp_path, samples / "yolo"), width=width)
    assert page.run("return document.documentElement.scrollWidth <= innerWidth")


def test_sorting_with_the_keyboard(page: Any, samples: Path, tmp_path: Path) -> None:
    """A number sorts by its value, the largest first, a name by its letters; the state is told."""
    page.open(report(tmp_path, samples / "four_classes.csv"))
    names = "#class-table tbody th"
    assert page.texts(names) == ["A", "B", "C", "D"]
    button = page.find("#class-table th:nth-child(3) button")
    button.send_keys("\n")
    assert page.texts(names) == ["C", "B", "D", "A"]
    assert page.find("#class-table th:nth-child(3)").get_attribute("aria-sort") == "descending"
    button.send_keys(" ")
    assert page.texts(names) == ["A", "D", "B", "C"]
    page.find("#class-table th:nth-child(2) button").click()
    assert page.texts(names) == ["A", "B", "C", "D"]
    assert page.find("#class-table th:nth-child(3)").get_attribute("aria-sort") is None


def test_switches_choose_what_is_shown(page: Any, samples: Path, tmp_path: Path) -> None:
    """One scheme at a time with its weights, or all; one scale at a time."""
    page.open(report(tmp_path, samples / "four_classes.csv"))
    heads = "#weight-table thead th"
    assert [text.strip() for text in page.texts(heads)] == ["index", "class", "count", "balanced"]
    assert page.texts("#weight-table tbody tr:first-child td:last-of-type") == []
    page.find("input#show-s1").click()
    assert [text.strip() for text in page.texts(heads)][3:] == ["inverse"]
    assert [text.split(",")[0] for text in page.texts(".panel h3")] == ["Inverse frequency"]
    page.find("input#show-all").click()
    assert {"balanced", "inverse", "effective"} <= {text.strip() for text in page.texts(heads)}
    assert page.texts(".panel h3") == []
    page.find("input#scale-log").click()
    assert page.texts(".scale-linear text") == []
    assert "710" in page.texts(".scale-log text")


def test_copying_a_snippet(page: Any, samples: Path, tmp_path: Path) -> None:
    """The whole code of the framework is in the clipboard, and runs as Python."""
    page.open(report(tmp_path, samples / "four_classes.csv"))
    rights = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    page.driver.execute_cdp_cmd("Browser.grantPermissions", rights)
    button = page.find('.panel.s0 button[aria-label="Copy the code for PyTorch"]')
    button.click()
    copied = page.driver.execute_async_script(
        "const done = arguments[0];"
        "setTimeout(() => navigator.clipboard.readText().then(done, e => done(String(e))), 200);"
    )
    compile(copied, "copied", "exec")
    expected = run(
        "suggest", samples / "four_classes.csv", "--scheme", "balanced", "--for", "torch"
    )
    assert copied.strip() == expected.out.strip()
    assert button.text == "Copied"
    assert (
        page.find("[role=status]").get_attribute("textContent") == "The code for PyTorch is copied"
    )


def test_without_javascript_everything_is_there(page: Any, samples: Path, tmp_path: Path) -> None:
    """Tables, code, switches; only sorting, searching and copying are gone."""
    path = report(tmp_path, samples / "four_classes.csv")
    page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.open(path)
        assert page.driver.find_elements("css selector", "th button, .search, .code button") == []
        page.find("label:has(#show-s1)").click()
        shown = [e for e in page.driver.find_elements("css selector", ".panel") if e.is_displayed()]
        assert [e.find_element("css selector", "h3").text.split(",")[0] for e in shown] == [
            "Inverse frequency"
        ]
        shown[0].find_element("css selector", "summary").click()
        assert "import torch" in shown[0].find_element("css selector", "pre").text
    finally:
        page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hostile_names_are_text(page: Any, tmp_path: Path, scheme: str) -> None:
    """They run nothing, make no element, turn nothing round, and can be read."""
    page.open(hostile(tmp_path), scheme=scheme)
    expected = {SPELLED.get(name, name) for name in HOSTILE if len(name) < 100}
    assert expected <= set(page.texts("#class-table tbody th"))
    assert page.run("return document.images.length") == 0
    assert page.run("return document.scripts.length") == 1
    assert (
        page.run("return document.querySelectorAll('[onerror], [onmouseover], main b').length") == 0
    )
    whole = page.run("return document.documentElement.textContent")
    assert not {"\x1b", "\u202e"} & set(whole)
    assert page.complaints() == []
    assert page.accessibility_problems() == []


def test_a_thousand_classes(page: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Below 3 MB, sorted and searched; how long it takes to open is told, not judged."""
    source = write_many(tmp_path / "many.csv")
    path = report(tmp_path, source, "--label", "label", "--split", "split")
    assert path.stat().st_size < LARGEST
    start = time.perf_counter()
    page.open(path)
    with capsys.disabled():
        seconds = time.perf_counter() - start
        sys.stdout.write(f"\n{path.stat().st_size:,} bytes, opened in {seconds:.2f} s\n")
    box = page.find("#classes input[type=search]")
    box.send_keys("CLASS_09")
    assert len(page.texts("#class-table tbody th")) == 100
    assert page.find("#classes output").text == "100 of 1,000"
    page.find("#class-table thead th:nth-child(2) button").click()
    page.find("#class-table thead th:nth-child(2) button").click()
    assert page.texts("#class-table tbody th")[0] == "class_0999"
    assert page.complaints() == []
