"""Any result in any form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from imbweights.core.profile import Profile
from imbweights.render.forms import Form
from imbweights.render.view import View

if TYPE_CHECKING:
    from imbweights.analysis import Analysis
    from imbweights.auditing import Audit
    from imbweights.core.weights import ClassWeights
    from imbweights.evidence.result import SweepResult
    from imbweights.suggestions import Explained, Suggestion

Result: TypeAlias = "Analysis | ClassWeights | Suggestion | Explained | SweepResult | Audit"


def rendered(result: Result, profile: Profile, form: Form, view: View) -> str:
    """The result in the wanted form, with a newline at the end."""
    match form:
        case Form.TABLE:
            return _table(result, profile, view)
        case Form.JSON:
            from imbweights.render.json_form import json_text

            return json_text(result.to_dict())
        case Form.CSV:
            return _csv(result, view)
    return _markdown(result, profile, view)


def rendered_with_sweep(
    result: Result, sweep: SweepResult, profile: Profile, form: Form, view: View
) -> str:
    """The result with the short form of a sweep of the same data under it.

    In JSON the whole sweep is there, as ``sweep``; CSV has no place for it.
    """
    if form is Form.JSON:
        from imbweights.render.json_form import json_text

        return json_text({**result.to_dict(), "sweep": sweep.to_dict()})
    text = rendered(result, profile, form, replace(view, tried=True))
    if form is Form.TABLE:
        from imbweights.render.terminal.sweep import short_sweep_text

        return text + short_sweep_text(sweep, view, above=text.count("\n"))
    if form is Form.MARKDOWN:
        from imbweights.render.markdown_form import short_sweep_markdown

        return f"{text}\n{short_sweep_markdown(sweep)}"
    return text


# By the names of the types, since to ask for the types themselves would load every room of the
# house: half of the time that a small file takes.
def _table(result: Any, profile: Profile, view: View) -> str:
    match type(result).__name__:
        case "Analysis":
            from imbweights.render.terminal.analysis import analysis_text

            return analysis_text(result, view)
        case "ClassWeights":
            from imbweights.render.terminal.weights import weights_text

            return weights_text(result, profile, view)
        case "Suggestion":
            from imbweights.render.terminal.suggestion import suggestion_text

            return suggestion_text(result, profile, view)
        case "Explained":
            from imbweights.render.terminal.forecast import explained_text

            return explained_text(result, profile, view)
        case "SweepResult":
            from imbweights.render.terminal.sweep import sweep_text

            return sweep_text(result, view)
    from imbweights.render.terminal.audit import audit_text

    return audit_text(result, profile, view)


def _csv(result: Any, view: View) -> str:
    from imbweights.render import csv_form

    match type(result).__name__:
        case "Analysis":
            return csv_form.analysis_csv(result)
        case "ClassWeights":
            return csv_form.weights_csv(result)
        case "Suggestion":
            return csv_form.suggestion_csv(result)
        case "Explained":
            return csv_form.weights_csv(result.weights)
        case "SweepResult":
            form = csv_form.sweep_classes_csv if view.per_class else csv_form.sweep_csv
            return form(result)
    return csv_form.audit_csv(result)


def _markdown(result: Any, profile: Profile, view: View) -> str:
    from imbweights.render import markdown_form

    match type(result).__name__:
        case "Analysis":
            return markdown_form.analysis_markdown(result)
        case "ClassWeights":
            return markdown_form.weights_markdown(result, profile)
        case "Suggestion":
            return markdown_form.suggestion_markdown(result, profile)
        case "Explained":
            return markdown_form.explained_markdown(result, profile)
        case "SweepResult":
            return markdown_form.sweep_markdown(result, per_class=view.per_class)
    return markdown_form.audit_markdown(result, profile)
