"""`python -m masklet_export.fixtures`: writes the repository's `fixtures/models` anew."""

from __future__ import annotations

from pathlib import Path

import torch

from .compare import TOLERANCE
from .parity import make

SEED = 1
FOLDER = Path(__file__).parents[3] / "fixtures" / "models"


def main() -> int:
    torch.set_num_threads(1)
    differences = [
        make("sam2.1", SEED, FOLDER, half=False, hosted=True, full=False),
        make("edgetam", SEED, FOLDER, half=False, hosted=False, full=False),
        make("edgetam-published", SEED, FOLDER, half=False, hosted=False, full=False),
    ]
    return 0 if all(difference.largest <= TOLERANCE for difference in differences) else 1


if __name__ == "__main__":
    raise SystemExit(main())
