"""How far one set of records is from another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .scenario import Record

TOLERANCE = 1e-3

# Exit codes. Python itself ends with 1 or 2 where a program fails.
FAILED = 2
DIFFERENT = 3


@dataclass
class Difference:
    """The largest differences over records, and how many mask pixels changed sign, of how many."""

    logits: float = 0.0
    pointer: float = 0.0
    score: float = 0.0
    iou: float = 0.0
    flipped: int = 0
    pixels: int = 0
    present: int = 0
    occluded: int = 0

    @property
    def largest(self) -> float:
        return max(self.logits, self.pointer, self.score, self.iou)

    def add(self, expected: Record, actual: Record) -> None:
        place = (expected.step, expected.frame, expected.object, expected.stored)
        if place != (actual.step, actual.frame, actual.object, actual.stored):
            raise ValueError(f"expected a record of (step, frame, object, stored) {place}")
        self.logits = max(self.logits, float(np.abs(expected.mask - actual.mask).max()))
        self.pointer = max(self.pointer, float(np.abs(expected.obj_ptr - actual.obj_ptr).max()))
        self.score = max(self.score, abs(expected.obj_score - actual.obj_score))
        self.iou = max(self.iou, abs(expected.iou - actual.iou))
        self.flipped += int(((expected.mask > 0) != (actual.mask > 0)).sum())
        self.pixels += expected.mask.size
        self.present += expected.present
        self.occluded += not expected.present

    def __str__(self) -> str:
        return (
            f"logits {self.logits:.1e}, pointer {self.pointer:.1e}, score {self.score:.1e}, iou {self.iou:.1e}; "
            f"{self.flipped} of {self.pixels} pixels changed sign; {self.present} present, {self.occluded} occluded"
        )


def compare(expected: list[Record], actual: list[Record]) -> Difference:
    difference = Difference()
    for pair in zip(expected, actual, strict=True):
        difference.add(*pair)
    return difference
