"""Which ``pos_weight`` works for many sparse labels: the parts of ``pos_weight_study.py``."""
