"""``ClassWeights``: what to train with, in class order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from imbweights.core.choices import EmptyPolicy, Normalization
from imbweights.core.errors import CountsError, UsageError
from imbweights.core.labels import label_texts

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "imbweights.weights/1"
FROM_EPOCH = "epoch"
FloatArray = npt.NDArray[np.float64]


class Role(StrEnum):
    """What the numbers are for; they are not interchangeable.

    ``CLASS_WEIGHT`` multiplies the loss of a sample by the weight of its true class;
    ``POS_WEIGHT`` multiplies only the positive term of a binary cross-entropy. The others are no
    weights: ``FOCAL_ALPHA`` is the α of a focal loss, ``LOGIT_OFFSET`` is added to a logit,
    ``MARGIN`` is subtracted from the logit of the true class, ``INITIAL_BIAS`` is where the bias
    of the last layer starts, ``REPEAT_FACTOR`` says how often an image is drawn, and
    ``SAMPLE_WEIGHT`` is the chance (not scaled) with which a sampler draws a sample of the class.
    """

    CLASS_WEIGHT = "class weight"
    POS_WEIGHT = "pos_weight"
    FOCAL_ALPHA = "focal alpha"
    LOGIT_OFFSET = "logit offset"
    MARGIN = "margin"
    INITIAL_BIAS = "initial bias"
    REPEAT_FACTOR = "repeat factor"
    SAMPLE_WEIGHT = "sample weight"

    @property
    def heading(self) -> str:
        """The name of the numbers in a table.

        >>> Role.CLASS_WEIGHT.heading, Role.LOGIT_OFFSET.heading
        ('weight', 'logit_offset')
        """
        return "weight" if self is Role.CLASS_WEIGHT else self.value.replace(" ", "_")

    @property
    def key(self) -> str:
        """The name of the numbers in JSON and CSV: what is no weight is not called one."""
        return "weight" if self is Role.POS_WEIGHT else self.heading


@dataclass(frozen=True, eq=False, kw_only=True)
class ClassWeights:
    """Weights with the names they belong to; immutable.

    ``classes`` (K names) and ``values`` (K floats) are in the same class order, as are
    ``counts`` (K whole numbers, the evidence) and ``indices`` (0 … K−1, except for the single
    ``pos_weight`` of binary data, which has the index of the positive class). ``parameters`` are
    those of the scheme, ``capped`` the classes that ``cap`` touched, ``notes`` what the user
    should know, ``costs`` the (K, K) cost matrix they came from, ``costs[t][q]`` for answering q
    when t is true, ``keys`` the labels themselves where they are numbers or booleans in memory.

    >>> w = ClassWeights(classes=("a", "b"), values=np.array([1.0, 3.0]), counts=(30, 10),
    ...                  scheme="min1", role=Role.CLASS_WEIGHT)
    >>> w.as_dict()
    {'a': 1.0, 'b': 3.0}
    >>> w.sample_weight(["b", "a", "b"]).tolist()
    [3.0, 1.0, 3.0]
    """

    classes: tuple[str, ...]
    values: FloatArray
    counts: tuple[int, ...]
    scheme: str
    role: Role
    parameters: Mapping[str, float] = field(default_factory=dict)
    normalization: Normalization = Normalization.NONE
    cap: float | None = None
    capped: tuple[str, ...] = ()
    empty: str | None = None
    notes: tuple[str, ...] = ()
    indices: tuple[int, ...] = ()
    costs: tuple[tuple[float, ...], ...] | None = None
    keys: tuple[Any, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        """Freeze the values; weights that are not finite are never handed out."""
        values = np.array(self.values, dtype=np.float64)
        if not self.indices:
            object.__setattr__(self, "indices", tuple(range(len(self.classes))))
        if not len(self.classes) == len(self.counts) == len(self.indices) == values.size:
            raise CountsError("classes, values and counts must have one entry per class")
        if not np.isfinite(values).all():
            bad = self.classes[int(np.flatnonzero(~np.isfinite(values))[0])]
            raise CountsError(
                f"the weight of class {bad!r} is too large or too small for a float",
                hint="choose a milder scheme, or set the parameter nearer its default",
            )
        values.flags.writeable = False
        object.__setattr__(self, "values", values)

    def as_dict(self) -> dict[Any, float]:
        """Class → weight, in class order, ready for ``class_weight=``.

        The keys are the class names; weights made from numbers or booleans in memory have those
        as keys, since that is what the framework will look up.
        """
        return dict(zip(self.keys or self.classes, self.values.tolist(), strict=True))

    @property
    def stages(self) -> tuple[tuple[int, FloatArray], ...]:
        """The weights with the epoch from which each vector holds; deferred ones have two.

        >>> ClassWeights(classes=("a", "b"), values=np.array([0.5, 1.5]), counts=(30, 10),
        ...              scheme="balanced", role=Role.CLASS_WEIGHT).stages[0][0]
        0
        """
        start = int(self.parameters.get(FROM_EPOCH, 0))
        late = (start, self.values)
        return (late,) if start == 0 else ((0, np.ones_like(self.values)), late)

    def with_keys(self, keys: Mapping[str, Any]) -> ClassWeights:
        """The same weights with other keys for ``as_dict``: class name → key."""
        return replace(self, keys=tuple(keys.get(name, name) for name in self.classes))

    def sample_weight(self, y: Any) -> FloatArray:
        """One weight per sample: the weight of its class.

        ``y``: (N,) labels (list, array, Series, tensor). Returns (N,) floats, to hand to
        ``fit(..., sample_weight=...)`` or to a weighted sampler. Raises ``UsageError`` for a
        label that has no weight and for numbers that are not class weights.
        """
        if self.role not in {Role.CLASS_WEIGHT, Role.SAMPLE_WEIGHT}:
            raise UsageError(f"a {self.role} is not a weight per sample")
        weight_of: dict[str | None, float] = dict(
            zip(self.classes, self.values.tolist(), strict=True)
        )
        texts = label_texts(y)
        for unknown in set(texts) - weight_of.keys():
            raise UsageError(
                "a missing label has no weight"
                if unknown is None
                else f"label {unknown!r} has no weight",
                hint=f"the weights are for {', '.join(map(repr, self.classes[:10]))}"
                + (" …" if len(self.classes) > 10 else ""),
            )
        return np.array([weight_of[text] for text in texts], dtype=np.float64)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, schema ``imbweights.weights/1``."""
        rows = zip(self.indices, self.classes, self.counts, self.values.tolist(), strict=True)
        return {
            "schema": SCHEMA,
            "scheme": self.scheme,
            "parameters": dict(self.parameters),
            "normalization": self.normalization.value,
            "role": self.role.value,
            "cap": self.cap,
            "capped": list(self.capped),
            "empty": self.empty,
            "classes": [
                {"index": i, "name": name, "count": count, self.role.key: value}
                for i, name, count, value in rows
            ],
            **self._extras(),
            "notes": list(self.notes),
        }

    def _extras(self) -> dict[str, Any]:
        """What only some schemes have."""
        extras: dict[str, Any] = {}
        if len(self.stages) > 1:
            extras["stages"] = [
                {"from_epoch": epoch, "weights": values.tolist()} for epoch, values in self.stages
            ]
        if self.costs is not None:
            extras["costs"] = [list(row) for row in self.costs]
        return extras

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ClassWeights:
        """Read back what ``to_dict`` wrote. Raises ``CountsError`` when it does not fit."""
        if data.get("schema") != SCHEMA:
            raise CountsError(f"expected schema {SCHEMA!r}, found {data.get('schema')!r}")
        try:
            return cls._read(data)
        except (KeyError, TypeError, AttributeError) as error:
            raise CountsError(f"the saved weights lack or garble {error}") from error
        except CountsError:
            raise
        except ValueError as error:  # a role, a normalization or a policy that there is not
            raise CountsError(f"the saved weights cannot be read ({error})") from error

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> ClassWeights:
        rows, role, costs = data["classes"], Role(data["role"]), data.get("costs")
        return cls(
            classes=tuple(r["name"] for r in rows),
            values=np.array([r[role.key] for r in rows], dtype=np.float64),
            counts=tuple(r["count"] for r in rows),
            scheme=data["scheme"],
            role=role,
            parameters=data["parameters"],
            normalization=Normalization(data["normalization"]),
            cap=data["cap"],
            capped=tuple(data["capped"]),
            empty=None if data["empty"] is None else EmptyPolicy(data["empty"]).value,
            notes=tuple(data["notes"]),
            indices=tuple(r["index"] for r in rows),
            costs=None if costs is None else tuple(tuple(row) for row in costs),
        )

    def to_frame(self) -> pd.DataFrame:
        """A pandas frame: ``class``, ``count`` and ``weight`` (or what the numbers are), by index."""
        import pandas as pd

        columns = {"class": self.classes, "count": self.counts, self.role.key: self.values}
        return pd.DataFrame(columns, index=pd.Index(self.indices, name="index"))

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        from imbweights.render.html_form import weights_html

        return weights_html(self)

    def __eq__(self, other: object) -> bool:
        """Equal when every field is."""
        return isinstance(other, ClassWeights) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        """Hash of the classes and values."""
        return hash((self.classes, self.values.tobytes(), self.scheme))
