"""What can be wrong with weights, one kind of mistake per file.

``GUESSES`` explain numbers that no scheme explains as they stand; each gives suspicions with their
evidence, and the best are reported. What is wrong on its own (``values``, ``stacking`` …) is called
by name in ``judging``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from imbweights.auditing.case import Case, Suspicion
from imbweights.auditing.mistakes import inverted, order, out_of_line, role, split

Guess = Callable[[Case], Iterator[Suspicion]]

GUESSES: tuple[Guess, ...] = (
    inverted.suspicions,
    order.suspicions,
    role.suspicions,
    split.suspicions,
    out_of_line.suspicions,
)
