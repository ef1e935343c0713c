"""Pictures: counts, splits, weights, labels that come together, and a sweep."""
