"""Findings as JUnit XML, which Jenkins, GitLab, Azure and CircleCI show as test results."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from imbweights.checking import CheckedSet, CheckResult
from imbweights.checking.codes import ALL_CODES
from imbweights.core.escaping import visible
from imbweights.core.findings import Finding, Level
from imbweights.render.checks.words import place, tally

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def check_junit(result: CheckResult, version: str) -> str:
    """A suite for each data set, a case for each rule; what the audit found has cases of its own.

    A case fails by findings at the level that fails; others are its output. Names are made visible
    before XML escapes them: it has no spelling for control characters.
    """
    root = ET.Element("testsuites", name="imbweights check")
    suites = [_suite(root, each, result.fail_on, version) for each in result.sets]
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in suites)))
    ET.indent(root)
    return _HEAD + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, each: CheckedSet, fail_on: Level, version: str) -> ET.Element:
    suite = ET.SubElement(root, "testsuite", name=visible(each.name))
    properties = ET.SubElement(suite, "properties")
    facts = {"imbweights": version, "source": each.source, "fail-on": fail_on.value}
    for name, value in facts.items():
        ET.SubElement(properties, "property", name=name, value=visible(value))
    codes = sorted({*each.ran, *each.skipped, *(found.code for found in each.findings)})
    cases = [_case(suite, each, code, fail_on) for code in codes]
    failures = sum(case.find("failure") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(failures))
    suite.set("errors", "0")
    suite.set("skipped", str(skipped))
    return suite


def _case(suite: ET.Element, each: CheckedSet, code: str, fail_on: Level) -> ET.Element:
    title = f"{code} {ALL_CODES[code].title}"
    case = ET.SubElement(suite, "testcase", name=title, classname=visible(each.name))
    findings = [found for found in each.findings if found.code == code]
    failing = [found for found in findings if found.level.at_least(fail_on)]
    others = [found for found in findings if not found.level.at_least(fail_on)]
    if failing:
        head = visible(failing[0].message) if len(failing) == 1 else tally(failing)
        failure = ET.SubElement(case, "failure", message=head, type=failing[0].level.value)
        failure.text = _lines(each, failing, remedy=True)
    elif not findings and code in each.skipped:
        ET.SubElement(case, "skipped", message=visible(each.skipped[code]))
    if others:
        ET.SubElement(case, "system-out").text = _lines(each, others, remedy=False)
    return case


def _lines(each: CheckedSet, findings: Sequence[Finding], *, remedy: bool) -> str:
    lines = [f"{place(each, f)}: {f.code} {f.level}: {visible(f.message)}" for f in findings]
    remedies = dict.fromkeys(visible(f.remedy) for f in findings) if remedy else {}
    return "\n".join([*lines, *remedies])
