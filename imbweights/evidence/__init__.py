"""Does weighting help on this data, and how much is right: the sweep."""
