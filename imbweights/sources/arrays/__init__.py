"""What all arrays share: counting their labels, and choosing one of several."""
