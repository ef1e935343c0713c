"""``check`` in the forms that CI reads."""
