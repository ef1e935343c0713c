"""scikit-learn."""

from __future__ import annotations

from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject, by_no_gradient
from imbweights.frameworks.classical import KEYS, by_label, joined, label_literals, refuse_stages
from imbweights.frameworks.text import commented, listing, number, numbers

_KEYS_AND_SCALE = commented(
    f"{KEYS} The scale matters with regularisation: doubling all weights is doubling C.",
    "#",
)
_SAMPLE_WEIGHT = joined(
    "\n\ndef sample_weight(y):",
    '    """For fit(X, y, sample_weight=…) of what has no class_weight: boosting, GaussianNB …"""',
    "    return [class_weight[label] for label in y]",
)


def class_weight(subject: Subject) -> str:
    """``class_weight={label: weight}``; with a cost matrix also the cheapest answer."""
    costs = subject.weights.costs is not None
    return joined(
        "import numpy as np" if costs else "",
        "from sklearn.linear_model import LogisticRegression\n",
        _KEYS_AND_SCALE,
        by_label("class_weight", subject),
        _model(subject),
        _SAMPLE_WEIGHT,
        _decision(subject),
    )


def _model(subject: Subject) -> str:
    """The model with its weights.

    scikit-learn 1.9 looks text that reads as a whole number up as that number, and does not find it
    (issue 34883): there the samples are weighed.
    """
    if not any(_is_number_in_quotes(literal) for literal in label_literals(subject)):
        return "model = LogisticRegression(class_weight=class_weight)"
    note = (
        "scikit-learn 1.9 does not find labels that are text but read as numbers, such as '1', in "
        "class_weight (its issue 34883): model.fit(X, y, sample_weight=sample_weight(y))"
    )
    return joined(commented(note, "#"), "model = LogisticRegression()")


def _is_number_in_quotes(literal: str) -> bool:
    try:
        int(literal[1:-1])
    except ValueError:
        return False
    return literal[0] in "'\""


def _decision(subject: Subject) -> str:
    """The answer of least expected cost."""
    costs = subject.weights.costs
    if costs is None:
        return ""
    body = listing(
        [f"[{numbers(row)}]" for row in costs], subject.weights.classes, subject.weights.indices
    )
    return joined(
        "\n\n# Or fit without class_weight and let decide() answer: not both, they would count twice.",
        "# Cost of answering the class of the column when that of the row is true.",
        f"costs = np.array([\n{body}\n])",
        "classes = list(class_weight)",
        "\n\ndef decide(probabilities, columns):",
        '    """The cheapest answers, from predict_proba of a model fitted without class_weight.\n',
        "    columns: model.classes_, the labels that the columns of probabilities stand for.",
        '    """',
        "    rows = [classes.index(label) for label in columns]",
        "    return [classes[i] for i in (probabilities @ costs[rows]).argmin(axis=1)]",
    )


def pos_weight(subject: Subject) -> str:
    """The weight of the positive class against 1; for several labels one dictionary each."""
    values = subject.weights.values.tolist()
    if subject.multilabel:
        return _several_labels(subject, values)
    positive = subject.positive
    literals = label_literals(subject)
    cells = [f"{literals[i]}: {number(values[0]) if i == positive else '1.0'}" for i in (0, 1)]
    return joined(
        "from sklearn.linear_model import LogisticRegression\n",
        _KEYS_AND_SCALE,
        f"class_weight = {{{cells[0]}, {cells[1]}}}",
        _model(subject),
        _SAMPLE_WEIGHT,
    )


def _several_labels(subject: Subject, values: list[float]) -> str:
    body = listing(
        [f"{{0: 1.0, 1: {number(value)}}}" for value in values],
        subject.weights.classes,
        subject.weights.indices,
    )
    note = commented(
        "One dictionary per label. RandomForestClassifier(class_weight=class_weight) takes the list, "
        "but multiplies the weights of a row over its labels: for many labels fit one model each.",
        "#",
    )
    return joined(
        "import numpy as np",
        "from sklearn.linear_model import LogisticRegression\n",
        note,
        f"class_weight = [\n{body}\n]",
        "\n\ndef fit(X, Y):",
        '    """One model per label; Y: (N, K) of 0 and 1, columns in class order."""',
        "    models = [LogisticRegression(class_weight=w) for w in class_weight]",
        "    return [m.fit(X, y) for m, y in zip(models, np.asarray(Y).T, strict=True)]",
    )


def sample_weight(subject: Subject) -> str:
    """Rows drawn with replacement, for any estimator."""
    return joined(
        "import numpy as np\n",
        f"# {KEYS}",
        by_label("weight_of", subject),
        "\n\ndef draw(y, seed=0):",
        '    """Indices of len(y) training rows, drawn with replacement. Fit on them unweighted."""',
        "    weights = np.array([weight_of[label] for label in y])",
        "    rng = np.random.default_rng(seed)",
        "    return rng.choice(len(y), size=len(y), p=weights / weights.sum())",
    )


def _refuses(subject: Subject) -> tuple[str, str] | None:
    return refuse_stages(subject, "scikit-learn")


FRAMEWORK = Framework(
    name="sklearn",
    title="scikit-learn",
    suffix=".py",
    comment="#",
    reference="https://scikit-learn.org/stable/modules/generated/sklearn.utils.class_weight.compute_sample_weight.html",
    code={
        Role.CLASS_WEIGHT: class_weight,
        Role.POS_WEIGHT: pos_weight,
        Role.SAMPLE_WEIGHT: sample_weight,
    },
    refuses=_refuses,
    scale_matters=by_no_gradient,
    by_index=False,
)
