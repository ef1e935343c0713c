"""``assert_balanced``: the data check as a line of your own test suite.

Nothing of pytest is needed: the assertion works in any test runner, or in a script.
"""

from __future__ import annotations

from typing import Any

from imbweights import __version__
from imbweights.checking import CheckResult
from imbweights.checking.calling import check
from imbweights.render.checks.forms import CheckForm, rendered

__all__ = ["assert_balanced"]


def assert_balanced(y_or_path: Any, **options: Any) -> CheckResult:
    """Raise ``AssertionError`` when the data check fails; its text lists the findings, one a line.

    ``y_or_path`` and ``options``: as for ``imbweights.check``: thresholds such as ``min_count``,
    ``max_ratio``, ``min_share``; ``select``, ``ignore``, ``levels``, ``baseline``, ``fail_on``;
    and the label options of ``analyze``. Every rule runs, those whose threshold was not given at
    their default: ``select="IMB003,IMB004"`` asks for few. What is below ``fail_on`` is in the result
    and raises nothing. Files and configuration of the surrounding project are not looked at, so that
    a test means the same wherever it runs.

    Returns the ``CheckResult``. Data that cannot be read raise ``ImbweightsError``, which is no
    ``AssertionError``: such a test is broken, not failed.

    >>> assert_balanced(["cat"] * 20 + ["dog"] * 30, min_count=10, max_ratio=2).codes
    ()
    """
    # pytest leaves this frame out of what it shows.
    __tracebackhide__ = True
    result = check(y_or_path, **options)
    if result.failed:
        raise AssertionError(rendered(result, CheckForm.TEXT, version=__version__).rstrip("\n"))
    return result
