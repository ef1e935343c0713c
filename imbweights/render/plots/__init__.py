"""Results as pictures. Needs matplotlib, which is loaded only here and only when asked for."""
