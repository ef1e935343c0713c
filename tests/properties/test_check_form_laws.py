"""Whatever classes, files and data sets are called, the forms of ``check`` hold."""

from __future__ import annotations

import json
from pathlib import Path, PurePath

import jsonschema
import xmlschema
from check_results import HOSTILE, checked, found
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from workflow_commands import commands, old_commands

from imbweights.checking import CheckResult
from imbweights.core.escaping import visible
from imbweights.core.findings import Finding, Level
from imbweights.render.checks.forms import CheckForm, rendered
from imbweights.render.checks.markdown import step_summary

SCHEMAS = Path(__file__).parents[1] / "schemas"
SARIF = jsonschema.Draft4Validator(
    json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
)
JUNIT = xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")

# Every character there is, unpaired surrogates included, and many that mean something somewhere.
NAMES = st.text(st.characters() | st.sampled_from("\r\n%:,;=[]()<>&|\\`*_{}#/ ")) | st.lists(
    st.sampled_from(HOSTILE), min_size=1, max_size=3
).map("".join)
CODES = ("IMB001", "IMB003", "IMB010", "IMB101")


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    """Any finding."""
    number = st.none() | st.integers(1, 10**6)
    place = (draw(st.none() | NAMES.filter(bool)), draw(number), draw(number))
    return found(
        draw(st.sampled_from(CODES)),
        draw(NAMES),
        level=draw(st.sampled_from(Level)),
        place=place,
        cls=draw(st.none() | NAMES),
        value=draw(st.floats()),
    )


@st.composite
def results(draw: st.DrawFn) -> CheckResult:
    """A few data sets with a few findings."""
    sets = draw(st.lists(st.tuples(NAMES, st.lists(findings(), max_size=7), NAMES), max_size=3))
    return CheckResult(
        sets=tuple(
            checked(name, *each, skipped={"IMB020": why}, files=(name,)) for name, each, why in sets
        ),
        fail_on=draw(st.sampled_from(Level)),
    )


def shown(result: CheckResult, form: CheckForm) -> str:
    """The form."""
    return rendered(result, form, version="1.2.3")


@given(results())
def test_junit_is_valid_and_fails_as_the_check_does(result: CheckResult) -> None:
    """By its schema; strict UTF-8; the counts are those of its elements."""
    text = shown(result, CheckForm.JUNIT).encode("utf-8", "strict")
    JUNIT.validate(text)
    root = fromstring(text)
    assert (int(root.get("failures", "0")) > 0) == result.failed
    for suite in root:
        assert suite.get("tests") == str(len(list(suite.iter("testcase"))))
        assert suite.get("failures") == str(len(list(suite.iter("failure"))))
        assert suite.get("skipped") == str(len(list(suite.iter("skipped"))))


@given(results())
def test_sarif_is_valid_and_has_every_finding(result: CheckResult) -> None:
    """By its schema; each result points at its rule; fingerprints differ."""
    data = json.loads(shown(result, CheckForm.SARIF).encode("utf-8", "backslashreplace"))
    SARIF.validate(data)
    (run,) = data["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[r["ruleIndex"]] for r in run["results"]] == [f.code for f in result.findings]
    prints = [r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]]
    assert len(set(prints)) == len(prints)


@given(results())
def test_json_is_strict(result: CheckResult) -> None:
    """No NaN, no infinity; messages as they are."""

    def refused(text: str) -> None:
        raise AssertionError(text)

    data = json.loads(shown(result, CheckForm.JSON), parse_constant=refused)
    messages = [f["message"] for each in data["datasets"] for f in each["findings"]]
    assert messages == [f.message for f in result.findings]


@given(results())
def test_the_runner_reads_what_was_found(result: CheckResult) -> None:
    """The same files and messages, errors first; at most ten, and no other command."""
    text = shown(result, CheckForm.GITHUB)
    read = commands(text)
    ranked = sorted(result.findings, key=lambda f: list(Level).index(f.level))
    assert len(read) == min(10, len(ranked))
    assert len([line for line in text.splitlines() if line]) == len(read) + 1
    for command, finding in zip(read[:9], ranked, strict=False):
        assert command.name == finding.level.value.replace("note", "notice")
        assert command.message.endswith(visible(finding.message))
        assert command.properties["title"] == f"{finding.code} {finding.title}"
        if finding.where.file:
            file = kept(PurePath(finding.where.file).as_posix())
            assert command.properties["file"] in {file, f"./{file}"}


@given(results())
def test_text_is_one_visible_line_a_finding(result: CheckResult) -> None:
    """With a summary, and the next step for errors."""
    text = shown(result, CheckForm.TEXT)
    lines = text.removesuffix("\n").split("\n")
    assert len(lines) == len(result.findings) + 1 + (result.number(Level.ERROR) > 0)
    assert all(visible(line) == line for line in lines)
    assert not old_commands(text)


@given(results())
def test_markdown_tables_keep_their_columns(result: CheckResult) -> None:
    """Four to a finding, with its message as a reader sees it."""
    for page in (shown(result, CheckForm.MARKDOWN), step_summary(result)):
        tokens = MarkdownIt("commonmark").enable("table").parse(page)
        cells = [
            "".join(child.content for child in tokens[i + 1].children or ())
            for i, token in enumerate(tokens)
            if token.type == "td_open"
        ]
        assert len(cells) == 4 * len(result.findings)
        assert [cell.strip() for cell in cells[3::4]] == [
            visible(f.message).strip() for f in result.findings
        ]


def kept(text: str) -> str:
    """Visible, with its line ends."""
    return "\n".join("\r".join(map(visible, line.split("\r"))) for line in text.split("\n"))
