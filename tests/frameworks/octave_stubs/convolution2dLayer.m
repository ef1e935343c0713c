function layer = convolution2dLayer(varargin)
% Stands in for the toolbox: says what it was given.
    layer = struct('kind', 'convolution2dLayer', 'arguments', {varargin});
end
