"""Any result in any form."""

from __future__ import annotations

from imbweights.analysis import Analysis
from imbweights.auditing import Audit
from imbweights.core.profile import Profile
from imbweights.core.weights import ClassWeights
from imbweights.render.forms import Form
from imbweights.render.view import View
from imbweights.suggestions import Explained, Suggestion

Result = Analysis | ClassWeights | Suggestion | Explained | Audit


def rendered(result: Result, profile: Profile, form: Form, view: View) -> str:
    """The result in the wanted form, with a newline at the end."""
    match form:
        case Form.TABLE:
            return _table(result, profile, view)
        case Form.JSON:
            from imbweights.render.json_form import json_text

            return json_text(result.to_dict())
        case Form.CSV:
            return _csv(result)
        case Form.MARKDOWN:
            return _markdown(result, profile)


def _table(result: Result, profile: Profile, view: View) -> str:
    match result:
        case Analysis():
            from imbweights.render.terminal.analysis import analysis_text

            return analysis_text(result, view)
        case ClassWeights():
            from imbweights.render.terminal.weights import weights_text

            return weights_text(result, profile, view)
        case Suggestion():
            from imbweights.render.terminal.suggestion import suggestion_text

            return suggestion_text(result, profile, view)
        case Explained():
            from imbweights.render.terminal.forecast import explained_text

            return explained_text(result, profile, view)
        case Audit():
            from imbweights.render.terminal.audit import audit_text

            return audit_text(result, profile, view)


def _csv(result: Result) -> str:
    from imbweights.render import csv_form

    match result:
        case Analysis():
            return csv_form.analysis_csv(result)
        case ClassWeights():
            return csv_form.weights_csv(result)
        case Suggestion():
            return csv_form.suggestion_csv(result)
        case Explained():
            return csv_form.weights_csv(result.weights)
        case Audit():
            return csv_form.audit_csv(result)


def _markdown(result: Result, profile: Profile) -> str:
    from imbweights.render import markdown_form

    match result:
        case Analysis():
            return markdown_form.analysis_markdown(result)
        case ClassWeights():
            return markdown_form.weights_markdown(result, profile)
        case Suggestion():
            return markdown_form.suggestion_markdown(result, profile)
        case Explained():
            return markdown_form.explained_markdown(result, profile)
        case Audit():
            return markdown_form.audit_markdown(result, profile)
