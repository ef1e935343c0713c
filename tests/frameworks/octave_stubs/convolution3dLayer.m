function layer = convolution3dLayer(varargin)
% Stands in for the toolbox: says what it was given.
    layer = struct('kind', 'convolution3dLayer', 'arguments', {varargin});
end
