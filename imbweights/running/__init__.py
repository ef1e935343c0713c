"""How work is run and remembered between runs."""
