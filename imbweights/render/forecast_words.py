"""What a forecast says, in the same words in every medium."""

from __future__ import annotations

from imbweights.core.weights import Role
from imbweights.forecasting import Forecast
from imbweights.forecasting.batches import SELDOM
from imbweights.render.escaping import quoted
from imbweights.render.numbers import count_text, ratio_text, share_text
from imbweights.suggestions import Explained

_ABOUT_ONE = 0.005


def facts(explained: Explained) -> list[tuple[str, str]]:
    """Name and text of each fact but the losses."""
    told = explained.forecast
    return [
        ("effective sample size", _effective(explained)),
        ("largest : smallest", f"{ratio_text(told.ratio)} : 1" if told.ratio else "–"),
        ("mean weight per sample", _scale(explained)),
        (f"in a batch of {count_text(told.batches.size)}", _batch(told)),
        ("a true probability of 0.5", _shift(told)),
    ]


def _effective(explained: Explained) -> str:
    told = explained.forecast
    of = f", least for {quoted(told.effective_of)}" if told.effective_of else ""
    if explained.counts.unit == "parts":
        return f"{share_text(told.effective_share)} of the samples (Kish){of}"
    whole = round(told.effective / told.effective_share) if told.effective_share else 0
    return (
        f"{count_text(round(told.effective))} of {count_text(whole)} "
        f"({share_text(told.effective_share)}, Kish){of}"
    )


def _scale(explained: Explained) -> str:
    """m, and what it does to SGD where the scale matters."""
    told = explained.forecast
    mean = f"{told.mean_weight:.3g}"
    if abs(told.mean_weight - 1) < _ABOUT_ONE:
        return f"{mean}: the scale of loss and learning rate stays"
    where = "" if told.sigmoid else " where the scale matters"
    return (
        f"{mean}, by which loss and gradient are multiplied{where} (single gradients: "
        f"{told.rms_weight:.3g} on root mean square); with SGD multiply the learning rate by "
        f"{told.learning_rate:.2g}, Adam does not need it"
    )


def _batch(told: Forecast) -> str:
    found = told.batches
    text = (
        f"{found.expected:.2g} of {quoted(found.rarest)} on average, none in "
        f"{share_text(found.none)} of the batches (below {100 * SELDOM:.0f} % from size "
        f"{count_text(found.enough)})"
    )
    if found.spread is not None:
        text += f"; the summed weight varies by {share_text(found.spread)}"
    return text


def _shift(told: Forecast) -> str:
    if told.shift is None:
        return "– (a weight of 0 takes its class out of the loss)"
    if abs(told.shift.odds - 1) < _ABOUT_ONE:
        return "stays 0.5"
    against = "" if told.sigmoid else f" against {quoted(told.shift.other)}"
    return (
        f"for {quoted(told.shift.favoured)}{against} is shown as {told.shift.half_becomes:.3g}; a "
        f"shown 0.5 means {told.shift.half_means:.2g}"
    )


def loss_headings(told: Forecast) -> list[str]:
    """What stands above the losses."""
    return ["plain", "weighted"] if told.sigmoid else ["plain", "÷ samples", "÷ weights"]


def losses(told: Forecast) -> list[tuple[str, ...]]:
    """The first loss in three cases: what it is, then the numbers under ``loss_headings``."""
    rows = []
    for name, loss in (
        ("zero logits", told.zero_logits),
        ("random logits, spread 1", told.spread_logits),
        ("at the class shares", told.class_shares),
    ):
        values = [loss.plain, loss.by_samples]
        values += [] if loss.by_weights is None else [loss.by_weights]
        rows.append((name, *(f"{value:.4g}" for value in values)))
    return rows


def advice(explained: Explained) -> list[str]:
    """How to read the losses, and how to undo the shift."""
    told = explained.forecast
    notes = []
    if told.sigmoid:
        notes.append("The weighted mean is over samples, in every framework.")
    else:
        notes.append(
            "PyTorch's CrossEntropyLoss divides by the sum of the weights, so their scale cancels; "
            "Keras, MATLAB and optax divide by the number of samples."
        )
    notes.append("Keras prints the average of an epoch, not the first batch.")
    if told.shift is not None and abs(told.shift.odds - 1) >= _ABOUT_ONE:
        notes.append(_undo(explained.weights.role))
    return notes


def _undo(role: Role) -> str:
    how = (
        "p = q / (q + w (1 − q)), or compare q with w / (1 + w) instead of 0.5"
        if role is Role.POS_WEIGHT
        else "divide each probability by the weight of its class and scale to sum 1"
    )
    return (
        f"To undo the shift after training: {how}. That holds for cross-entropy, roughly under "
        "regularisation, and not for focal or Dice losses."
    )
