"""docs/audit.md and the register of codes say the same."""

from __future__ import annotations

import re

import pytest
from doc_code import TOP

from imbweights.core.codes import CODES
from imbweights.core.codes.weights import CODES as OF_WEIGHTS
from imbweights.core.findings import Code

PAGE = (TOP / "docs" / "audit.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", OF_WEIGHTS, ids=lambda c: c.code)
def test_every_code_is_explained(code: Code) -> None:
    """With its title and usual level, under an anchor of its own."""
    assert f'<a id="{code.code.lower()}"></a>**{code.code} {code.title}** ({code.level})' in PAGE
    assert code.why.endswith(".")
    assert code.remedy.endswith(".")


def test_nothing_else_is_explained() -> None:
    """No code that is gone; each but once."""
    explained = re.findall(r"\*\*(IMB\d{3}) ", PAGE)
    assert explained == sorted(code.code for code in OF_WEIGHTS)
    assert {code.code for code in OF_WEIGHTS} <= set(CODES)
    assert all(re.fullmatch(r"IMB1\d\d", code.code) for code in OF_WEIGHTS)


def test_every_link_leads_somewhere() -> None:
    """The symptoms point at codes."""
    assert set(re.findall(r"\]\(#(imb\d+)\)", PAGE)) <= set(re.findall(r'id="(imb\d+)"', PAGE))
