"""
`python -m masklet_export --model facebook/sam2.1-hiera-tiny --out DIR`: official weights to graphs, with a parity report against the
reference on a seeded clip. Exits with 1 where they differ by more than 1e-3.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from transformers import PreTrainedModel

from . import clip, contract, hosted_graphs, models, reference, scenario
from .compare import TOLERANCE, compare
from .replay import Tracker, track
from .replay_hosted import HostedTracker


def main() -> int:
    parser = argparse.ArgumentParser(prog="masklet_export", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--model", help="a Hugging Face id or a folder with config.json and weights")
    source.add_argument("--random", type=int, metavar="SEED", help="random weights, for tests")
    parser.add_argument("--family", choices=models.KINDS, default="sam2.1", help="of random weights")
    parser.add_argument("--tiny", action="store_true", help="with --random: the 128-pixel model of the fixtures")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, choices=(1024, 512), help="input size, where it is not the model's own")
    parser.add_argument("--fp16", action="store_true", help="also the twins that compute in half precision")
    parser.add_argument("--contract", choices=("masklet", "five"), default="masklet", help="five: that of the hosted exports, of five graphs")
    parser.add_argument("--frames", type=int, default=3, help="how many frames the parity report tracks; 0 for no report")
    options = parser.parse_args()

    if options.model is not None:
        model, name = models.load(options.model, options.size), Path(options.model).name
    else:
        model = models.random(options.family, options.random, options.tiny, options.size)
        name = f"{options.family}-{'tiny-' if options.tiny else ''}random-{options.random}"
    family = models.family_of(model)
    started = time.monotonic()
    if options.contract == "masklet":
        contract.write(model, options.out, name=name, family=family, half=options.fp16)
    else:
        hosted_graphs.write(model, options.out, name=name, half=options.fp16)
    print(f"{name} ({family}) exported to {options.out} in {time.monotonic() - started:.0f} s")
    return report(model, options.out, options.contract, options.frames) if options.frames else 0


def report(model: PreTrainedModel, folder: Path, kind: str, frames: int) -> int:
    """Tracks two objects over the first frames with the graphs and with the reference, and prints how far they are apart."""
    pixels = clip.preprocess(clip.make(1)[:frames], int(model.config.image_size))
    run = scenario.short(frames)
    with torch.inference_mode():
        expected = reference.track(model, pixels, run, clip.WIDTH, clip.HEIGHT)
    tracker_class = Tracker if kind == "masklet" else HostedTracker
    tracker = tracker_class(folder, pixels.numpy(), clip.WIDTH, clip.HEIGHT, -1)
    difference = compare(expected, track(tracker, run))
    for graph, seconds in tracker.graphs.seconds.items():
        print(f"  {graph}: {sum(seconds) / len(seconds):.2f} s a run, {len(seconds)} runs")
    print(f"largest differences from the reference: {difference}")
    if kind == "five":
        print("hosted exports repeat entries in their fixed slots: their masks are near the reference's, not equal to them")
        return 0
    return 0 if difference.largest <= TOLERANCE else 1
