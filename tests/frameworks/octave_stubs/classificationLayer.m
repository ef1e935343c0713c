function layer = classificationLayer(varargin)
% Stands in for the toolbox: says what it was given.
    layer = struct('kind', 'classificationLayer', 'arguments', {varargin});
end
