"""
`python -m masklet_export.turns`: runs the vision encoder of the fixtures' model in PyTorch, on one thread, once for each line
that it reads, and writes the milliseconds.
"""

from __future__ import annotations

import sys
from time import perf_counter

import torch

from .fixtures import SEED
from .models import random
from .wrappers import VisionEncoder


def main() -> int:
    torch.set_num_threads(1)
    model = random("sam2.1", SEED, tiny=True, size=None)
    encoder = VisionEncoder(model)
    side = model.config.image_size
    pixels = torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(SEED))
    with torch.inference_mode():
        for _ in sys.stdin:
            start = perf_counter()
            encoder(pixels)
            print(1000 * (perf_counter() - start), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
