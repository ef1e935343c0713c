"""Everything in a program that is given a name: assignments, keywords, entries of dictionaries."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from imbweights.auditing.reading.program.evaluating import called_name
from imbweights.auditing.reading.program.scopes import Scopes

# Where losses take their weight when it has no name.
LOSSES = {
    "CrossEntropyLoss": 0,
    "NLLLoss": 0,
    "BCELoss": 0,
    "BCEWithLogitsLoss": 0,
    "cross_entropy": 2,
    "nll_loss": 2,
}
_TYPES = ("type", "_target_", "name")


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """``path``: its name, with the names around it; ``node``: its value; ``owner``: the function or
    type that it is handed to, empty for a variable, whose ``target`` is what is assigned to.
    """

    path: str
    node: ast.expr
    owner: str = ""
    target: ast.expr | None = None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit(".", 1)[-1]


def settings(node: ast.AST, scopes: Scopes, path: str = "") -> Iterator[Setting]:
    """All of them, in the order of the program."""
    named = list(_named(node, scopes, path))
    for setting in named:
        yield setting
        yield from settings(setting.node, scopes, setting.path)
    known = {id(setting.node) for setting in named}
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.keyword) and id(child) not in known:
            yield from settings(child, scopes, path)


def _named(node: ast.AST, scopes: Scopes, path: str) -> Iterator[Setting]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _assigned(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _assigned(target, value)
        case ast.AugAssign(target=target) if id(node) in scopes.augmented:
            yield from _assigned(target, scopes.augmented[id(node)])
        case ast.Call():
            yield from _handed(node, path)
        case ast.Dict(keys=keys, values=values):
            pairs = [
                (k.value, v)
                for k, v in zip(keys, values, strict=True)
                if isinstance(k, ast.Constant) and isinstance(k.value, str)
            ]
            owner = _type(pairs)
            for key, value in pairs:
                yield Setting(_joined(path, key), value, owner)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[Setting]:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield Setting(name, value, "", target)
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            yield Setting(name, value, "", target)


def _handed(node: ast.Call, path: str) -> Iterator[Setting]:
    called = called_name(node.func)
    if called == "add_argument":
        yield from _argument(node)
        return
    if called == "register_buffer":
        match node.args:
            case [ast.Constant(value=str() as name), value, *_]:
                yield Setting(name, value)
    # dict(a=…) is a dictionary; another call names what it makes.
    pairs = [(k.arg, k.value) for k in node.keywords if k.arg]
    owner = _type(pairs) if called == "dict" else called
    prefix = path or ("" if called == "dict" else called)
    for name, value in pairs:
        yield Setting(_joined(prefix, name), value, owner)
    place = LOSSES.get(called)
    if place is not None and len(node.args) > place:
        value = node.args[place]
        if not any(isinstance(a, ast.Starred) for a in node.args[: place + 1]):
            yield Setting(f"{called}.weight", value, owner)


def _argument(node: ast.Call) -> Iterator[Setting]:
    """``add_argument("--class-weights", default=…)``."""
    names = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    for keyword in node.keywords:
        if keyword.arg == "default" and names:
            yield Setting(max(names, key=len).lstrip("-"), keyword.value)


def _type(pairs: Sequence[tuple[str, ast.expr]]) -> str:
    """What a dictionary of settings says that it is for."""
    named = {k: v.value for k, v in pairs if isinstance(v, ast.Constant)}
    return next((str(named[k]) for k in _TYPES if isinstance(named.get(k), str)), "")


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
