"""Weights in Python source, found without running it."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from imbweights.auditing.given import Kind, Knob
from imbweights.auditing.numbers import Written
from imbweights.auditing.reading import data
from imbweights.auditing.reading.found import Contents, Found
from imbweights.auditing.reading.names import sampler, use_of
from imbweights.core.errors import UsageError

# Calls that only change the container of the numbers in their first argument …
_WRAPPERS = frozenset(
    [
        "array",
        "asarray",
        "tensor",
        "as_tensor",
        "Tensor",
        "FloatTensor",
        "DoubleTensor",
        "HalfTensor",
        "constant",
        "convert_to_tensor",
        "Variable",
        "from_numpy",
        "list",
        "tuple",
        "float32",
        "float64",
        "Series",
        "Parameter",
    ]
)
# … and methods that only change that of the numbers they are called on.
_METHODS = frozenset(
    [
        "to",
        "cuda",
        "cpu",
        "float",
        "double",
        "half",
        "numpy",
        "tolist",
        "astype",
        "detach",
        "type",
        "requires_grad_",
    ]
)
_CONSTANTS = {"nan": math.nan, "inf": math.inf, "NaN": math.nan, "Inf": math.inf}
_DEEPEST = 80
_COMPUTED = (ast.Call, ast.BinOp, ast.List, ast.Dict, ast.ListComp, ast.DictComp)
# Their first argument is the weight.
_LOSSES = frozenset({"CrossEntropyLoss", "NLLLoss", "BCELoss", "BCEWithLogitsLoss"})
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)


def contents(text: str, name: str) -> Contents:
    """The vectors and knobs of a program. Raises ``UsageError`` where it cannot be parsed."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        raise UsageError(
            f"{name}: is no Python that can be parsed" + (f" (line {line})" if line else ""),
            hint="give the numbers themselves: imbweights audit 0.5,1,2 --on …",
        ) from error
    reader = _Reader(text, tree)
    try:
        settings = list(_settings(tree))
    except RecursionError as error:
        raise UsageError(f"{name}: is nested too deep to be searched for weights") from error
    vectors: list[Found] = []
    computed: list[tuple[str, int]] = []
    knobs: list[Knob] = list(_calls(tree))
    for path, node in settings:
        value = reader.value(node)
        found = data.vector(path, value, node.lineno) if value is not None else None
        literal = isinstance(node, ast.List | ast.Tuple | ast.Dict | ast.Call)
        if found is not None and (found.known or literal):
            vectors.append(found)
        elif use_of(path.rsplit(".", 1)[-1]) and isinstance(node, _COMPUTED):
            computed.append((path, node.lineno))
        knobs += _knob(path, reader.setting(node, value), node.lineno)
    return Contents(
        vectors=tuple(_distinct(vectors)),
        knobs=tuple(dict.fromkeys(knobs)),
        computed=tuple(computed),
    )


def _knob(path: str, value: Any, line: int) -> Iterator[Knob]:
    """Weights count as a knob where they are handed over; those of a sampler are the sampler's."""
    parents = path.split(".")[:-1]
    for found in data.knob(path, value, line):
        if found.kind is not Kind.WEIGHTS or (parents and not sampler(parents[-1])):
            yield found


def _distinct(vectors: list[Found]) -> Iterator[Found]:
    """``weight=torch.tensor(weights)`` is the ``weights`` defined above it: once is enough, under
    the name that says more.
    """
    best: dict[tuple[Any, ...], Found] = {}
    for found in vectors:
        key = (tuple(n.text for n in found.numbers), found.keys)
        other = best.get(key)
        if other is None or (found.known and not other.known) or _says_more(found, other):
            best[key] = found
    kept = {id(found) for found in best.values()}
    return iter(sorted((f for f in vectors if id(f) in kept), key=lambda f: f.line or 0))


def _says_more(found: Found, other: Found) -> bool:
    vague = {"weight", "weights"}
    return found.known and other.name in vague and found.name not in vague


def _settings(node: ast.AST, path: str = "") -> Iterator[tuple[str, ast.expr]]:
    """Everything that is given a name, with the names around it: assignments, keywords, entries of
    dictionaries.
    """
    for name, value in _named(node, path):
        yield name, value
        yield from _settings(value, name)
    known = {id(value) for _, value in _named(node, path)}
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.keyword):
            continue
        if id(child) not in known:
            yield from _settings(child, path)


