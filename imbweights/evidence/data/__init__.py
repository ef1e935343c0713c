"""From a source to rows, features and labels."""
