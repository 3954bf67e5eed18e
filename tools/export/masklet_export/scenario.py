"""What a fixture runs, in order, and what is recorded of it. The same for the reference and for every tracker held to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

Step = dict[str, Any]


def click(obj: int, frame: int, points: list[list[float]], labels: list[int]) -> Step:
    """Points in pixels of the video; labels 1 add, 0 take away, 2 and 3 the corners of a box (first in the list)."""
    return {"do": "points", "object": obj, "frame": frame, "points": points, "labels": labels}


def mask(obj: int, frame: int, rectangle: list[int]) -> Step:
    """A mask prompt that is 1 for x0 ≤ x < x1, y0 ≤ y < y1 in pixels of the video."""
    return {"do": "mask", "object": obj, "frame": frame, "rectangle": rectangle}


def run(frames: list[int], reverse: bool = False) -> Step:
    """Runs these frames in this order, all objects on each."""
    return {"do": "run", "frames": frames, "reverse": reverse}


def read(frame: int, point: list[float]) -> Step:
    """What a click alone may mean, a place in pixels of the video: a record of each of the decoder's mask tokens 1 to 3."""
    return {"do": "read", "frame": frame, "point": point}


@dataclass
class Run:
    """One session from its start: `max_cond_frames` −1 for no cap."""

    name: str
    about: str
    steps: list[Step]
    max_cond_frames: int = -1


@dataclass
class Record:
    """
    One object on one frame that was run: low-resolution logits (4h,4w), pointer (C), score, predicted IoU. Of a reading `stored`
    is "reading" and `object` the mask token; it is what it is whatever the score.
    """

    step: int
    frame: int
    object: int
    stored: str
    mask: np.ndarray
    obj_ptr: np.ndarray
    obj_score: float
    iou: float
    choice: str = ""
    margins: dict[str, float] = field(default_factory=dict)

    @property
    def present(self) -> bool:
        return self.stored == "reading" or self.obj_score > 0


def runs(frames: int) -> list[Run]:
    """The runs of a fixture of 12 frames of 96×64."""
    last = frames - 1
    upward = lambda start: list(range(start, frames))  # noqa: E731
    downward = lambda start: list(range(start, -1, -1))  # noqa: E731
    return [
        Run(
            "forward",
            "a click on frame 0; an object added at frame 4 with two clicks; all tracked; a correction on frame 6, which was "
            "tracked already and so stays an unconditioned entry, as the reference's default has it; tracked on from frame 7",
            [
                click(1, 0, [[14, 22]], [1]),
                run([0]),
                run([0, 1, 2, 3]),
                click(2, 4, [[66, 42], [20, 10]], [1, 0]),
                run([4]),
                run(upward(4)),
                click(1, 6, [[47, 24], [60, 50]], [1, 0]),
                run([6]),
                run(upward(7)),
            ],
        ),
        Run(
            "reverse",
            "a click on frame 9, a box on frame 7 (where the first object is then tracked forward, before any frame that it "
            "knows), all tracked in reverse from the last frame; then forward from frame 8 over what is there",
            [
                click(1, 9, [[63, 20]], [1]),
                run([9]),
                click(2, 7, [[42, 30], [70, 58]], [2, 3]),
                run([7]),
                run(downward(last), reverse=True),
                run(upward(8)),
            ],
        ),
        Run(
            "capped",
            "at most two conditioning frames of four; forward from frame 0, before the first of them, then in reverse",
            [
                click(1, 5, [[41, 22]], [1]),
                run([5]),
                click(1, 1, [[20, 24], [80, 44]], [1, 0]),
                run([1]),
                click(1, 10, [[70, 22]], [1]),
                run([10]),
                click(1, 8, [[58, 22], [58, 50], [10, 10]], [1, 0, 0]),
                run([8]),
                run(upward(0)),
                run(downward(6), reverse=True),
            ],
            max_cond_frames=2,
        ),
        Run(
            "mask",
            "a mask prompt on frame 3, an empty one for a second object, forward, then in reverse",
            [
                mask(1, 3, [22, 13, 41, 34]),
                run([3]),
                mask(2, 3, [0, 0, 0, 0]),
                run([3]),
                run(upward(3)),
                run(downward(3), reverse=True),
            ],
        ),
        Run(
            "prompts",
            "six objects on frame 2, each with a prompt of another kind; then three frames on",
            [
                step
                for obj, (points, labels) in enumerate(
                    [
                        ([[25, 24], [70, 44], [5, 5]], [1, 1, 0]),
                        ([[12, 12], [40, 36]], [2, 3]),
                        ([[60, 30], [90, 60], [74, 44]], [2, 3, 1]),
                        ([[50, 50], [52, 8]], [1, 0]),
                        ([[88, 6]], [1]),
                        ([[30, 60], [8, 40], [58, 20], [90, 30]], [1, 1, 0, 0]),
                    ],
                    start=1,
                )
                for step in (click(obj, 2, points, labels), run([2]))
            ]
            + [run([3, 4, 5])],
        ),
        Run("readings", "what a click on either blob may mean", [read(0, [20, 24]), read(2, [72, 46])]),
    ]


def short(frames: int) -> Run:
    """One run over the first frames, for models that take seconds a frame."""
    return Run(
        "short",
        "a click and a box on the first frame, then tracked",
        [
            click(1, 0, [[14, 22]], [1]),
            run([0]),
            click(2, 0, [[66, 30], [95, 58]], [2, 3]),
            run([0]),
            run(list(range(frames))),
        ],
    )
