"""From docstrings and registers to Markdown: what the made pages share."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

_DOCTEST = re.compile(r"^>>> .*(?:\n(?!\s*$).*)*", re.MULTILINE)
_TABLE = re.compile(
    r"^(?P<rule>=+(?: +=+)+)\n(?P<head>.*)\n(?P=rule)\n(?P<body>(?:(?!=).*\n)+)(?P=rule)\n",
    re.MULTILINE,
)
_NAME = re.compile(r"[A-Za-z_]\w*")
_LINK = re.compile(r"(?<![<(\w])(https?://[^\s,)>]+)")
_ARXIV = re.compile(r"\barXiv:(\d{4}\.\d{4,5})\b")


def prose(thing: Any) -> str:
    """What a function or class says of itself: doctests become code, addresses links."""
    text = inspect.cleandoc(thing.__doc__ or "")
    parts = re.split(r"(^>>> (?:.+\n?)+)", text, flags=re.MULTILINE)
    return "".join(
        _session(part, thing) if part.startswith(">>> ") else _outside_code(part) for part in parts
    ).strip()


def _session(doctest: str, thing: Any) -> str:
    """A doctest that runs alone: with the imports that its module has."""
    known = vars(inspect.getmodule(thing))
    used = dict.fromkeys(_NAME.findall(doctest))
    lines = [_import(name, known[name]) for name in used if name in known]
    begun = "".join(f">>> {line}\n" for line in lines if line and f">>> {line}" not in doctest)
    return f"```pycon\n{begun}{doctest.rstrip()}\n```\n"


def _import(name: str, value: Any) -> str:
    if isinstance(value, ModuleType):
        return f"import {value.__name__} as {name}"
    ours = (inspect.isclass(value) or inspect.isroutine(value)) and value.__module__
    return f"from {ours} import {name}" if str(ours).startswith("imbweights") else ""


def _simple_table(found: re.Match[str]) -> str:
    """A table between lines of ``=`` as one in Markdown; a row without a first cell goes on."""
    rule, head, body = found["rule"], found["head"], found["body"]
    spans = [column.span() for column in re.finditer("=+", rule)]
    ends = [start for start, _ in spans[1:]]
    cut = [slice(start, end) for (start, _), end in zip(spans, [*ends, None], strict=True)]
    rows: list[list[str]] = []
    for line in body.splitlines():
        cells = [line[part].strip() for part in cut]
        if cells[0] or not rows:
            rows.append(cells)
        else:
            rows[-1] = [" ".join(filter(None, pair)) for pair in zip(rows[-1], cells, strict=True)]
    return table([head[part].strip() for part in cut], rows) + "\n"


def reference(thing: Any, where: str) -> str:
    """A line with the source, unless the docstring names it."""
    named = re.search(r"\bSources?: ", thing.__doc__ or "")
    return "" if named else f"Reference: {linked(cell(where))}."


def _outside_code(text: str) -> str:
    text = _TABLE.sub(_simple_table, text)
    text = re.sub(r"``([^`]+)``", r"`\1`", text)
    return linked(text).replace("*", r"\*")


def linked(text: str) -> str:
    """Addresses and arXiv numbers as links.

    >>> linked("Cui et al. 2019, arXiv:1901.05555")
    'Cui et al. 2019, [arXiv:1901.05555](https://arxiv.org/abs/1901.05555)'
    """
    return _ARXIV.sub(r"[arXiv:\1](https://arxiv.org/abs/\1)", _LINK.sub(r"<\1>", text))


def summary(docstring: str | None) -> str:
    """The first paragraph of a docstring on one line.

    >>> summary("Half of ``n``.")
    'Half of `n`.'
    """
    first = inspect.cleandoc(docstring or "").split("\n\n", maxsplit=1)[0]
    return " ".join(_outside_code(first).split())


def cell(text: str) -> str:
    """Text for a cell of a table: a bar would end it, a bracket could begin a tag.

    >>> cell("max |q - p| <list>")
    'max &#124;q - p&#124; &lt;list>'
    """
    return text.replace("|", "&#124;").replace("<", "&lt;").replace("\n", " ").replace("*", r"\*")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; the cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def paragraphs(*parts: str) -> str:
    """The parts that are not empty, a blank line between them."""
    return "\n\n".join(part for part in parts if part)
