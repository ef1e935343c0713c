"""Codes of what can be wrong with a loss, ``IMB2xx``."""

from __future__ import annotations

from imbweights.core.findings import Code, Level

ZERO_LOG_ZERO = Code(
    code="IMB201",
    title="0 · log 0",
    level=Level.ERROR,
    why=(
        "T.*log(Y) with T = 0 and Y = 0 is 0·(−Inf) = NaN, and the gradient T./Y is 0/0. One such "
        "entry makes the whole loss NaN, and one update with it every weight of the network."
    ),
    remedy=(
        "Take the loss from logits; or only the true entries, with Y bounded below: --for matlab-layer "
        "prints such a layer."
    ),
)
LOG_ZERO = Code(
    code="IMB202",
    title="log 0 of the true class",
    level=Level.ERROR,
    why="The true class has probability exactly 0: −log 0 is infinite, and so is its gradient.",
    remedy="Take the loss from logits, or bound the probability below, by 1e-7 as Keras does.",
)
BAD_WEIGHT = Code(
    code="IMB203",
    title="a weight that is not finite",
    level=Level.ERROR,
    why=(
        "1/n is infinite for a class without samples. Infinity times a loss is infinite, times a "
        "target of 0 it is NaN, and a mean over weights is inf/inf."
    ),
    remedy="Give a class without samples a finite weight: imbweights suggest … --empty max or zero.",
)
NOTHING_TO_AVERAGE = Code(
    code="IMB204",
    title="nothing to average",
    level=Level.ERROR,
    why=(
        "Every target is ignored, or every target has weight 0: the mean is 0/0. In training a "
        "single batch of that kind is enough."
    ),
    remedy="Leave such batches out, or divide by max(sum of weights, 1).",
)
HALF_RANGE = Code(
    code="IMB205",
    title="beyond the range of float16",
    level=Level.ERROR,
    why=(
        "float16 ends at 65504, rounds to 0 below 3e-8 and to 1 above 0.9998. Numbers beyond become "
        "inf, 0 or 1, and log, softmax and 1 − p of those NaN or infinite. 1e-7 is no protection "
        "there: 1 − 1e-7 is 1."
    ),
    remedy="Compute the last layer and the loss in float32; mixed precision otherwise stays.",
)
NAN_PREDICTION = Code(
    code="IMB206",
    title="NaN or infinity in the predictions",
    level=Level.ERROR,
    why=(
        "The predictions themselves are NaN or infinite, so no loss can be finite: the network has "
        "diverged, or NaN came in with the data."
    ),
    remedy="Look for NaN in the inputs, lower the learning rate, clip the gradient, cap the weights.",
)
STRAY_TARGET = Code(
    code="IMB207",
    title="a target that is no class",
    level=Level.ERROR,
    why=(
        "A class index outside 0 … K−1 has no prediction. PyTorch stops, on a GPU with a device-side "
        "assert; TensorFlow gives NaN on a GPU."
    ),
    remedy="Count classes from 0, name what is to be left out with --ignore-label, or list --classes.",
)
OUTSIDE = Code(
    code="IMB208",
    title="probabilities outside 0 … 1",
    level=Level.ERROR,
    why="The log of a negative number is NaN; above 1 the loss becomes negative.",
    remedy="If these are logits: --from-logits, and a loss that takes logits.",
)
SUM_NOT_ONE = Code(
    code="IMB211",
    title="rows that do not sum to 1",
    level=Level.WARNING,
    why=(
        "Probabilities of classes that exclude each other sum to 1. Keras divides by the sum, "
        "PyTorch and MATLAB do not, so their losses differ."
    ),
    remedy="Check which axis the softmax runs over, and that no class was cut off.",
)
SOFTMAX_TWICE = Code(
    code="IMB212",
    title="softmax applied twice",
    level=Level.WARNING,
    why=(
        "A softmax of probabilities can never be sure: with K classes at most e/(e + K − 1). The loss "
        "stays high, the gradients small."
    ),
    remedy="One softmax only: take it out of the model, or use the loss for probabilities.",
)
SIGMOID_FOR_SOFTMAX = Code(
    code="IMB213",
    title="sigmoid where softmax was meant",
    level=Level.WARNING,
    why=(
        "Each sample has one class, but every class has a probability of its own. −log of the true "
        "one alone is least when all of them are 1: nothing pushes the wrong classes down."
    ),
    remedy="A softmax at the end, or a binary cross-entropy for every class.",
)
SOFTMAX_FOR_SIGMOID = Code(
    code="IMB214",
    title="softmax where sigmoid was meant",
    level=Level.WARNING,
    why="Samples have several labels, but the probabilities of a row sum to 1: at most one can be high.",
    remedy="A sigmoid at the end, and a binary cross-entropy for every label.",
)
ONE_ANSWER = Code(
    code="IMB215",
    title="always the same answer",
    level=Level.WARNING,
    why="The model has learned how frequent the classes are, and nothing else.",
    remedy=(
        "Train longer before judging; then move the threshold or weight the classes: imbweights "
        "suggest."
    ),
)
CLIPPED = Code(
    code="IMB216",
    title="mistakes without a gradient",
    level=Level.NOTE,
    why=(
        "Keras clips probabilities to 1e-7 … 1 − 1e-7: the loss of a mistake that is surer than that "
        "stops at 16.1, and its gradient is 0, so it is not corrected."
    ),
    remedy="from_logits=True, with no softmax or sigmoid at the end of the model.",
)

CODES: tuple[Code, ...] = (
    ZERO_LOG_ZERO,
    LOG_ZERO,
    BAD_WEIGHT,
    NOTHING_TO_AVERAGE,
    HALF_RANGE,
    NAN_PREDICTION,
    STRAY_TARGET,
    OUTSIDE,
    SUM_NOT_ONE,
    SOFTMAX_TWICE,
    SIGMOID_FOR_SOFTMAX,
    SOFTMAX_FOR_SIGMOID,
    ONE_ANSWER,
    CLIPPED,
)
