"""
`python -m masklet_export.parity --seed N`: a new tiny model and clip, the reference, the exported graphs in onnxruntime, and how far
they are apart. With `--out` the fixture stays there, for another runtime to be held to.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import torch

from . import clip, contract, fixture
from .compare import TOLERANCE, Difference, compare
from .models import FAMILIES
from .replay import Tracker, track

NAMES = {"sam2": "sam2-tiny-random", "sam2.1": "sam2.1-tiny-random", "edgetam": "edgetam-tiny-random"}


def make(family: str, seed: int, out: Path, half: bool) -> Difference:
    """Writes clip, graphs and reference of one family under `out`, replays them, and prints and returns the difference."""
    frames = fixture.write_clip(out / "clip", seed)
    pixels = clip.preprocess(frames, 128)
    model, tracked = fixture.tiny(family, seed, pixels)
    folder = out / NAMES[family]
    contract.write(model, folder, name=NAMES[family], family=family, half=half)
    head = {"seed": seed, "family": family, "contract": "masklet", "reference": "transformers 5.23.0"}
    fixture.write_reference(folder, head, pixels, tracked)
    total = Difference()
    for run, records in tracked:
        tracker = Tracker(folder, pixels.numpy(), clip.WIDTH, clip.HEIGHT, run.max_cond_frames)
        replayed = track(tracker, run)
        print(f"{NAMES[family]}, {run.name}: {compare(records, replayed)}")
        for pair in zip(records, replayed, strict=True):
            total.add(*pair)
    print(f"{NAMES[family]}: {total}")
    return total


def main() -> int:
    parser = argparse.ArgumentParser(prog="masklet_export.parity", description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--family", choices=FAMILIES, default="sam2.1")
    parser.add_argument("--out", type=Path, help="keep the fixture here")
    parser.add_argument("--fp16", action="store_true", help="also write the fp16 twins")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        difference = make(options.family, options.seed, options.out or Path(temporary), options.fp16)
    return 0 if difference.largest <= TOLERANCE else 1


if __name__ == "__main__":
    raise SystemExit(main())
