"""Training programs in Python: parsed, never run.

``settings`` lists what is given a name, ``scopes`` says what a name stands for where it is used,
``evaluating`` works out arithmetic of constants with the functions of ``calls``, ``contents`` puts
together what may be weights.
"""

from __future__ import annotations

from imbweights.auditing.reading.program.contents import contents

__all__ = ["contents"]
