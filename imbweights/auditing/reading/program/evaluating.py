"""A small calculator for expressions that are constants in disguise. Nothing is executed: each kind
of expression is worked out here, on the syntax tree, and what is none of these stays unknown.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping
from typing import Any

from imbweights.auditing.numbers import Written
from imbweights.auditing.reading.program import calls
from imbweights.auditing.reading.program.arithmetic import (
    UNKNOWN,
    Unknown,
    Vector,
    as_key,
    as_value,
    combined,
    sequence,
    signed,
    whole,
)
from imbweights.auditing.reading.program.scopes import Scopes, UnresolvedError

_CONSTANTS = {
    "nan": math.nan,
    "inf": math.inf,
    "NaN": math.nan,
    "Inf": math.inf,
    "e": math.e,
    "pi": math.pi,
}
_DEEPEST = 120
_MOST_STEPS = 200_000
# Of all expressions of a program: some seconds.
_MOST_IN_ALL = 1_000_000
_AT_A_TIME = 20

Locals = Mapping[str, Any]


def called_name(func: ast.expr) -> str:
    """The last part of what is called."""
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "call")


class Evaluator:
    """Values of expressions in one program. ``used``: the assigned expressions that the last value
    came from, by ``id``.
    """

    def __init__(self, text: str, scopes: Scopes) -> None:
        """Nothing is worked out yet."""
        self.lines = [line.encode() for line in text.splitlines()]
        self.scopes = scopes
        self.used: set[int] = set()
        self._steps = 0
        self._all_steps = 0
        self._depth = 0

    def value(self, node: ast.expr) -> Any:
        """A number, a list or mapping of them, or ``None`` for what is none of these."""
        self._all_steps += self._steps
        self.used, self._steps, self._depth = set(), 0, 0
        if self._all_steps > _MOST_IN_ALL:
            return None
        try:
            return plain(self._value(node, {}))
        except (UnresolvedError, ArithmeticError, ValueError, TypeError, LookupError):
            return None
        except RecursionError:
            return None

    def _value(self, node: ast.expr, local: Locals) -> Any:
        self._steps += 1
        self._depth += 1
        if self._depth > _DEEPEST or self._steps > _MOST_STEPS:
            raise UnresolvedError("too much")
        try:
            found = self._simple(node, local)
            if isinstance(found, list):  # long lists take their time, too
                self._steps += len(found) // _AT_A_TIME
            return found
        finally:
            self._depth -= 1

    def _simple(self, node: ast.expr, local: Locals) -> Any:
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return [self._part(item, local) for item in items]
            case ast.Name(id=name):
                return local[name] if name in local else self._named(name, node)
        return self._operation(node, local)

    def _operation(self, node: ast.expr, local: Locals) -> Any:
        match node:
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
                return signed(self._value(operand, local), sign)
            case ast.BinOp(left=left, op=op, right=right):
                return combined(self._value(left, local), op, self._value(right, local))
            case ast.Call():
                return self._call(node, local)
        return self._compound(node, local)

    def _compound(self, node: ast.expr, local: Locals) -> Any:
        match node:
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                return {self._key(k, local): self._part(v, local) for k, v in pairs}
            case ast.Attribute():
                return self._attribute(node, local)
            case ast.Subscript(value=value, slice=index):
                return self._item(self._value(value, local), index, local)
            case ast.ListComp(elt=one) | ast.GeneratorExp(elt=one):
                return [self._value(one, inner) for inner in self._each(node.generators, local)]
            case ast.DictComp(key=key, value=value):
                rounds = self._each(node.generators, local)
                return {self._key(key, inner): self._value(value, inner) for inner in rounds}
        raise UnresolvedError(type(node).__name__)

    def _part(self, node: ast.expr, local: Locals) -> Any:
        """An entry, unknown where only running would tell."""
        try:
            return self._value(node, local)
        except (UnresolvedError, ArithmeticError, ValueError, TypeError, LookupError):
            return UNKNOWN

    def _key(self, node: ast.expr | None, local: Locals) -> Any:
        if node is None:
            raise UnresolvedError("**")
        return as_key(self._value(node, local))

    def _constant(self, node: ast.Constant) -> Any:
        if isinstance(node.value, str):
            return node.value
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return Written(float(node.value), self._text(node, float(node.value)))
        if node.value is True:
            return True
        raise UnresolvedError("constant")

    def _text(self, node: ast.Constant, number: float) -> str:
        line = self.lines[node.lineno - 1] if node.lineno <= len(self.lines) else b""
        text = line[node.col_offset : node.end_col_offset].decode(errors="replace")
        written = Written.of(text)
        return text if written is not None and written.value == number else repr(float(number))

    def _named(self, name: str, node: ast.expr) -> Any:
        return self._bound(self.scopes.binding(name, node))

    def _bound(self, binding: Any) -> Any:
        if binding.value is None:
            raise UnresolvedError("no value")
        self.used.add(id(binding.value))
        found = self._value(binding.value, {})
        for i in binding.item:
            found = sequence(found)[i]
        if isinstance(found, Unknown):
            raise UnresolvedError("unknown part")
        return found

    def _attribute(self, node: ast.Attribute, local: Locals) -> Any:
        base = node.value
        if isinstance(base, ast.Name):
            if node.attr in _CONSTANTS and self.scopes.is_module(base.id, base):
                return Written.computed(_CONSTANTS[node.attr])
            if (base.id, node.attr) in self.scopes.attributes:
                return self._bound(self.scopes.attribute(base.id, node.attr))
            made = self._class_of(base)
            if (made, node.attr) in self.scopes.attributes:
                return self._bound(self.scopes.attribute(made, node.attr))
        value = self._value(base, local)
        if isinstance(value, Vector) and node.attr in {"shape", "size"}:
            n = Written(float(len(value.items)), str(len(value.items)))
            return [n] if node.attr == "shape" else n
        if isinstance(value, Vector) and node.attr in {"T", "values", "data"}:
            return value
        raise UnresolvedError(node.attr)

    def _class_of(self, base: ast.Name) -> str:
        """``cfg = Config()``: the class it is of, as far as one is."""
        try:
            made = self.scopes.binding(base.id, base).value
        except UnresolvedError:
            return ""
        return called_name(made.func) if isinstance(made, ast.Call) else ""

    def _item(self, value: Any, index: ast.expr, local: Locals) -> Any:
        if isinstance(index, ast.Slice):
            bounds = (index.lower, index.upper, index.step)
            span = slice(*(None if b is None else whole(self._value(b, local)) for b in bounds))
            items = sequence(value)[span]
            return Vector(tuple(items)) if isinstance(value, Vector) else items
        key = self._value(index, local)
        found = value[as_key(key)] if isinstance(value, dict) else sequence(value)[whole(key)]
        if isinstance(found, Unknown):
            raise UnresolvedError("unknown part")
        return found

    def _each(self, generators: list[ast.comprehension], local: Locals) -> Iterator[Locals]:
        """The variables of each round of a comprehension."""
        if len(generators) != 1 or generators[0].ifs or generators[0].is_async:
            raise UnresolvedError("comprehension")
        one = generators[0]
        for item in sequence(self._value(one.iter, local)):
            yield {**local, **dict(_unpacked(one.target, item))}

    def _call(self, node: ast.Call, local: Locals) -> Any:
        name = called_name(node.func)
        options = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise UnresolvedError("**")
            options[keyword.arg] = self._part(keyword.value, local)
        if name == "field":
            return self._default(node, local)
        root = self._root(node.func)
        if root is not None:
            arguments = [self._value(a, local) for a in node.args]
            return calls.called(name, arguments, options, root)
        if isinstance(node.func, ast.Attribute):
            return self._method(node, self._value(node.func.value, local), options, local)
        raise UnresolvedError(name)

    def _default(self, node: ast.Call, local: Locals) -> Any:
        """The default of a dataclass: ``field(default_factory=lambda: […])``."""
        for keyword in node.keywords:
            match keyword:
                case ast.keyword(arg="default", value=value):
                    return self._value(value, local)
                case ast.keyword(arg="default_factory", value=ast.Lambda(body=value)):
                    return self._value(value, local)
        raise UnresolvedError("field")

    def _root(self, func: ast.expr) -> str | None:
        """The module that a function is of, ``""`` for Python's own, ``None`` for a method and for
        functions of this program.
        """
        if isinstance(func, ast.Name):
            return "" if self.scopes.is_module(func.id, func) else None
        root = func
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(root, ast.Name) and self.scopes.is_module(root.id, root):
            return root.id
        return None

    def _method(self, node: ast.Call, value: Any, options: Mapping[str, Any], local: Locals) -> Any:
        name = called_name(node.func)
        if isinstance(value, dict):
            return _of_dictionary(name, value)
        if name in {"view", "reshape"} and len(node.args) != 1:
            raise UnresolvedError(name)
        if name in calls.METHODS:
            # An array becomes a list, and may then be joined.
            return sequence(value) if name == "tolist" else value
        if isinstance(value, list):
            raise UnresolvedError(name)
        arguments = [self._value(a, local) for a in node.args]
        if name == "size":
            return calls.called("len", [value], {}, "")
        if name == "item":
            return value
        if name in calls.WRAPPERS:
            raise UnresolvedError(name)
        return calls.called(name, [value, *arguments], options, "array")


def _of_dictionary(name: str, value: Mapping[Any, Any]) -> list[Any]:
    if name == "values":
        return list(value.values())
    if name == "keys":
        return [as_value(key) for key in value]
    if name == "items":
        return [[as_value(key), item] for key, item in value.items()]
    raise UnresolvedError(name)


def _unpacked(target: ast.expr, item: Any) -> Iterator[tuple[str, Any]]:
    match target:
        case ast.Name(id=name):
            yield name, item
            return
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            items = sequence(item)
            if len(items) == len(parts):
                for part, one in zip(parts, items, strict=True):
                    yield from _unpacked(part, one)
                return
    raise UnresolvedError("target")


def plain(value: Any) -> Any:
    """Only what is made of numbers: one, a list, or a mapping; ``None`` for anything else."""
    if isinstance(value, Vector):
        return list(value.items)
    if isinstance(value, list):
        if len(value) == 1 and isinstance(value[0], list | Vector):
            return plain(value[0])
        return value if value and all(isinstance(item, Written) for item in value) else None
    if isinstance(value, dict):
        return value if value and all(isinstance(v, Written) for v in value.values()) else None
    return value if isinstance(value, Written) else None
