classdef (Abstract) ClassificationLayer
% Stands in for the toolbox: the properties that every classification output layer has.
    properties
        Name = ''
        Description = ''
        Type = ''
        Classes = 'auto'
    end
end
