"""
EdgeTAM's backbone comes from timm, and timm imports torchvision, whose binary operators do not load beside every build
of torch. No model here uses them: where they are missing, their declarations are enough.
"""

from __future__ import annotations

import importlib.util
import sys

import torch

# Declarations last as long as the object that made them.
_library: torch.library.Library | None = None


def declare_missing() -> None:
    """To be called before the first import of transformers or timm, which import torchvision where it is installed."""
    global _library
    if importlib.util.find_spec("torchvision") is None:
        return
    try:
        import torchvision  # noqa: F401
    except RuntimeError:
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        _library = torch.library.Library("torchvision", "DEF")
        for operator in ("nms", "qnms"):
            _library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
