"""Losses of predictions: what each framework reports, what they are made of, why they are NaN."""

from imbweights.diagnosis.diagnosing import diagnose
from imbweights.diagnosis.outcome import Diagnosis

__all__ = ["Diagnosis", "diagnose"]
