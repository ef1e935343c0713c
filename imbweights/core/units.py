"""What is predicted, and what one count stands for. Nothing heavy is imported for these names."""

from __future__ import annotations

from enum import StrEnum


class Task(StrEnum):
    """What is predicted: one class per sample, several labels per sample, a class per pixel
    or voxel, or objects.
    """

    MULTICLASS = "multiclass"
    MULTILABEL = "multilabel"
    SEGMENTATION = "segmentation"
    DETECTION = "detection"


class Unit(StrEnum):
    """What one count stands for. ``PARTS`` are the terms of a ratio: relative, not counted."""

    SAMPLES = "samples"
    PIXELS = "pixels"
    VOXELS = "voxels"
    OBJECTS = "objects"
    IMAGES = "images"
    TOKENS = "tokens"
    PARTS = "parts"
