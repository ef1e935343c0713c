"""The values that every room speaks: errors, options, counts, profiles and weights."""
