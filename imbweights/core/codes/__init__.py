"""The one register of codes: ``IMB0xx`` data, ``IMB1xx`` weights, ``IMB2xx`` losses."""

from __future__ import annotations

from imbweights.core.codes import losses, weights
from imbweights.core.findings import Code

CODES: dict[str, Code] = {code.code: code for code in (*weights.CODES, *losses.CODES)}
