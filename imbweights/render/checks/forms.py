"""The forms in which findings can be had, and which one a file name asks for."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from imbweights.core.errors import UsageError
from imbweights.render.checks.surroundings import AS_NAMED, Surroundings

if TYPE_CHECKING:
    from imbweights.checking import CheckResult


class CheckForm(StrEnum):
    """The forms in which findings can be had.

    ``github``: annotations, as commands to the runner of GitHub Actions; it is for standard output,
    so no file name asks for it.
    """

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    SARIF = "sarif"
    GITHUB = "github"
    MARKDOWN = "markdown"


# The first that fits decides.
FORM_OF_ENDING = {
    ".sarif.json": CheckForm.SARIF,
    ".sarif": CheckForm.SARIF,
    ".json": CheckForm.JSON,
    ".xml": CheckForm.JUNIT,
    ".md": CheckForm.MARKDOWN,
    ".txt": CheckForm.TEXT,
}


def form_of(path: Path) -> CheckForm:
    """The form that a file name asks for. Raises ``UsageError`` when it asks for none.

    >>> form_of(Path("findings.sarif")).value, form_of(Path("findings.junit.xml")).value
    ('sarif', 'junit')
    """
    name = path.name.lower()
    for ending, form in FORM_OF_ENDING.items():
        if name.endswith(ending):
            return form
    raise UsageError(
        f"-o {path}: the name must end in one of {', '.join(FORM_OF_ENDING)}, which says the form "
        "(.xml is JUnit)"
    )


MOST_OF_A_CODE = 10


def rendered(
    result: CheckResult,
    form: CheckForm,
    *,
    version: str,
    color: bool = False,
    show_all: bool = True,
    around: Surroundings = AS_NAMED,
) -> str:
    """The findings in the wanted form, with a newline at the end.

    ``version``: of imbweights, for forms that name the tool; ``color`` and ``show_all``: for
    text on a terminal, with every finding or the first ten of each code; ``around``: where the
    findings will be read, for services.
    """
    match form:
        case CheckForm.TEXT:
            from imbweights.render.checks.text import check_text

            return check_text(result, color=color, most=None if show_all else MOST_OF_A_CODE)
        case CheckForm.JSON:
            from imbweights.render.json_form import json_text

            return json_text(result.to_dict())
        case CheckForm.JUNIT:
            from imbweights.render.checks.junit import check_junit

            return check_junit(result, version)
        case CheckForm.SARIF:
            from imbweights.render.checks.sarif import check_sarif

            return check_sarif(result, version, around)
        case CheckForm.GITHUB:
            from imbweights.render.checks.github import check_github

            return check_github(result, around)
    from imbweights.render.checks.markdown import check_markdown

    return check_markdown(result)
