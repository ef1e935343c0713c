"""Class frequencies and class weights for imbalanced data.

>>> import imbweights
>>> imbweights.suggest({"A": 198, "B": 436, "C": 710, "D": 272}, "balanced").as_dict()["A"]
2.04040404040404

``analyze`` counts labels and measures imbalance, ``suggest`` proposes weights, ``sweep`` tries
them, ``check`` says what is wrong with the data, ``plot`` draws it. Everything is loaded when first
used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imbweights.analysis import Analysis, analyze
    from imbweights.auditing import Audit, audit
    from imbweights.checking import CheckResult
    from imbweights.checking.calling import check
    from imbweights.coding import code
    from imbweights.core.choices import Normalization
    from imbweights.core.counts import ClassCounts, Task, Unit
    from imbweights.core.errors import ImbweightsError
    from imbweights.core.profile import Profile
    from imbweights.core.weights import ClassWeights, Role
    from imbweights.diagnosis import Diagnosis, diagnose
    from imbweights.evidence import SweepResult, sweep
    from imbweights.forecasting import Forecast, forecast
    from imbweights.plotting import Plot, plot
    from imbweights.suggestions import Suggestion, suggest

__version__ = "0.1.0"

_HOME = {
    "Analysis": "analysis",
    "Audit": "auditing",
    "CheckResult": "checking",
    "ClassCounts": "core.counts",
    "ClassWeights": "core.weights",
    "Diagnosis": "diagnosis",
    "ImbweightsError": "core.errors",
    "Normalization": "core.choices",
    "Plot": "plotting",
    "Profile": "core.profile",
    "Role": "core.weights",
    "Suggestion": "suggestions",
    "Task": "core.counts",
    "Unit": "core.counts",
    "analyze": "analysis",
    "audit": "auditing",
    "check": "checking.calling",
    "code": "coding",
    "diagnose": "diagnosis",
    "forecast": "forecasting",
    "Forecast": "forecasting",
    "plot": "plotting",
    "suggest": "suggestions",
    "sweep": "evidence",
    "SweepResult": "evidence",
}

__all__ = [
    "Analysis",
    "Audit",
    "CheckResult",
    "ClassCounts",
    "ClassWeights",
    "Diagnosis",
    "Forecast",
    "ImbweightsError",
    "Normalization",
    "Plot",
    "Profile",
    "Role",
    "Suggestion",
    "SweepResult",
    "Task",
    "Unit",
    "__version__",
    "analyze",
    "audit",
    "check",
    "code",
    "diagnose",
    "forecast",
    "plot",
    "suggest",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the room it lives in."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, loaded or not."""
    return sorted(__all__)