def _named(node: ast.AST, path: str) -> list[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            return [(name, value) for target in targets for name in _target(target)]
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            return [(name, value) for name in _target(target)]
        case ast.Call(func=func, keywords=keywords):
            # dict(a=…) is a dictionary; another call names what it makes.
            prefix = path or ("" if _called(func) == "dict" else _called(func))
            return [(_joined(prefix, k.arg), k.value) for k in keywords if k.arg]
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return [
                (_joined(path, k.value), v)
                for k, v in pairs
                if isinstance(k, ast.Constant) and isinstance(k.value, str)
            ]
    return []


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _target(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            yield name


def _called(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "call")


def _calls(tree: ast.AST) -> Iterator[Knob]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = _called(node.func)
        if sampler(called):
            yield Knob(name=called, value="", kind=Kind.SAMPLER, line=node.lineno)
        elif called in _LOSSES and node.args:
            yield Knob(name=f"{called} weight", value="", kind=Kind.WEIGHTS, line=node.lineno)


class _Reader:
    """Values of expressions that are constants in disguise."""

    def __init__(self, text: str, tree: ast.AST) -> None:
        self.lines = text.splitlines()
        self.assigned: dict[str, ast.expr | None] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for name in (t.id for t in node.targets if isinstance(t, ast.Name)):
                    # What is assigned twice is known only to who runs it.
                    self.assigned[name] = None if name in self.assigned else node.value

    def value(self, node: ast.expr) -> Any:
        """A number, a list or mapping of them, or ``None`` for what is none of these."""
        try:
            return _plain(self._value(node, 0))
        except (ArithmeticError, ValueError, TypeError, RecursionError):
            return None

    def setting(self, node: ast.expr, value: Any) -> Any:
        """What a knob is set to: a constant, a name of a class, or anything else."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Call) and sampler(_called(node.func)):
            return _called(node.func)
        if value is None and isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            source = self.assigned.get(getattr(node, "id", ""))
            return self.setting(source, None) if isinstance(source, ast.Call) else "?"
        return value if value is not None else ()

    def _value(self, node: ast.expr, depth: int) -> Any:
        if depth > _DEEPEST:
            raise ValueError
        if isinstance(node, ast.Constant):
            return self._constant(node)
        if isinstance(node, ast.List | ast.Tuple):
            return [self._value(item, depth + 1) for item in node.elts]
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        return self._compound(node, depth + 1)

    def _constant(self, node: ast.Constant) -> Any:
        if isinstance(node.value, str):
            return node.value
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return Written(float(node.value), self._text(node, float(node.value)))
        raise ValueError

    def _compound(self, node: ast.expr, depth: int) -> Any:
        match node:
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
                return _signed(self._value(operand, depth), sign)
            case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _OPERATORS):
                return _combined(self._value(left, depth), op, self._value(right, depth))
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                return {_key(k): self._value(v, depth) for k, v in pairs}
            case ast.Name(id=name) if isinstance(self.assigned.get(name), ast.expr):
                return self._value(self._assigned(name), depth)
            case ast.Attribute(attr=name) if name in _CONSTANTS:
                return Written.computed(_CONSTANTS[name])
        raise ValueError

    def _assigned(self, name: str) -> ast.expr:
        found = self.assigned[name]
        if found is None:
            raise ValueError
        return found

    def _text(self, node: ast.Constant, number: float) -> str:
        line = self.lines[node.lineno - 1].encode() if node.lineno <= len(self.lines) else b""
        text = line[node.col_offset : node.end_col_offset].decode(errors="replace")
        written = Written.of(text)
        return text if written is not None and written.value == number else repr(float(number))

    def _call(self, node: ast.Call, depth: int) -> Any:
        called = _called(node.func)
        if isinstance(node.func, ast.Attribute) and called in _METHODS:
            return self._value(node.func.value, depth + 1)
        if called == "dict" and not node.args:
            return {k.arg: self._value(k.value, depth + 1) for k in node.keywords}
        if called == "float" and node.args:
            value = self._value(node.args[0], depth + 1)
            return Written.of(value) if isinstance(value, str) else value
        if called in _WRAPPERS and node.args:
            return self._value(node.args[0], depth + 1)
        raise ValueError


def _key(node: ast.expr | None) -> Any:
    if isinstance(node, ast.Constant) and type(node.value) in {int, str}:
        return node.value
    raise ValueError


def _signed(value: Any, sign: ast.unaryop) -> Any:
    if isinstance(sign, ast.UAdd) or value is None:
        return value
    if isinstance(value, Written):
        return Written(-value.value, f"-{value.text}")
    return [_signed(item, sign) for item in value]


def _combined(left: Any, op: ast.operator, right: Any) -> Any:
    """Arithmetic of constants; a list stands for an array."""
    with np.errstate(all="ignore"):
        a, b = _array(left), _array(right)
        match op:
            case ast.Add():
                result = a + b
            case ast.Sub():
                result = a - b
            case ast.Mult():
                result = a * b
            case ast.Div():
                result = a / b
            case _:
                result = np.power(a, b)
    if result.ndim == 0:
        return Written.computed(float(result))
    return [Written.computed(v) for v in result.tolist()]


def _array(value: Any) -> Any:
    if isinstance(value, Written):
        return np.float64(value.value)
    return np.array([item.value for item in value], dtype=np.float64)


def _plain(value: Any) -> Any:
    """Only what is made of numbers."""
    return None if isinstance(value, str) else value
