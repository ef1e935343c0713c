"""Everything that has a register has its section in the documentation."""

from __future__ import annotations

from typing import Any

import pytest
import typer
from docs_layers import layers
from docs_running import DOCS

import imbweights
from imbweights.cli.app import build_app
from imbweights.cli.commands import COMMANDS
from imbweights.drift import DRIFTS
from imbweights.frameworks import FRAMEWORKS
from imbweights.measures import MEASURES
from imbweights.rules import RULES
from imbweights.schemes import SCHEMES
from imbweights.sources import SOURCES


def lines(page: str) -> list[str]:
    """The lines of a page."""
    return (DOCS / page).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("page", "heading", "members"),
    [
        ("commands.md", "## `{}`", COMMANDS),
        ("schemes.md", "## `{}`", SCHEMES),
        ("measures.md", "### `{}`", MEASURES),
        ("measures.md", "### `{}`", DRIFTS),
        ("frameworks.md", "### `{}`", FRAMEWORKS),
        ("sources.md", "### `{}`", SOURCES),
    ],
    ids=["commands", "schemes", "measures", "drift", "frameworks", "sources"],
)
def test_every_member_has_a_section(page: str, heading: str, members: dict[str, Any]) -> None:
    """One, under its name."""
    there = lines(page)
    assert members
    for member in members:
        assert there.count(heading.format(member)) == 1, member


def test_every_rule_has_a_section() -> None:
    """Under its code."""
    there = lines("rules.md")
    for code, rule in RULES.items():
        assert there.count(f"### {code}: {rule.code.title}") == 1


def test_every_public_name_has_a_section() -> None:
    """Functions under their name, classes under theirs."""
    there = lines("python.md")
    for name in imbweights.__all__:
        assert there.count(f"### `{name}`") + there.count(f"### class `{name}`") == 1, name


def test_every_option_is_listed() -> None:
    """With its help, under its command."""
    group: Any = typer.main.get_command(build_app("*"))
    text = "\n".join(lines("commands.md"))
    for name in COMMANDS:
        section = text.split(f"\n## `{name}`\n")[1].split("\n## ")[0]
        for parameter in group.commands[name].params:
            if getattr(parameter, "hidden", False):
                continue
            for option in parameter.opts if parameter.param_type_name == "option" else ():
                assert option in section, (name, option)
            assert parameter.help, (name, parameter.name)


def test_every_parameter_of_a_scheme_is_explained() -> None:
    """In its own section, with default and range."""
    text = "\n".join(lines("schemes.md"))
    for scheme in SCHEMES.values():
        section = text.split(f"\n## `{scheme.name}`\n")[1].split("\n## ")[0]
        for p in scheme.parameters:
            assert f"| `--{p.name}` | {p.symbol} | {p.default:g} | {p.range}" in section


def test_every_room_is_in_the_picture() -> None:
    """All that the import contract names and that exists."""
    picture = (DOCS / "images" / "layers.svg").read_text(encoding="utf-8")
    rooms = [room for floor in layers() for room in floor]
    assert {"core", "schemes", "cli"} <= set(rooms)
    assert all(f">{room}</text>" in picture for room in rooms)
