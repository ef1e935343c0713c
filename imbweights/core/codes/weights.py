"""Codes of what can be wrong with weights, ``IMB1xx``."""

from __future__ import annotations

from imbweights.core.findings import Code, Level

INVERTED = Code(
    code="IMB101",
    title="inverted",
    level=Level.ERROR,
    why="Weights that grow with the class punish mistakes on the largest class most: the loss then "
    "cares even less for the rare ones than without weights.",
    remedy="Use the inverse.",
)
MISORDERED = Code(
    code="IMB102",
    title="in another order",
    level=Level.ERROR,
    why="A weight at the wrong index weighs another class. The loss still falls, so nobody notices.",
    remedy="Put the weights in the order of the class indices; check that order in your "
    "training code (class_to_idx, LabelEncoder.classes_, the ids of the annotation file).",
)
OUT_OF_LINE = Code(
    code="IMB103",
    title="one entry out of line",
    level=Level.ERROR,
    why="All weights follow a scheme but this one: most often a slip in typing or a lost digit.",
    remedy="Correct the entry.",
)
WRONG_LENGTH = Code(
    code="IMB104",
    title="wrong length",
    level=Level.ERROR,
    why="A vector with an entry too many or too few is refused by some frameworks; by others every "
    "class behind the gap gets the weight of its neighbour.",
    remedy="Give one weight for each class index.",
)
NEGATIVE = Code(
    code="IMB105",
    title="negative",
    level=Level.ERROR,
    why="A negative weight rewards mistakes on the class: the loss has no lower end and diverges.",
    remedy="Weights are above 0: look for a wrong sign, or a formula that needs a floor.",
)
NOT_FINITE = Code(
    code="IMB106",
    title="NaN or infinite",
    level=Level.ERROR,
    why="One such weight makes the loss NaN in the first batch that holds the class, and PyTorch's "
    "mean over weights even where it does not.",
    remedy="Give it a weight above 0; a class without samples gets 0, which changes nothing.",
)
ZERO = Code(
    code="IMB107",
    title="zero for a class with samples",
    level=Level.ERROR,
    why="The class is left out of the loss, so nothing is learned about it.",
    remedy="Give it a weight above 0; to leave a class out on purpose, ignore its label "
    "(--ignore-label here, ignore_index in the loss).",
)
EMPTY = Code(
    code="IMB108",
    title="weight for a class without samples",
    level=Level.NOTE,
    why="It is never used, but it shows where counts and weights do not belong together, and it "
    "shrinks the other weights when they are normalised.",
    remedy="Set it to 0, or check that the class is really absent from the training data.",
)
KEYS = Code(
    code="IMB109",
    title="keys that are no classes",
    level=Level.ERROR,
    why="A weight under a key that does not occur is ignored, and a class that is missing from the "
    "mapping silently weighs 1 in Keras and scikit-learn.",
    remedy="Give one entry for each class, under its index (Keras) or its label (scikit-learn).",
)
STALE = Code(
    code="IMB110",
    title="stale",
    level=Level.WARNING,
    why="The weights were computed on other counts than the data has now.",
    remedy="Compute them again.",
)
SPLIT = Code(
    code="IMB111",
    title="computed on other data than the training split",
    level=Level.WARNING,
    why="Weights correct what training sees. Those of all data, or of another split, correct "
    "something else, and let validation data speak in training.",
    remedy="Use the weights of the training split.",
)
POS_AS_WEIGHT = Code(
    code="IMB112",
    title="pos_weight used as class weight",
    level=Level.WARNING,
    why="Negatives over positives answer a yes/no question per label. As weights of classes that "
    "exclude each other they are too far apart.",
    remedy="For a softmax use class weights; for a sigmoid hand them over as pos_weight.",
)
WEIGHT_AS_POS = Code(
    code="IMB113",
    title="class weights used as pos_weight",
    level=Level.WARNING,
    why="pos_weight multiplies the positive term of each label alone; class weights there favour or "
    "hold back labels by a factor that nobody asked for.",
    remedy="Use negatives over positives, or a softmax cross-entropy with these weights.",
)
NEAR = Code(
    code="IMB114",
    title="near a scheme, but not of these counts",
    level=Level.WARNING,
    why="Every weight is a little off a scheme: they were computed on an older state of the data, on "
    "another split, or with void counted differently.",
    remedy="Compute them again on the training data.",
)
NO_WEIGHT = Code(
    code="IMB115",
    title="numbers that are no weights",
    level=Level.ERROR,
    why="Logit offsets, margins, biases and repeat factors do something else than multiplying a loss.",
    remedy="Use them as what they are, or take class weights.",
)
TWICE = Code(
    code="IMB116",
    title="sampler and weights together",
    level=Level.WARNING,
    why="Both correct the same imbalance, so together they correct it twice: the rare classes then "
    "count more than the frequent ones.",
    remedy="Keep one: the sampler with all weights 1, or the weights with plain shuffling.",
)
STACKED = Code(
    code="IMB117",
    title="knobs that stack",
    level=Level.WARNING,
    why="Each of them corrects the imbalance by itself; their effects multiply, or the library "
    "refuses to train.",
    remedy="Keep one of them.",
)
UNBALANCE = Code(
    code="IMB118",
    title="is_unbalance lifts the negatives",
    level=Level.WARNING,
    why="LightGBM's is_unbalance lifts the rarer side, also when that is the negatives.",
    remedy="If the positives are what you look for, use scale_pos_weight, or make the rare class 1.",
)
SAMPLES_DIFFER = Code(
    code="IMB119",
    title="sample weights differ within a class",
    level=Level.NOTE,
    why="Then they follow from more than the class, which counts alone cannot check.",
    remedy="If they are meant to balance classes, give every sample the weight of its class.",
)
MULTILABEL = Code(
    code="IMB120",
    title="class weights for several labels per row",
    level=Level.WARNING,
    why="Keras takes class_weight of the first label of a row only, and a weight of one class says "
    "nothing about the rows that lack it.",
    remedy="Use pos_weight per label (imbweights suggest … --scheme pos-weight).",
)
AGAINST = Code(
    code="IMB122",
    title="against the counts",
    level=Level.NOTE,
    why="No scheme of frequencies gives the more frequent of two classes the larger weight. So the "
    "order is another, or one of the two was mistyped, or the weights follow from something else, "
    "such as costs.",
    remedy="Check the order and the two numbers; if the weights were chosen by hand, all is well.",
)
VOID = Code(
    code="IMB121",
    title="void in the denominator",
    level=Level.NOTE,
    why="The ignored pixels are no class here but count in what the formula divides by. That changes "
    "the weights of the rare classes little and of the frequent ones more.",
    remedy="Right, if your loss ignores void all the same; --void-in-denominator makes them here.",
)
CATCH = Code(
    code="IMB123",
    title="a formula with a catch",
    level=Level.NOTE,
    why="1 − n/N can hardly tell rare classes apart, since all of them get nearly 1; −ln(n/N) falls to 0 "
    "for a class that fills the data, where log-ratio has a floor of 1.",
    remedy="If that is what you want, all is well; else compare with imbweights suggest (balanced, "
    "sqrt-inverse, log-ratio).",
)
EXTREME = Code(
    code="IMB130",
    title="extreme ratio",
    level=Level.NOTE,
    why="A few samples decide the gradient of whole batches; training becomes unsteady and precision "
    "falls.",
    remedy="Try a cap (imbweights suggest … --cap 10), the square root, or a threshold instead.",
)
SCALE = Code(
    code="IMB131",
    title="the scale changes the learning rate",
    level=Level.NOTE,
    why="Where the loss is divided by the number of samples (Keras, MATLAB, pos_weight, boosted "
    "trees, soft targets) the mean weight multiplies every step of SGD. PyTorch's cross-entropy with "
    "class indices divides by the sum of the weights, and Adam hardly notices.",
    remedy="Scale the weights to mean 1 over samples (--normalize samples), or the learning rate.",
)
EQUAL = Code(
    code="IMB132",
    title="all weights equal",
    level=Level.NOTE,
    why="They do nothing but scale the loss.",
    remedy="Leave them away, or choose others: imbweights suggest.",
)
SCALAR_ALPHA = Code(
    code="IMB133",
    title="α without effect, or on the wrong side",
    level=Level.NOTE,
    why="A single α multiplies all of more than two classes alike; and 0.25 is meant for positives "
    "that are rare, together with γ = 2.",
    remedy="Give one α per class, or mind which class is the positive one.",
)

CODES: tuple[Code, ...] = (
    INVERTED,
    MISORDERED,
    OUT_OF_LINE,
    WRONG_LENGTH,
    NEGATIVE,
    NOT_FINITE,
    ZERO,
    EMPTY,
    KEYS,
    STALE,
    SPLIT,
    POS_AS_WEIGHT,
    WEIGHT_AS_POS,
    NEAR,
    NO_WEIGHT,
    TWICE,
    STACKED,
    UNBALANCE,
    SAMPLES_DIFFER,
    MULTILABEL,
    AGAINST,
    VOID,
    CATCH,
    EXTREME,
    SCALE,
    EQUAL,
    SCALAR_ALPHA,
)
