"""Many weighted logistic regressions at once, on features that they share.

``rows`` prepares the features, ``labels`` the targets, ``gradient`` is one pass over the data for a
block of labels, ``curvature`` approximates their Hessians, ``descent`` puts these together into a
solver, ``path`` walks it along a grid of weights, and ``alone`` is Newton's
method for what is left.
"""
