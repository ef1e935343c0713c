"""What was typed, as a command takes it, without loading a validator where there is nothing to validate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args, get_origin


def light(parameter: Any) -> None:
    """Let an option that was not given, or is text, be what it is.

    Typer builds a Pydantic validator for every option of a command, given or not, which takes as
    long as everything else that is loaded to count a small table. What has to become a number or a
    path still goes that way, and so does everything of a Typer that has no such validators.
    """
    full = getattr(parameter, "get_runtime_param", None)
    if full is not None and hasattr(parameter, "type_descriptor"):
        coercion = _Coercion(parameter.type_descriptor.annotation, full)
        parameter.get_runtime_param = lambda: coercion


@dataclass(frozen=True, slots=True)
class _Coercion:
    """Stands for Typer's own, and asks it for what is not plain."""

    annotation: Any
    full: Callable[[], Any]

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value that the command gets."""
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        if several and _is_texts(self.annotation, value):
            return list(value)
        if not several and isinstance(self.annotation, type):
            if isinstance(value, self.annotation):
                return value
            if issubclass(self.annotation, StrEnum) and value in set(self.annotation):
                return self.annotation(value)
        return self.full().coerce(value, param=param, ctx=ctx)


def _is_texts(annotation: Any, value: Any) -> bool:
    """Whether a list of text is wanted and given."""
    wanted = get_origin(annotation) is list and get_args(annotation) == (str,)
    return wanted and isinstance(value, list | tuple) and all(isinstance(v, str) for v in value)
