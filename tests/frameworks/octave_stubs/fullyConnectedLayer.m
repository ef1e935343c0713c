function layer = fullyConnectedLayer(varargin)
% Stands in for the toolbox: says what it was given.
    layer = struct('kind', 'fullyConnectedLayer', 'arguments', {varargin});
end
