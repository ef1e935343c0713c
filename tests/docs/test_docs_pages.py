"""Every block of code in ``docs/`` runs, and prints what stands below it."""

from __future__ import annotations

import doctest
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from doc_code import FRAMEWORKS as IMPORTS_A_FRAMEWORK
from doc_code import run_page
from docs_running import DOCS, Block, blocks, pages, run_command, sample_folder

from imbweights.checking.schema import configuration_schema

# Page → the test that runs all of it, with the files and programs that it needs.
ELSEWHERE = {
    "ci.md": Path(__file__).with_name("test_ci.py"),
    "cluster.md": Path(__file__).parents[1] / "cluster" / "test_cluster_page.py",
}
PAGES = [page for page in pages() if page.name not in ELSEWHERE]


def name(page: Path) -> str:
    """What a page is called below ``docs/``."""
    return page.relative_to(DOCS).as_posix()


def runs(block: Block) -> None:
    """Shell lines work: exit status 0, or 1 of a command that has found something."""
    for line in block.text.splitlines():
        code, _, err = run_command(line)
        assert code in {0, 1}, (line, err)


def shows(block: Block) -> None:
    """Screens are as printed, to the letter; nothing stands outside of them."""
    assert "".join(f"$ {command}\n{screen}" for command, screen in block.steps) == block.text
    for command, screen in block.steps:
        code, out, err = run_command(command)
        assert code in {0, 1}, (command, err)
        assert out == screen, command


def is_session(block: Block) -> None:
    """A Python session runs alone."""
    test = doctest.DocTestParser().get_doctest(block.text, {}, "session", None, None)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=said.append)
    assert test.examples
    assert not said, "".join(said)


def is_configuration(block: Block) -> None:
    """TOML; what is for us keeps to the published schema."""
    data = tomllib.loads(block.text)
    ours = data.get("tool", {}).get("imbweights")
    if ours is not None:
        jsonschema.validate(ours, configuration_schema())


def is_yaml(block: Block) -> None:
    """YAML."""
    assert list(yaml.safe_load_all(block.text))


def is_json(block: Block) -> None:
    """JSON."""
    json.loads(block.text)


def elsewhere(block: Block) -> None:
    """Nothing to run, or run by another test: see below, and ``tests/frameworks``."""
    del block


KINDS: dict[str, Callable[[Block], None]] = {
    "sh": runs,
    "console": shows,
    "pycon": is_session,
    "toml": is_configuration,
    "yaml": is_yaml,
    "json": is_json,
    "python": elsewhere,
    "matlab": elsewhere,
    "text": elsewhere,
}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_block_runs(page: Path) -> None:
    """In order, in a folder that holds the sample data."""
    with sample_folder():
        for block in blocks(page):
            assert block.language in KINDS, block
            KINDS[block.language](block)


@pytest.mark.parametrize(("page", "test"), ELSEWHERE.items())
def test_the_others_have_a_test_of_their_own(page: str, test: Path) -> None:
    """Which names the page."""
    assert (DOCS / page).is_file()
    assert f'"{page}"' in test.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", pages(), ids=name)
def test_no_block_hides(page: Path) -> None:
    """Every fence belongs to a block that the tests see: none is indented, none without language."""
    fences = re.findall(r"^\s*(?:```|~~~)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(fences) == 2 * len(blocks(page))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(b.language == "python" for b in blocks(page))], ids=name
)
def test_python_runs(page: Path) -> None:
    """Block after block, but for those that need a framework."""
    with sample_folder():
        run_page(page, frameworks=False)


def test_the_rest_is_run_with_the_frameworks() -> None:
    """tests/frameworks/test_recipes.py runs the pages that import one."""
    importing = {
        page.name
        for page in pages()
        for block in blocks(page)
        if block.language == "python" and IMPORTS_A_FRAMEWORK.search(block.text)
    }
    assert importing == {"four_term_loss.md"}


@pytest.mark.parametrize(
    ("kind", "text", "wrong"),
    [
        ("sh", "imbweights analyze no_such_file.csv\n", AssertionError),
        ("console", "$ imbweights rule IMB003\nsomething else\n", AssertionError),
        ("pycon", ">>> 1 + 1\n3\n", AssertionError),
        ("toml", "[tool.imbweights]\nlable = 1\n", jsonschema.ValidationError),
        ("yaml", "a: [\n", yaml.YAMLError),
        ("json", "{'a': 1}", json.JSONDecodeError),
    ],
)
def test_what_is_wrong_would_be_found(kind: str, text: str, wrong: type[Exception]) -> None:
    """The checks above can fail."""
    block: Any = Block(kind, text)
    with sample_folder(), pytest.raises(wrong):
        KINDS[kind](block)
