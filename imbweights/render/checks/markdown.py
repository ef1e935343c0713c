"""Findings as Markdown, for pull requests and the summary of a step on GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imbweights.checking import CheckedSet, CheckResult
from imbweights.core.findings import Finding
from imbweights.render.checks.words import place, summary, tally, worst_first
from imbweights.render.escaping import markdown_text
from imbweights.render.markdown_form import joined, pipe_table

_HEADER = ("code", "level", "where", "message")
# GitHub takes 1 MiB a step; another command of the step may write there, too.
_MOST_BYTES = 500_000


def check_markdown(result: CheckResult) -> str:
    """Summary, then a table for each data set with findings."""
    return joined(f"**{summary(result)}**", *_tables(result, [s.findings for s in result.sets]))


def step_summary(result: CheckResult) -> str:
    """The same under a heading, for ``$GITHUB_STEP_SUMMARY``, and no longer than GitHub takes."""
    left = _MOST_BYTES
    hidden: list[Finding] = []
    for each, found in worst_first(result):
        left -= len("".join(_row(each, found)).encode("utf-8", "backslashreplace")) + 20
        if left < 0:
            hidden.append(found)
    gone = {id(found) for found in hidden}
    shown = [[f for f in each.findings if id(f) not in gone] for each in result.sets]
    more = f"Not shown, for want of room: {tally(hidden)}." if hidden else ""
    return joined("### imbweights check", f"**{summary(result)}**", *_tables(result, shown), more)


def _tables(result: CheckResult, shown: Sequence[Sequence[Finding]]) -> Iterator[str]:
    for each, findings in zip(result.sets, shown, strict=True):
        if findings:
            if len(result.sets) > 1:
                yield f"#### {markdown_text(each.name)}"
            rows = [_row(each, found) for found in findings]
            yield pipe_table(_HEADER, rows, names=range(len(_HEADER)))


def _row(each: CheckedSet, found: Finding) -> list[str]:
    where, message = markdown_text(place(each, found)), markdown_text(found.message)
    return [found.code, found.level.value, where, message]
