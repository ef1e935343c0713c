"""How docstrings become Markdown."""

from __future__ import annotations

import doctest

import docs_text
import pytest
from docs_text import prose, reference, table

from imbweights.drift.linf import linf
from imbweights.schemes import find_scheme


def test_examples() -> None:
    """Those of the functions themselves."""
    assert doctest.testmod(docs_text).attempted > 0
    assert doctest.testmod(docs_text).failed == 0


def test_sessions_run_alone() -> None:
    """With the imports that the module has, constants of other names apart."""
    text = prose(linf)
    assert ">>> from imbweights.drift.linf import linf\n>>> import numpy as np\n>>> linf(" in text
    assert text.count("```") == 2
    assert "import C\n" not in prose(find_scheme("log").compute)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("``x``", "`x`"),
        ("2 * 3 * 4", r"2 \* 3 \* 4"),
        ("see https://a.b/c).", "see <https://a.b/c>)."),
    ],
)
def test_prose(said: str, shown: str) -> None:
    """Code, stars, addresses."""

    def documented() -> None: ...

    documented.__doc__ = said
    assert prose(documented) == shown


def test_tables() -> None:
    """A head, a rule, rows."""
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_tables_of_docstrings() -> None:
    """Those between lines of equals signs; what goes on in the next line is one cell."""

    def documented() -> None:
        """Fields.

        ======  =====  ========
        field   shape  meaning
        ======  =====  ========
        ``a``   (K,)   first of
                       all
        ``b``          second
        ======  =====  ========

        More.
        """

    assert prose(documented) == (
        "Fields.\n\n| field | shape | meaning |\n| --- | --- | --- |\n"
        "| `a` | (K,) | first of all |\n| `b` |  | second |\n\nMore."
    )


def test_a_source_is_named_once() -> None:
    """By the docstring, or by the register."""

    def named() -> None:
        """Source: a paper."""

    def bare() -> None:
        """No."""

    assert not reference(named, "another")
    assert reference(bare, "another") == "Reference: another."
