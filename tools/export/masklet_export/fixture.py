"""
A fixture: a tiny random model as graphs, and what the reference makes of a seeded clip with it. The same seed gives the same
fixture on the same versions of torch and transformers.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel

from . import clip, models, reference, scenario
from .scenario import Record, Run

# A decision nearer to its threshold than this would hang on the rounding of a runtime.
MARGINS = {"score": 3e-3, "iou": 2e-4, "stability": 5e-4, "pixel": 4e-5}
ATTEMPTS = 200


def tiny(kind: str, seed: int, pixels: Tensor) -> tuple[PreTrainedModel, list[tuple[Run, list[Record]]]]:
    """
    A tiny random model whose fixture exercises the masks, with its records: in every run objects appear and disappear, and both
    outcomes of the stability rule occur. Draws again, from a seed that follows from `seed`, until one does.
    """
    runs = scenario.runs(len(pixels))
    for attempt in range(ATTEMPTS):
        model = models.random(kind, seed * ATTEMPTS + attempt, True, None)
        spread_scores(model, pixels, runs[1])
        tracked = []
        for run in runs:
            records = reference.track(model, pixels, run, clip.WIDTH, clip.HEIGHT)
            shortcoming = lacks(run, records)
            if shortcoming:
                print(f"seed {seed}, draw {attempt}: {shortcoming}")
                break
            tracked.append((run, records))
        else:
            choices = Counter(record.choice for _, records in tracked for record in records)
            if choices["stable"] and choices["fallback"]:
                return model, tracked
            print(f"seed {seed}, draw {attempt}: the stability rule has one outcome only")
    raise RuntimeError(f"no model that exercises the masks in {ATTEMPTS} draws from seed {seed}")


@torch.no_grad()
def spread_scores(model: PreTrainedModel, pixels: Tensor, run: Run) -> None:
    """Scales and shifts the head of the object score, so that about two thirds of the records of `run` appear."""
    scores = np.array([record.obj_score for record in reference.track(model, pixels, run, clip.WIDTH, clip.HEIGHT)])
    low, high = np.quantile(scores, [0.1, 0.9])
    head = model.mask_decoder.pred_obj_score_head.proj_out
    scale = 4.0 / max(high - low, 1e-3)
    head.weight.mul_(scale)
    head.bias.copy_(scale * (head.bias - float(np.quantile(scores, 0.35))))


def lacks(run: Run, records: list[Record]) -> str:
    """Why these records are no test, empty where they are one."""
    for record in records:
        for name, margin in record.margins.items():
            if margin < MARGINS[name]:
                return f"{run.name}: {name} of object {record.object} on frame {record.frame} is {margin:.1e} from its threshold"
    decided = [record for record in records if record.choice not in ("mask prompt", "reading")]
    if not decided:
        return ""
    present = sum(record.obj_score > 0 for record in decided)
    if min(present, len(decided) - present) < 3:
        return f"{run.name}: {present} of {len(decided)} masks are present"
    return ""


def write_clip(folder: Path, seed: int, most: int | None = None) -> np.ndarray:
    """Writes `clip.rgb` (T,H,W,3 bytes) and `clip.json`, of the first `most` frames at most; returns the frames."""
    folder.mkdir(parents=True, exist_ok=True)
    frames = clip.make(seed)[:most]
    (folder / "clip.rgb").write_bytes(frames.tobytes())
    count, height, width, _ = frames.shape
    described = {"seed": seed, "frames": count, "width": width, "height": height, "file": "clip.rgb", "layout": "T,H,W,RGB8"}
    (folder / "clip.json").write_text(json.dumps(described, indent=2) + "\n")
    return frames


def write_reference(folder: Path, head: dict[str, Any], pixels: Tensor, tracked: list[tuple[Run, list[Record]]]) -> None:
    """
    Writes `reference.json` and `reference.bin` (float32, little endian): first the encoder's input for frame 0 (3,S,S), then for
    each record its mask (4h,4w), object pointer (C), object score and predicted IoU.
    """
    data = bytearray(pixels[0].numpy().astype("<f4").tobytes())
    described = []
    for run, records in tracked:
        entries = []
        for record in records:
            entries.append(
                {
                    "step": record.step,
                    "frame": record.frame,
                    "object": record.object,
                    "stored": record.stored,
                    "present": record.present,
                    "choice": record.choice,
                    "offset": len(data),
                }
            )
            values = [record.mask.reshape(-1), record.obj_ptr.reshape(-1), [record.obj_score, record.iou]]
            data += np.concatenate(values).astype("<f4").tobytes()
        described.append(
            {
                "name": run.name,
                "about": run.about,
                "max_cond_frames": run.max_cond_frames,
                "counts": counts(records),
                "steps": run.steps,
                "records": entries,
            }
        )
    (folder / "reference.bin").write_bytes(data)
    first = tracked[0][1][0]
    content = {
        **head,
        "clip": "../clip/clip.json",
        "file": "reference.bin",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "record": {"mask": list(first.mask.shape), "obj_ptr": int(first.obj_ptr.size), "obj_score": 1, "iou": 1},
        "input": {"frame": 0, "offset": 0, "shape": list(pixels[0].shape)},
        "input_sums": [round(float(frame.double().sum()), 3) for frame in pixels],
        "counts": counts([record for _, records in tracked for record in records]),
        "runs": described,
    }
    (folder / "reference.json").write_text(compact(content) + "\n")


def counts(records: list[Record]) -> dict[str, int]:
    present = sum(record.present for record in records)
    choices = Counter(record.choice for record in records)
    return {"present": present, "occluded": len(records) - present, **dict(sorted(choices.items()))}


def compact(content: Any, indent: int = 0) -> str:
    """JSON with one line for each innermost object and list."""
    flat = json.dumps(content)
    if len(flat) + indent <= 110 or not isinstance(content, (dict, list)):
        return flat
    pad = " " * (indent + 2)
    if isinstance(content, dict):
        lines = [f"{pad}{json.dumps(key)}: {compact(value, indent + 2)}" for key, value in content.items()]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    lines = [pad + compact(value, indent + 2) for value in content]
    return "[\n" + ",\n".join(lines) + "\n" + " " * indent + "]"
