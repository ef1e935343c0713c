"""MATLAB: an output layer for ``trainNetwork`` whose loss and gradient stay finite."""

from __future__ import annotations

from textwrap import indent

from imbweights.core.counts import Unit
from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject
from imbweights.frameworks.matlab_text import column, names
from imbweights.frameworks.text import commented

_DEEP = " " * 8
_DEEPER = " " * 12

_LAYER = """\
% Save as weightedClassificationLayer.m; the last layer, after softmaxLayer, is then
% weightedClassificationLayer('weighted').
{note}
classdef weightedClassificationLayer < nnet.layer.ClassificationLayer
    % Weighted cross-entropy: the mean of -w .* T .* log(Y) over the labelled {what}.

    properties
        ClassWeights = {weights};
    end

    methods
        function layer = weightedClassificationLayer(name)
            if nargin > 0
                layer.Name = name;
            end
            layer.Description = 'Weighted cross-entropy';
            layer.Classes = {classes};
        end

        function loss = forwardLoss(layer, Y, T)
            % Y: probabilities, T: targets, both {shape}.
            [~, weights, p, N] = trueEntries(layer, Y, T);
            loss = -sum(weights .* log(p)) / N;
        end

        function dLdY = backwardLoss(layer, Y, T)
            % The derivative of forwardLoss with respect to Y, of the size of Y.
            [isTrue, weights, p, N] = trueEntries(layer, Y, T);
            dLdY = zeros(size(Y), 'like', Y);
            dLdY(isTrue) = -weights ./ p / N;
        end
    end

    methods (Access = private)
        function [isTrue, weights, p, N] = trueEntries(layer, Y, T)
            % Where T is 0, T.*log(Y) is 0*(-Inf) = NaN for Y = 0, and T./Y is 0/0: these
            % entries add nothing and are left out; elsewhere Y is at least eps.
{aligned}
            isTrue = T > 0;
            weights = weights(isTrue);
            p = Y(isTrue);
            p(p < eps) = eps;
            N = max(sum(double(T(isTrue))), 1);
        end
    end
end"""

_IMAGES_OR_VECTORS = """\
            if size(Y, 1) == 1
                weights = reshape(layer.ClassWeights, 1, 1, []) .* T;
            else
                weights = layer.ClassWeights .* T;
            end"""
_PIXELS = "            weights = reshape(layer.ClassWeights, 1, 1, []) .* T;"
_VOXELS = "            weights = reshape(layer.ClassWeights, 1, 1, 1, []) .* T;"


def class_weight(subject: Subject) -> str:
    """A complete class file, with the weights in it."""
    weights = subject.weights
    shape, aligned = _shape(subject)
    return _LAYER.format(
        note=commented(_note(subject), "%"),
        what="pixels" if subject.pixels else "observations",
        shape=shape,
        aligned=aligned,
        weights=indent(column(weights.values.tolist(), weights.classes), _DEEP).lstrip(),
        classes=indent(names(weights.classes), _DEEPER).lstrip(),
    )


def _shape(subject: Subject) -> tuple[str, str]:
    if not subject.pixels:
        return "1x1xKxN (images) or KxN", _IMAGES_OR_VECTORS
    if subject.counts.unit is Unit.VOXELS:
        return "height x width x depth x K x N", _VOXELS
    return "height x width x K x N", _PIXELS


def _note(subject: Subject) -> str:
    text = "For trainNetwork; trainnet takes a loss function instead. The scale of the weights matters."
    if len(subject.weights.stages) == 1:
        return text
    start = subject.weights.stages[1][0]
    plain = "pixelClassificationLayer" if subject.pixels else "classificationLayer"
    return (
        f"{text} Deferred weights: train {start} epochs with a plain {plain}, then put this layer "
        "in its place and go on."
    )


FRAMEWORK = Framework(
    name="matlab-layer",
    title="MATLAB layer class",
    suffix=".m",
    comment="%",
    reference="https://www.mathworks.com/help/deeplearning/ug/define-custom-classification-output-layer.html",
    code={Role.CLASS_WEIGHT: class_weight},
)
