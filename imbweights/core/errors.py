"""What can go wrong, as exceptions that carry a message for the user and what to do next."""

from __future__ import annotations


class ImbweightsError(ValueError):
    r"""Base of every error that imbweights raises for bad input.

    ``message`` says what was expected, what was found and where; ``hint`` says what to do
    next. The command line prints both and exits with status 2.

    >>> str(ImbweightsError("no labels in a.csv", hint="name the column with --label"))
    'no labels in a.csv\nname the column with --label'
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        """Keep both parts; ``str()`` of the error has them on lines of their own."""
        super().__init__(message if hint is None else f"{message}\n{hint}")
        self.message = message
        self.hint = hint


class UsageError(ImbweightsError):
    """Options that contradict each other or that do not fit this data."""


class ConfigError(ImbweightsError):
    """A configuration file that cannot be used."""


class SourceError(ImbweightsError):
    """A file, array or object from which no labels can be read."""


class AmbiguousSourceError(SourceError):
    """Two readings of the same input are plausible; the hint lists them with the option that decides."""


class CountsError(ImbweightsError):
    """Class counts that contradict themselves, or from which the wanted number does not follow."""
