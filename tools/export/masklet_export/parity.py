"""
`python -m masklet_export.parity --seed N`: a new tiny model and clip, the reference, the exported graphs in onnxruntime, and how far
they are apart. With `--out` the fixture stays there, for another runtime to be held to.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import torch
import transformers
from torch import Tensor
from transformers import PreTrainedModel

from . import clip, contract, fixture, hosted_graphs, models, reference, scenario
from .compare import DIFFERENT, TOLERANCE, Difference, compare
from .models import KINDS
from .replay import Tracker, track
from .replay_hosted import HostedTracker

FULL_FRAMES = 3


def name_of(kind: str) -> str:
    return f"{kind}-tiny-random"


def make(kind: str, seed: int, out: Path, half: bool, hosted: bool, full: bool) -> Difference:
    """
    Writes clip, graphs and reference of one kind of model under `out`, replays them, and prints and returns the difference. `hosted`: also
    the hosted exports' contract from the same weights, with what its own loop records as its reference. `full`: a model of full size
    and one short run, in place of the tiny one.
    """
    # Pointers are placed in units of the clip's length: it has as many frames as are tracked.
    frames = fixture.write_clip(out / "clip", seed, FULL_FRAMES if full else None)
    if full:
        model = models.random(kind, seed, False, None)
        pixels = clip.preprocess(frames, int(model.config.image_size))
        run = scenario.short(FULL_FRAMES)
        with torch.inference_mode():
            tracked = [(run, reference.track(model, pixels, run, clip.WIDTH, clip.HEIGHT))]
        name = f"{kind}-random"
    else:
        pixels = clip.preprocess(frames, 128)
        model, tracked = fixture.tiny(kind, seed, pixels)
        name = name_of(kind)
    family = models.family_of(model)
    folder = out / name
    contract.write(model, folder, name=name, family=family, half=half)
    head = {"seed": seed, "family": family, "contract": "masklet", "reference": f"transformers {transformers.__version__}"}
    fixture.write_reference(folder, head, pixels, tracked)
    total = Difference()
    for run, records in tracked:
        tracker = Tracker(folder, pixels.numpy(), clip.WIDTH, clip.HEIGHT, run.max_cond_frames)
        replayed = track(tracker, run)
        print(f"{name}, {run.name}: {compare(records, replayed)}")
        for pair in zip(records, replayed, strict=True):
            total.add(*pair)
    print(f"{name}: {total}")
    if hosted:
        make_hosted(model, seed, out, pixels, half)
    return total


def make_hosted(model: PreTrainedModel, seed: int, out: Path, pixels: Tensor, half: bool) -> None:
    """The fixture of the hosted exports' contract. Its largest difference from the unrestricted reference is printed: what fixed slots cost."""
    name = f"{name_of('sam2.1')}-five"
    folder = out / name
    hosted_graphs.write(model, folder, name=name, half=half)
    tracked = []
    for run in scenario.runs(len(pixels)):
        if any(step["do"] in ("mask", "read") for step in run.steps):
            continue
        records = track(HostedTracker(folder, pixels.numpy(), clip.WIDTH, clip.HEIGHT, run.max_cond_frames), run)
        free = reference.track(model, pixels, run, clip.WIDTH, clip.HEIGHT)
        print(f"{name}, {run.name}, from the reference without fixed slots: {compare(free, records)}")
        tracked.append((run, records))
    head = {"seed": seed, "family": "sam2.1", "contract": "five", "reference": "masklet_export.replay_hosted"}
    fixture.write_reference(folder, head, pixels, tracked)


def main() -> int:
    parser = argparse.ArgumentParser(prog="masklet_export.parity", description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--family", choices=KINDS, default="sam2.1")
    parser.add_argument("--out", type=Path, help="keep the fixture here")
    parser.add_argument("--fp16", action="store_true", help="also write the fp16 twins")
    parser.add_argument("--five", action="store_true", help="also the hosted exports' contract, of five graphs (SAM 2.1)")
    parser.add_argument("--full", action="store_true", help="a model of full size, over a few frames")
    options = parser.parse_args()
    if options.full and options.five:
        parser.error("--five is for the tiny model")
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        difference = make(options.family, options.seed, options.out or Path(temporary), options.fp16, options.five, options.full)
    return 0 if difference.largest <= TOLERANCE else DIFFERENT


if __name__ == "__main__":
    raise SystemExit(main())
