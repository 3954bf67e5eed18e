"""A seeded clip that is not square: textured blobs that move, one of which passes behind a wall."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .contract import IMAGE_MEAN, IMAGE_STD

WIDTH, HEIGHT, FRAMES = 96, 64, 12


def make(seed: int) -> np.ndarray:
    """(FRAMES, HEIGHT, WIDTH, 3) uint8."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    ground = 110 + 60 * np.sin(x / 9 + random.uniform(0, 6))[..., None] * np.cos(y[..., None] / 7 + np.arange(3) * 2)
    ground = ground + random.normal(0, 12, (HEIGHT, WIDTH, 3))
    tints = random.uniform(40, 255, (3, 3))
    phases = random.uniform(0, 6, 2)
    frames = []
    for t in range(FRAMES):
        frame = ground.copy()
        places = [(14 + 5.5 * t, 22 + 6 * np.sin(t / 3 + phases[0]), 10), (82 - 4 * t, 44 + 4 * np.cos(t / 2 + phases[1]), 12)]
        for (cx, cy, radius), tint in zip(places, tints):
            distance = np.hypot((x - cx) / 1.3, y - cy)
            stripes = 0.75 + 0.25 * np.sin((x - cx) * 0.9 + (y - cy) * 0.6)
            alpha = np.clip(radius - distance, 0, 1)[..., None]
            frame = frame * (1 - alpha) + alpha * stripes[..., None] * tint
        wall = (np.abs(x - 58) < 6)[..., None]
        frame = np.where(wall, tints[2] * (0.8 + 0.2 * np.sin(y / 3))[..., None], frame)
        frames.append(frame)
    return np.clip(np.rint(np.stack(frames)), 0, 255).astype(np.uint8)


def preprocess(frames: np.ndarray, size: int) -> Tensor:
    """(T,H,W,3) uint8 → (T,3,S,S): stretched, bilinear with half-pixel centres, not rounded to bytes, then normalised."""
    pixels = torch.from_numpy(frames).permute(0, 3, 1, 2).float()
    pixels = F.interpolate(pixels, size=(size, size), mode="bilinear", align_corners=False) / 255
    mean, std = torch.tensor(IMAGE_MEAN), torch.tensor(IMAGE_STD)
    return (pixels - mean[:, None, None]) / std[:, None, None]
