"""
The memory bank's rules: what an object remembers, and which of it conditions a frame. `docs/model-files.md` and the paper's names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np


@dataclass(eq=False)
class Entry:
    """What is kept of an object on a frame: memory (T,Cm), object pointer (C), and the prediction."""

    memory: np.ndarray
    obj_ptr: np.ndarray
    mask: np.ndarray
    obj_score: float
    iou: float


@dataclass
class ObjectState:
    """Entries of frames that were prompted before they were tracked (in order of insertion), of all others, and which were tracked."""

    cond: dict[int, Entry] = field(default_factory=dict)
    noncond: dict[int, Entry] = field(default_factory=dict)
    tracked: set[int] = field(default_factory=set)


def closest_cond_frames(frame: int, cond: Iterable[int], cap: int) -> list[int]:
    """At most `cap` (−1: all): the closest before, the closest at or after, then by distance, ties in order of insertion."""
    frames = list(cond)
    if cap == -1 or len(frames) <= cap:
        return frames
    before = [t for t in frames if t < frame]
    after = [t for t in frames if t >= frame]
    selected = ([max(before)] if before else []) + ([min(after)] if after else [])
    rest = sorted((t for t in frames if t not in selected), key=lambda t: abs(t - frame))
    return selected + rest[: cap - len(selected)]


def select_memories(
    state: ObjectState, frame: int, reverse: bool, num_maskmem: int, max_cond_frames: int
) -> list[tuple[Entry, int]]:
    """
    The spatial memories of a tracked frame, each with its row of the temporal positions: conditioning frames, past and future,
    take the last row; the frame at distance r takes row r − 1. Distances are of frames, not ranks: missing ones are skipped.
    """
    selected = closest_cond_frames(frame, state.cond, max_cond_frames)
    memories = [(state.cond[t], num_maskmem - 1) for t in selected]
    for distance in range(num_maskmem - 1, 0, -1):
        t = frame + distance if reverse else frame - distance
        entry = state.noncond.get(t)
        if entry is None and t not in selected:
            entry = state.cond.get(t)
        if entry is not None:
            memories.append((entry, distance - 1))
    return memories


def select_pointers(
    state: ObjectState, frame: int, reverse: bool, num_frames: int, max_obj_ptrs: int
) -> list[tuple[Entry, int]]:
    """
    The object pointers of a tracked frame, each with its distance in time: of all conditioning frames that are not in its
    future, then of the tracked frames before it. May be empty. In reverse, the future is the past.
    """
    sign = -1 if reverse else 1
    pointers = [(entry, (frame - t) * sign) for t, entry in state.cond.items() if (frame - t) * sign >= 0]
    for distance in range(1, min(num_frames, max_obj_ptrs)):
        t = frame - distance * sign
        if t < 0 or t >= num_frames:
            break
        if t in state.noncond:
            pointers.append((state.noncond[t], distance))
    return pointers


def pointer_sine(distances: list[int], num_frames: int, max_obj_ptrs: int, channels: int) -> np.ndarray:
    """(P,C): the sine of distances in time, in units of the longest that tracked frames have."""
    longest = min(num_frames, max_obj_ptrs) - 1
    half = channels // 2
    wavelength = 10000.0 ** (2 * (np.arange(half) // 2) / half)
    phase = np.asarray(distances, dtype=np.float64)[:, None] / longest / wavelength
    return np.concatenate([np.sin(phase), np.cos(phase)], axis=1).astype(np.float32)
