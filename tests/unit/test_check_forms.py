"""What ``check`` found, in every form."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest
import xmlschema
from check_results import FINE, FRAUD, HOSTILE, MISSING, TYPICAL, checked, found
from defusedxml.ElementTree import fromstring
from markdown_it import MarkdownIt
from workflow_commands import commands, old_commands

from imbweights.checking import CheckResult, DataSet, Settings, check_set, counted_set
from imbweights.core.errors import UsageError
from imbweights.core.escaping import visible
from imbweights.core.findings import Level
from imbweights.core.options import SourceSpec
from imbweights.render.checks.forms import FORM_OF_ENDING, CheckForm, form_of, rendered
from imbweights.render.checks.markdown import step_summary

SCHEMAS = Path(__file__).parents[1] / "schemas"
SARIF = jsonschema.Draft4Validator(
    json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
)
JUNIT = xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")


def shown(result: CheckResult, form: CheckForm) -> str:
    """The form, by version 1.2.3."""
    return rendered(result, form, version="1.2.3")


def hostile() -> CheckResult:
    """Every hostile name as a class, a file and a data set."""
    return CheckResult(
        sets=tuple(
            checked(
                name,
                found("IMB003", f'class "{name}" is rare', cls=name),
                found("IMB010", name, place=(name, 3, None)),
                skipped={"IMB020": name},
            )
            for name in HOSTILE
        )
    )


class TestFormOf:
    """Which form a file name asks for."""

    @pytest.mark.parametrize(
        ("name", "form"),
        [
            ("a.json", CheckForm.JSON),
            ("a.sarif", CheckForm.SARIF),
            ("a.sarif.json", CheckForm.SARIF),
            ("A.SARIF", CheckForm.SARIF),
            ("junit.xml", CheckForm.JUNIT),
            ("findings.junit.xml", CheckForm.JUNIT),
            ("a.md", CheckForm.MARKDOWN),
            ("a.txt", CheckForm.TEXT),
        ],
    )
    def test_by_ending(self, name: str, form: CheckForm) -> None:
        """The end of the name says it."""
        assert form_of(Path("out") / name) is form

    @pytest.mark.parametrize("name", ["a.html", "json", "a.github"])
    def test_others_are_refused(self, name: str) -> None:
        """With the list of those that are known."""
        with pytest.raises(UsageError) as raised:
            form_of(Path(name))
        assert name in raised.value.message
        assert all(ending in raised.value.message for ending in FORM_OF_ENDING)


class TestText:
    """One line a finding."""

    def test_a_typical_page(self) -> None:
        """Place, code, level, message; a summary; the next step."""
        assert shown(TYPICAL, CheckForm.TEXT) == (
            'labels.csv: IMB003 error: class "fraud" has 12 samples, at least 50 wanted\n'
            "labels.csv:row 5: IMB010 warning: 3 % of the labels are missing\n"
            'labels.csv:17: IMB011 error: class "n/a" is not declared\n'
            "weights.json: IMB101 error: these weights are inverted\n"
            "3 errors, 1 warning in 1 data set (4 rules)\n"
            "imbweights rule IMB003 says more\n"
        )

    def test_nothing_found(self) -> None:
        """One line."""
        assert shown(FINE, CheckForm.TEXT) == "All fine: 1 data set, 3 rules.\n"

    def test_nothing_checked_is_not_fine(self) -> None:
        """Where every rule was skipped."""
        none = CheckResult(sets=(checked("a", ran=(), skipped={"IMB020": "one split"}),))
        assert shown(none, CheckForm.TEXT).startswith("Nothing checked")

    def test_several_data_sets(self) -> None:
        """The name leads where there is no file, and stands behind where the file is shared."""
        result = CheckResult(
            sets=(
                checked("sex", FRAUD, files=("labels.csv",)),
                checked("smile", found("IMB001", "only one class"), files=("labels.csv",)),
                checked("age", files=("age.csv",)),
            )
        )
        lines = shown(result, CheckForm.TEXT).splitlines()
        assert lines[0].endswith("at least 50 wanted [sex]")
        assert lines[1] == "smile: IMB001 error: only one class"
        assert lines[2] == "2 errors in 3 data sets (3 rules)"

    def test_color_marks_levels_only(self) -> None:
        """Without its codes it is the plain page."""
        color = rendered(TYPICAL, CheckForm.TEXT, version="1", color=True)
        assert "\x1b[1;31merror\x1b[0m" in color
        assert "\x1b[1;33mwarning\x1b[0m" in color
        assert re.sub(r"\x1b\[[\d;]*m", "", color) == shown(TYPICAL, CheckForm.TEXT)

    def test_hostile_names_stay_on_their_line(self) -> None:
        """No line more, nothing that is not visible, no command to a runner."""
        text = shown(hostile(), CheckForm.TEXT)
        lines = text.split("\n")
        assert len(lines) == 2 * len(HOSTILE) + 3
        assert all(visible(line) == line for line in lines)
        assert not old_commands(text)


class TestJson:
    """The result as it is."""

    def test_not_finite_is_null(self) -> None:
        """However deep."""
        odd = found("IMB003", "x", ratio=float("inf"), values=[1.0, {"p": float("nan")}])
        data = json.loads(shown(CheckResult(sets=(checked("a", odd),)), CheckForm.JSON))
        assert data["schema"] == "imbweights.check/1"
        details = data["datasets"][0]["findings"][0]["details"]
        assert details == {"ratio": None, "values": [1.0, {"p": None}]}

    def test_every_field_is_documented(self) -> None:
        """In docs/schemas.md."""
        page = (SCHEMAS.parents[1] / "docs" / "schemas.md").read_text(encoding="utf-8")
        section = page.split("## `imbweights.check/1`")[1].split("\n## ")[0]
        data = json.loads(shown(TYPICAL, CheckForm.JSON))
        each = data["datasets"][0]
        fields = {*data, *each, *each["findings"][0], *each["findings"][0]["where"]}
        assert {field for field in fields if f"`{field}`" not in section} == set()


class TestJunit:
    """One case for each rule and data set."""

    def test_a_typical_page(self) -> None:
        """Failed, passed with output, passed, skipped; what the audit found."""
        root = fromstring(shown(TYPICAL, CheckForm.JUNIT))
        (suite,) = root
        assert (root.get("tests"), root.get("failures")) == ("6", "3")
        assert (suite.get("name"), suite.get("tests")) == ("labels", "6")
        assert (suite.get("failures"), suite.get("skipped")) == ("3", "1")
        cases = {case.get("name"): case for case in suite.iter("testcase")}
        assert {case.get("classname") for case in cases.values()} == {"labels"}
        inside = {name: [child.tag for child in case] for name, case in cases.items()}
        assert inside == {
            "IMB001 single class": [],
            "IMB003 few samples": ["failure"],
            "IMB010 missing labels": ["system-out"],
            "IMB011 undeclared class": ["failure"],
            "IMB020 class absent from a split": ["skipped"],
            "IMB101 inverted": ["failure"],
        }
        failure = cases["IMB003 few samples"][0]
        assert failure.get("message") == FRAUD.message
        text = failure.text or ""
        assert text.splitlines()[0] == f"labels.csv: IMB003 error: {FRAUD.message}"
        assert FRAUD.remedy in text
        assert cases["IMB020 class absent from a split"][0].get("message") == (
            "there is only one split"
        )

    def test_the_level_that_fails_decides(self) -> None:
        """A warning fails with ``--fail-on warning``; findings below are output beside it."""
        note = found("IMB010", "a note", level=Level.NOTE)
        result = CheckResult(sets=(checked("a", MISSING, note),), fail_on=Level.WARNING)
        root = fromstring(shown(result, CheckForm.JUNIT))
        case = next(c for c in root.iter("testcase") if c.get("name", "").startswith("IMB010"))
        assert [child.tag for child in case] == ["failure", "system-out"]
        assert root.get("failures") == "1"

    @pytest.mark.parametrize("result", [TYPICAL, FINE, hostile(), CheckResult(sets=())])
    def test_it_is_valid(self, result: CheckResult) -> None:
        """By the schema of Jenkins."""
        JUNIT.validate(shown(result, CheckForm.JUNIT).encode("utf-8", "strict"))

    def test_hostile_names_come_back(self) -> None:
        """As visible text."""
        root = fromstring(shown(hostile(), CheckForm.JUNIT))
        assert [suite.get("name") for suite in root] == [visible(name) for name in HOSTILE]
        messages = [failure.get("message") for failure in root.iter("failure")]
        assert messages[::2] == [visible(f'class "{name}" is rare') for name in HOSTILE]
        assert messages[1::2] == [visible(name) for name in HOSTILE]


class TestSarif:
    """SARIF 2.1.0."""

    @pytest.mark.parametrize("result", [TYPICAL, FINE, hostile(), CheckResult(sets=())])
    def test_it_is_valid(self, result: CheckResult) -> None:
        """By the schema of OASIS."""
        SARIF.validate(json.loads(shown(result, CheckForm.SARIF)))

    def test_a_typical_page(self) -> None:
        """Rules with why and remedy; results with place and level."""
        (run,) = json.loads(shown(TYPICAL, CheckForm.SARIF))["runs"]
        driver, results = run["tool"]["driver"], run["results"]
        assert (driver["name"], driver["version"]) == ("imbweights", "1.2.3")
        rules = driver["rules"]
        assert [rule["id"] for rule in rules] == ["IMB001", "IMB003", "IMB010", "IMB011", "IMB101"]
        assert rules[1]["name"] == "FewSamples"
        assert rules[1]["help"]["text"] == FRAUD.remedy
        assert [rules[r["ruleIndex"]]["id"] for r in results] == [r["ruleId"] for r in results]
        assert [r["level"] for r in results] == ["error", "warning", "error", "error"]
        physical = [r["locations"][0]["physicalLocation"] for r in results]
        assert physical[0] == {"artifactLocation": {"uri": "labels.csv"}}
        assert physical[2]["region"] == {"startLine": 17}
        assert results[1]["properties"]["row"] == 5

    def test_files_are_uris(self) -> None:
        """Relative ones stay relative, with every byte of the name."""
        names = ["a b/50%.csv", "c:d.csv", "é/👩‍🔬.csv", "a\nb", "\udcff.csv", "./x/../y#z?.csv"]
        findings = [found("IMB010", "x", place=(name, None, None)) for name in names]
        data = json.loads(shown(CheckResult(sets=(checked("a", *findings),)), CheckForm.SARIF))
        uris = [
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            for result in data["runs"][0]["results"]
        ]
        assert all(re.fullmatch(r"[A-Za-z0-9._~/%-]+", uri) for uri in uris)
        assert [unquote_to_bytes(uri) for uri in uris] == [
            os.fsencode(name.removeprefix("./")) for name in names
        ]

    def test_a_result_without_a_file_is_at_the_data_sets_first(self) -> None:
        """Code scanning refuses results that are nowhere; given counts are nowhere."""
        lost = found("IMB001", "only one class")
        result = CheckResult(
            sets=(checked("a", lost, files=("a.csv", "b.csv")), checked("b", lost))
        )
        first, second = json.loads(shown(result, CheckForm.SARIF))["runs"][0]["results"]
        uri = first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri == "a.csv"
        assert "physicalLocation" not in second["locations"][0]
        assert second["locations"][0]["logicalLocations"][0]["name"] == "b"

    def test_fingerprints_know_a_finding_again(self) -> None:
        """By code, data set, class and file, not by its numbers; no two are equal in a run."""

        def prints(result: CheckResult) -> list[str]:
            (run,) = json.loads(shown(result, CheckForm.SARIF))["runs"]
            return [r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]]

        place = ("labels.csv", None, None)
        now = [found("IMB003", f"{n} samples", place=place, cls=c) for n, c in [(1, "a"), (2, "b")]]
        later = [
            found("IMB003", f"{n} samples", place=place, cls=c) for n, c in [(8, "a"), (9, "b")]
        ]
        same = [found("IMB021", "in val"), found("IMB021", "in test")]
        before = prints(CheckResult(sets=(checked("x", *now, *same),)))
        assert len(set(before)) == 4
        assert prints(CheckResult(sets=(checked("x", *later, *same),))) == before
        assert not set(prints(CheckResult(sets=(checked("y", *now),)))) & set(before)

    def test_messages_hold_no_markup(self) -> None:
        """Braces are doubled, as §3.11.5 asks, and links are none; lists stay as they are."""
        odd = found("IMB003", "{0} [f](http://example.invalid) [1, 2]")
        data = json.loads(shown(CheckResult(sets=(checked("a", odd),)), CheckForm.SARIF))
        text = data["runs"][0]["results"][0]["message"]["text"]
        assert text == r"{{0}} \[f](http://example.invalid) [1, 2]"


class TestGithub:
    """Commands to the runner."""

    def test_a_typical_page(self) -> None:
        """Errors first, with file, line and title."""
        assert shown(TYPICAL, CheckForm.GITHUB).splitlines() == [
            '::error file=labels.csv,title=IMB003 few samples::class "fraud" has 12 samples, at least 50 wanted',
            '::error file=labels.csv,line=17,title=IMB011 undeclared class::class "n/a" is not declared',
            "::error file=weights.json,title=IMB101 inverted::these weights are inverted",
            "::warning file=labels.csv,title=IMB010 missing labels::row 5: 3 %25 of the labels are missing",
            "3 errors, 1 warning in 1 data set (4 rules)",
        ]

    @pytest.mark.parametrize("number", [9, 10, 11, 30])
    def test_no_more_than_ten(self, number: int) -> None:
        """The last one tells how many are left, and of which level."""
        findings = [found("IMB010", str(i), level=Level.WARNING) for i in range(number - 1)]
        error = found("IMB003", "the error")
        result = CheckResult(sets=(checked("a", *findings, error),))
        read = commands(shown(result, CheckForm.GITHUB))
        assert len(read) == min(number, 10)
        assert (read[0].name, read[0].message) == ("error", "a: the error")
        assert (f"{number - 9} warnings more" in read[-1].message) == (number > 10)

    @pytest.mark.parametrize("name", HOSTILE)
    def test_hostile_names_round_trip(self, name: str) -> None:
        """What is invisible as text; line ends of a file as they are, so that it is found."""
        result = CheckResult(
            sets=(
                checked(name, found("IMB003", name, place=(name, None, 4)), found("IMB001", "x")),
            )
        )
        located, named = commands(shown(result, CheckForm.GITHUB))
        kept = "\n".join(
            "\r".join(visible(part) for part in line.split("\r")) for line in name.split("\n")
        )
        assert located.message == visible(name)
        assert located.properties["file"].removeprefix("./") == kept.replace("//", "/")
        assert located.properties["line"] == "4"
        assert located.properties["title"] == "IMB003 few samples"
        assert named.message == f"{visible(name)}: x"


class TestMarkdown:
    """A table for each data set."""

    def test_a_typical_page(self) -> None:
        """Summary and table."""
        lines = shown(TYPICAL, CheckForm.MARKDOWN).splitlines()
        assert lines[0] == "**3 errors, 1 warning in 1 data set (4 rules)**"
        assert lines[2:4] == ["| code | level | where | message |", "| --- | --- | --- | --- |"]
        assert lines[5] == (
            "| IMB010 | warning | labels.csv:row 5 | 3 % of the labels are missing |"
        )

    def test_data_sets_without_findings_have_no_table(self) -> None:
        """The others have their name above it."""
        page = shown(CheckResult(sets=(*FINE.sets, checked("b_c", FRAUD))), CheckForm.MARKDOWN)
        assert page.count("#### ") == page.count("| code |") == 1
        assert r"#### b\_c" in page

    def test_hostile_names_stay_in_their_cell(self) -> None:
        """As a Markdown reader sees them."""
        tokens = (
            MarkdownIt("commonmark").enable("table").parse(shown(hostile(), CheckForm.MARKDOWN))
        )
        texts = [
            "".join(child.content for child in tokens[i + 1].children or ())
            for i, token in enumerate(tokens)
            if token.type == "td_open"
        ]
        messages = [text for name in HOSTILE for text in (f'class "{name}" is rare', name)]
        assert len(texts) == 4 * len(messages)
        assert texts[3::4] == [visible(message).strip() for message in messages]
        assert not [t for t in tokens if t.type.startswith("html")]

    def test_a_steps_summary_is_no_longer_than_github_takes(self) -> None:
        """What is left out is counted, and it is no error; a shorter one has all."""
        long = "é" * 500
        many = [found("IMB010", f"{i} {long}", level=Level.WARNING) for i in range(2000)]
        page = step_summary(CheckResult(sets=(checked("a", *many), checked("b", FRAUD))))
        assert 400_000 < len(page.encode()) < 2**19
        rows = page.count("| IMB010 |")
        assert page.splitlines()[-1].endswith(f"room: {2000 - rows:,} warnings.")
        assert "| IMB003 |" in page
        short = step_summary(TYPICAL)
        assert short.startswith("### imbweights check\n\n**3 errors")
        assert short.endswith(shown(TYPICAL, CheckForm.MARKDOWN))


def test_files_are_called_as_they_were_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path of this machine would be another on the next."""
    (tmp_path / "labels.csv").write_text("label\n" + "a\n" * 50 + "b\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    data = DataSet(name="set", spec=SourceSpec(paths=("labels.csv",)), settings=Settings())
    each = check_set(data, counted_set(data))
    result = CheckResult(sets=(each,))
    assert each.files == ("labels.csv",)
    assert "labels.csv: IMB003 error: " in shown(result, CheckForm.TEXT)
    for form in CheckForm:
        assert str(tmp_path) not in shown(result, form)
