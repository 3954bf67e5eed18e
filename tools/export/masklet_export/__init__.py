"""SAM 2, SAM 2.1 and EdgeTAM as ONNX graphs for Masklet, with the reference they are checked against."""

from .torchvision_operators import declare_missing

declare_missing()
