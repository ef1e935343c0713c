function layer = pixelClassificationLayer(varargin)
% Stands in for the toolbox: says what it was given.
    layer = struct('kind', 'pixelClassificationLayer', 'arguments', {varargin});
end
