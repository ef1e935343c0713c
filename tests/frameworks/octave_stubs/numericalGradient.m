function gradient = numericalGradient(f, x)
% Central differences of f at x.
    gradient = zeros(size(x));
    h = 1e-6;
    for i = 1:numel(x)
        up = x; up(i) = up(i) + h;
        down = x; down(i) = down(i) - h;
        gradient(i) = (f(up) - f(down)) / (2 * h);
    end
end
