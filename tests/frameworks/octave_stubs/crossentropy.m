function loss = crossentropy(Y, T, varargin)
% Stands in for the toolbox: -sum(w_c T log Y) / N, as its reference page defines it.
% Plain arrays have no format: 2-D is CB, 3-D and 4-D are SSC(B), 5-D is SSSCB.
    weights = [];
    if mod(numel(varargin), 2) == 1
        weights = varargin{1};
        varargin(1) = [];
    end
    given = struct('NormalizationFactor', 'batch-size', 'WeightsFormat', '');
    for i = 1:2:numel(varargin)
        if ~isfield(given, varargin{i}), error('crossentropy: unknown option %s', varargin{i}); end
        given.(varargin{i}) = varargin{i + 1};
    end
    channels = [0 1 3 3 4](ndims(Y));
    total = T .* log(Y);
    if ~isempty(weights)
        if ~strcmp(given.WeightsFormat, 'C') || ~iscolumn(weights) || numel(weights) ~= size(Y, channels)
            error('crossentropy: weights must be a column in the format C');
        end
        total = total .* reshape(weights, [ones(1, channels - 1), numel(weights), 1]);
    end
    switch given.NormalizationFactor
        case 'batch-size', divisor = size(Y, channels + 1);
        case 'none', divisor = 1;
        otherwise, error('crossentropy: unknown normalization %s', given.NormalizationFactor);
    end
    loss = -sum(total(:)) / divisor;
end
