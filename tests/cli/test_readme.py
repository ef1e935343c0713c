"""What the README shows is what the tool prints."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from support import run

from imbweights.measures import MEASURES
from imbweights.schemes import SCHEMES

TOP = Path(__file__).parents[2]
README = (TOP / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n\$ (imbweights [^\n]+)\n(.*?)```", README, re.DOTALL)
SHELL = re.findall(
    r"^imbweights [^\n]+$",
    "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL)),
    re.MULTILINE,
)


@pytest.fixture(autouse=True)
def _at_the_top(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder in which ``sample_data`` is there, as at the top of the repository."""
    shutil.copytree(TOP / "sample_data", tmp_path / "sample_data")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("command", "shown"), CONSOLE, ids=[c for c, _ in CONSOLE])
def test_screens(command: str, shown: str) -> None:
    """To the letter."""
    found = run(*shlex.split(command)[1:])
    assert found.code == 0, found.err
    assert found.out == shown


def test_shell_lines_run_in_their_order() -> None:
    """Without a screen, but they work."""
    assert SHELL
    for command in SHELL:
        found = run(*shlex.split(command)[1:])
        assert found.code == 0, (command, found.err)


def test_python_says_what_its_comments_say(capsys: pytest.CaptureFixture[str]) -> None:
    """Every print is followed by its output."""
    [code] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    expected = re.findall(r"^print\(.*\)  # (.*)$", code, re.MULTILINE)
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own README
    assert capsys.readouterr().out.splitlines() == expected


def test_the_sample_data_page_runs() -> None:
    """Every command of its table."""
    text = (TOP / "sample_data" / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"`(imbweights [^`]+)`", text)
    assert len(commands) == text.count("| `imbweights ") >= 10
    for command in commands:
        assert run(*shlex.split(command)[1:]).code == 0


def test_every_scheme_and_measure_is_documented() -> None:
    """In the README's table and in the schemas."""
    schemas = (TOP / "docs" / "schemas.md").read_text(encoding="utf-8")
    for name in SCHEMES:
        assert f"| `{name}` |" in README
    for name in MEASURES:
        assert f"`{name}`" in schemas
