"""The page of the Python interface: every public name, from its docstring."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from enum import Enum
from functools import cached_property
from typing import Any

from docs_text import cell, paragraphs, prose, summary, table

import imbweights

_WIDE = 88


def python_part() -> str:
    """Functions first, then what they return and take."""
    names = [n for n in imbweights.__all__ if not n.startswith("__")]
    functions = [n for n in names if inspect.isfunction(getattr(imbweights, n))]
    others = [n for n in names if n not in functions]
    rows = [[_link(n), summary(_doc(n))] for n in [*functions, *others]]
    return paragraphs(
        table(["name", "what it is"], rows),
        "## Functions",
        *(_function(name) for name in functions),
        "## What they give and take",
        *(_class(name) for name in others),
        "### `__version__`",
        "The version of the package, as text.",
    )


def _doc(name: str) -> str | None:
    return inspect.getdoc(getattr(imbweights, name))


def _link(name: str) -> str:
    return f"[`{name}`](#{'class-' if name[0].isupper() else ''}{name.lower()})"


def _function(name: str) -> str:
    signature = _signature(name, getattr(imbweights, name))
    return paragraphs(f"### `{name}`", signature, prose(getattr(imbweights, name)))


def _signature(name: str, function: Any) -> str:
    """The call with types, broken at commas when it is long."""
    parameters = list(inspect.signature(function).parameters.values())
    texts = [_parameter(p) for p in parameters if p.name != "self"]
    first = next((i for i, p in enumerate(parameters) if p.kind is p.KEYWORD_ONLY), None)
    if first is not None and not any(p.kind is p.VAR_POSITIONAL for p in parameters):
        texts.insert(first, "*")
    returns = inspect.signature(function).return_annotation
    end = "" if returns is inspect.Signature.empty else f" -> {_type(returns)}"
    line = f"{name}({', '.join(texts)}){end}"
    if len(line) > _WIDE:
        inner = "".join(f"    {text},\n" for text in texts)
        line = f"{name}(\n{inner}){end}"
    return f"```text\n{line}\n```"


def _parameter(parameter: inspect.Parameter) -> str:
    # How Python writes it: with the stars, without the quotes around types.
    text = str(parameter.replace(annotation=parameter.empty, default=parameter.empty))
    if parameter.annotation is not parameter.empty:
        text += f": {_type(parameter.annotation)}"
    if parameter.default is not parameter.empty:
        text += f" = {_default(parameter.default)}"
    return text


def _type(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "Any")


def _default(value: object) -> str:
    return f"{type(value).__name__}.{value.name}" if isinstance(value, Enum) else repr(value)


def _class(name: str) -> str:
    cls = getattr(imbweights, name)
    members = _values(cls) if issubclass(cls, Enum) else _members(cls)
    return paragraphs(f"### class `{name}`", prose(getattr(imbweights, name)), members)


def _values(cls: type[Enum]) -> str:
    return table(["member", "value"], [[f"`{m.name}`", f"`{m.value}`"] for m in cls])


def _members(cls: type) -> str:
    rows = [[f"`{call}`", cell(text)] for call, text in _public(cls)]
    return table(["member", "what it is"], rows) if rows else ""


def _public(cls: type) -> Iterable[tuple[str, str]]:
    """Properties and methods that say what they are."""
    for name, member in vars(cls).items():
        plain = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        documented = summary(inspect.getdoc(plain))
        if name.startswith("_") or not documented:
            continue
        if isinstance(member, property | cached_property):
            yield name, documented
        elif inspect.isfunction(plain):
            taken = [p.name for p in inspect.signature(plain).parameters.values()]
            yield f"{name}({', '.join(t for t in taken if t not in {'self', 'cls'})})", documented
