"""Results as text for a terminal: the answer first, names beside numbers."""
