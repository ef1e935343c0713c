"""Functions that are worked out: those that only change the container, and simple arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from imbweights.auditing.numbers import Written
from imbweights.auditing.reading.program.arithmetic import (
    LONGEST,
    FloatArray,
    array,
    as_key,
    packed,
    sequence,
    vector,
    whole,
)
from imbweights.auditing.reading.program.scopes import UnresolvedError

Values = Sequence[Any]
Options = Mapping[str, Any]

# Calls that only change the container of the numbers in their first argument …
WRAPPERS = frozenset(
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
        "float32",
        "float64",
        "Series",
        "Parameter",
        "deepcopy",
        "copy",
        "nan_to_num",
        "squeeze",
        "ravel",
    ]
)
# … and methods that only change that of the numbers they are called on.
METHODS = frozenset(
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
        "clone",
        "copy",
        "contiguous",
        "view",
        "reshape",
        "flatten",
        "ravel",
        "squeeze",
        "type_as",
        "to_numpy",
    ]
)
# What changes no number.
_IGNORED = frozenset(["dtype", "device", "requires_grad", "copy", "name", "keepdims", "keepdim"])

_ELEMENTWISE: dict[str, Callable[..., Any]] = {
    "sqrt": np.sqrt,
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "exp": np.exp,
    "expm1": np.expm1,
    "abs": np.abs,
    "absolute": np.abs,
    "square": np.square,
    "reciprocal": np.reciprocal,
    "negative": np.negative,
    "power": np.power,
    "pow": np.power,
    "float_power": np.power,
    "divide": np.divide,
    "true_divide": np.divide,
    "div": np.divide,
    "multiply": np.multiply,
    "mul": np.multiply,
    "add": np.add,
    "subtract": np.subtract,
    "sub": np.subtract,
    "maximum": np.maximum,
    "minimum": np.minimum,
}
_REDUCING: dict[str, Callable[[FloatArray], Any]] = {
    "sum": np.sum,
    "fsum": np.sum,
    "reduce_sum": np.sum,
    "mean": np.mean,
    "reduce_mean": np.mean,
    "max": np.max,
    "amax": np.max,
    "reduce_max": np.max,
    "min": np.min,
    "amin": np.min,
    "reduce_min": np.min,
    "prod": np.prod,
    "median": np.median,
}


def called(name: str, arguments: Values, options: Options, root: str) -> Any:
    """The value of a call. ``root``: the module it is of, empty for Python's own functions.

    Raises ``UnresolvedError`` for every other function.
    """
    given = {key: value for key, value in options.items() if key not in _IGNORED}
    if name in WRAPPERS and arguments:
        return vector(arguments[0])
    own = _OF_MODULES.get((root, name)) or _BUILDERS.get(name)
    if own is not None:
        return own(arguments, given)
    if name in _REDUCING and len(arguments) == 1:
        return _reduced(name, arguments[0], given, torch=root == "torch")
    if name in {"max", "min"} and len(arguments) > 1 and not root:
        return packed(_REDUCING[name](np.array([float(array(a)) for a in arguments])))
    if name in _ELEMENTWISE and not given:
        with np.errstate(all="ignore"):
            return packed(_ELEMENTWISE[name](*(array(a) for a in arguments)))
    raise UnresolvedError(name)


def _reduced(name: str, value: Any, options: Options, *, torch: bool) -> Any:
    axes = {float(array(v)) for key, v in options.items() if key in {"axis", "dim"}}
    if set(options) - {"axis", "dim"} or axes - {0.0, -1.0}:
        raise UnresolvedError(name)
    numbers = np.atleast_1d(array(value))
    if not numbers.size:
        raise UnresolvedError("nothing to reduce")
    if name == "median" and torch:  # of an even number torch takes the lower of the middle ones
        return packed(np.sort(numbers)[(numbers.size - 1) // 2])
    if name in {"max", "min"} and axes and torch:
        raise UnresolvedError("values and indices")
    return packed(_REDUCING[name](numbers))


def _length(arguments: Values, options: Options) -> Any:
    _only(arguments, 1, options)
    value = arguments[0]
    n = len(value) if isinstance(value, dict) else len(sequence(value))
    return Written(float(n), str(n))


def _listed(arguments: Values, options: Options) -> list[Any]:
    _only(arguments, 1, options)
    return sequence(arguments[0])


def _sorted(arguments: Values, options: Options) -> list[Any]:
    down = options.get("reverse") is True
    if set(options) - {"reverse"} or len(arguments) != 1:
        raise UnresolvedError("sorted")
    items = sequence(arguments[0])
    if all(isinstance(item, str) for item in items):
        return sorted(items, reverse=down)
    if all(isinstance(item, Written) for item in items):
        return sorted(items, key=lambda item: float(item.value), reverse=down)
    raise UnresolvedError("sorted")


def _range(arguments: Values, options: Options) -> list[Any]:
    numbers = [whole(a) for a in arguments]
    if options or not 1 <= len(numbers) <= 3 or (len(numbers) == 3 and not numbers[2]):
        raise UnresolvedError("range")
    found = range(*numbers)
    if len(found) > LONGEST:
        raise UnresolvedError("range")
    return [Written(float(i), str(i)) for i in found]


def _enumerated(arguments: Values, options: Options) -> list[Any]:
    start = whole(options.get("start", arguments[1] if len(arguments) > 1 else Written(0.0, "0")))
    items = enumerate(sequence(arguments[0]), start)
    return [[Written(float(i), str(i)), item] for i, item in items]


def _zipped(arguments: Values, options: Options) -> list[Any]:
    strict = options.get("strict") is True
    if set(options) - {"strict"}:
        raise UnresolvedError("zip")
    return [list(row) for row in zip(*(sequence(a) for a in arguments), strict=strict)]


def _dictionary(arguments: Values, options: Options) -> dict[Any, Any]:
    if len(arguments) > 1:
        raise UnresolvedError("dict")
    found: dict[Any, Any] = {}
    if arguments and isinstance(arguments[0], dict):
        found |= arguments[0]
    elif arguments:
        for row in sequence(arguments[0]):
            key, value = sequence(row)
            found[as_key(key)] = value
    return found | dict(options)


def _number(arguments: Values, options: Options) -> Any:
    _only(arguments, 1, options)
    if isinstance(arguments[0], str):
        found = Written.of(arguments[0])
        if found is None:
            raise UnresolvedError("float")
        return found
    if isinstance(arguments[0], Written):
        return arguments[0]
    raise UnresolvedError("float")


def _int(arguments: Values, options: Options) -> Any:
    value = _number(arguments, options).value
    if not math.isfinite(value):
        raise UnresolvedError("int")
    return Written(float(int(value)), str(int(value)))


def _rounded(arguments: Values, options: Options) -> Any:
    digits = options.get("decimals", options.get("ndigits"))
    places = whole(digits or (arguments[1] if len(arguments) > 1 else Written(0.0, "0")))
    value = vector(arguments[0])

    def one(number: Written) -> Written:
        new = round(number.value, places)
        return Written(new, f"{new:.{max(0, places)}f}")

    if isinstance(value, Written):
        return one(value)
    return type(value)(tuple(one(item) for item in value.items))


def _filled(value: float | None) -> Callable[[Values, Options], Any]:
    def fill(arguments: Values, options: Options) -> Any:
        if len(arguments) > (2 if value is None else 1):  # more axes
            raise UnresolvedError("size")
        size = arguments[0]
        if isinstance(size, list) and len(size) == 1:
            size = size[0]
        number = options.get("fill_value", arguments[1] if len(arguments) > 1 else None)
        n = whole(size)
        if not 0 <= n <= LONGEST:
            raise UnresolvedError("size")
        return packed(np.full(n, float(array(number)) if value is None else value))

    return fill


def _filled_like(value: float) -> Callable[[Values, Options], Any]:
    return lambda arguments, options: packed(np.full(array(arguments[0]).shape, value))


def _normalized(arguments: Values, options: Options) -> Any:
    """``F.normalize(w, p=1, dim=0)``."""
    power = float(array(options.get("p", Written(2.0, "2"))))
    if set(options) - {"p", "dim"} or len(arguments) != 1 or power not in {1.0, 2.0}:
        raise UnresolvedError("normalize")
    if float(array(options.get("dim", Written(1.0, "1")))) not in {0.0, -1.0}:
        raise UnresolvedError("normalize")
    found = array(arguments[0])
    return packed(found / np.linalg.norm(found, int(power)))


def _math_log(arguments: Values, options: Options) -> Any:
    """``math.log(x)`` and ``math.log(x, base)``."""
    logs = [np.log(array(a)) for a in arguments]
    if options or not 1 <= len(logs) <= 2:
        raise UnresolvedError("log")
    return packed(logs[0] if len(logs) == 1 else logs[0] / logs[1])


def _clipped(arguments: Values, options: Options) -> Any:
    low = options.get("min", options.get("a_min", arguments[1] if len(arguments) > 1 else None))
    high = options.get("max", options.get("a_max", arguments[2] if len(arguments) > 2 else None))
    found = array(arguments[0])
    found = found if low is None else np.maximum(found, array(low))
    return packed(found if high is None else np.minimum(found, array(high)))


def _joined(arguments: Values, options: Options) -> Any:
    del options
    parts = [np.atleast_1d(array(part)) for part in sequence(arguments[0])]
    return packed(np.concatenate(parts))


def _spread(arguments: Values, options: Options) -> Any:
    return vector(_range(arguments, options))


def _only(arguments: Values, n: int, options: Options) -> None:
    if len(arguments) != n or options:
        raise UnresolvedError("arguments")


_BUILDERS: dict[str, Callable[[Values, Options], Any]] = {
    "len": _length,
    "list": _listed,
    "tuple": _listed,
    "sorted": _sorted,
    "reversed": lambda arguments, options: _listed(arguments, options)[::-1],
    "range": _range,
    "enumerate": _enumerated,
    "zip": _zipped,
    "dict": _dictionary,
    "Counter": _dictionary,
    "OrderedDict": _dictionary,
    "float": _number,
    "int": _int,
    "round": _rounded,
    "around": _rounded,
    "ones": _filled(1.0),
    "zeros": _filled(0.0),
    "full": _filled(None),
    "ones_like": _filled_like(1.0),
    "zeros_like": _filled_like(0.0),
    "clip": _clipped,
    "clamp": _clipped,
    "clip_by_value": _clipped,
    "concatenate": _joined,
    "cat": _joined,
    "hstack": _joined,
    "stack": _joined,
    "arange": _spread,
}

# What means something else in another module.
_OF_MODULES: dict[tuple[str, str], Callable[[Values, Options], Any]] = {
    ("math", "log"): _math_log,
    ("F", "normalize"): _normalized,
    ("torch", "normalize"): _normalized,
}
