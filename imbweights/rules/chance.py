"""Whether chance alone explains a difference of two samples: exact tests of single classes."""

from __future__ import annotations

# Together, over all classes of a data set, false alarms stay rarer than these.
SURE = 0.001
_OF_ALL = 0.01


def surely(p: float, classes: int) -> bool:
    """Whether so small a chance is no accident, when so many classes were looked at.

    >>> surely(0.0005, 3), surely(0.0005, 100)
    (True, False)
    """
    return p < min(SURE, _OF_ALL / max(classes, 1))


def chance_of_absence(there: float, size: float, other: float) -> float:
    """P that all ``there`` samples of a class are in the sample of ``size``, none in the ``other``.

    (size / (size + other))^there: what Fisher's exact test says, slightly more where the class is
    frequent. It does not take the share that was seen for the true one, so that a class seen once
    is no proof.

    >>> chance_of_absence(10, 100, 100) == 0.5**10
    True
    """
    if not size or not other:
        return 1.0
    return float((size / (size + other)) ** there)


def chance_of_change(before: float, size: float, now: float, other: float) -> float:
    """P of counts at least so far apart, ``before`` of ``size`` and ``now`` of ``other``, two-sided.

    Given before + now samples of the class, now is binomial with probability
    other / (size + other): the exact comparison of two rates (Przyborowski and Wilenski 1940).

    >>> chance_of_change(10, 100, 0, 100) == 2 * 0.5**10
    True
    """
    from scipy.special import betainc

    every, p = before + now, other / (size + other)
    at_most = 1.0 if now >= every else float(betainc(every - now, now + 1, 1 - p))
    at_least = 1.0 if now <= 0 else float(betainc(now, every - now + 1, p))
    return min(1.0, 2 * min(at_most, at_least, 1.0))
