"""
A tracker over a hosted export's five graphs in onnxruntime, and with it the definition of what fills their fixed slots:

- Memories: at most 7 conditioning frames (the bank's rule for a cap), then the tracked frames before this one, the nearest
  first, 7 entries at most.
- Pointers: those that the bank selects, conditioning frames first, 16 at most; where there are none, those of the selected
  conditioning frames with their signed distances.
- An empty slot repeats the newest entry: that of the frame nearest to this one, of two the one that was passed.
- A frame that was tracked before takes points on its conditioned features; any other on those without memory. There is no mask
  prompt. Each object runs alone, and only its own prompts binarise its memory.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from .bank import Entry, ObjectState, select_memories, select_pointers
from .hosted_graphs import MEMORIES, POINTERS
from .replay import Arrays, Graphs
from .scenario import Step

COND_FRAMES = 7
GRAPHS = ("vision_encoder", "mask_decoder", "memory_encoder", "memory_attention", "pointer_tpos")


class HostedTracker:
    """One session over a clip: pixels (T,3,S,S) preprocessed, the video's width and height in pixels."""

    def __init__(self, folder: Path, pixels: np.ndarray, width: int, height: int, max_cond_frames: int) -> None:
        self.graphs = Graphs(folder, {name: f"onnx/{name}.onnx" for name in GRAPHS})
        constants = json.loads((folder / "constants.json").read_text())
        self.tpos = np.array(constants["memory_temporal_positional_encoding"], dtype=np.float32)
        self.size = constants["image_size"]
        self.pixels, self.width, self.height = pixels, width, height
        self.max_cond_frames = COND_FRAMES if max_cond_frames == -1 else max_cond_frames
        self.memory_pos = np.empty(0)
        self.objects: dict[int, ObjectState] = {}
        self.prompts: dict[int, Step] = {}

    def add(self, step: Step) -> None:
        """Takes a prompt; it is used when its frame is run next."""
        self.objects.setdefault(step["object"], ObjectState())
        self.prompts[step["object"]] = step

    def run(self, frame: int, reverse: bool) -> dict[int, tuple[str, Entry]]:
        """Runs one frame; for each object where its entry is kept (`cond` or `noncond`) and the entry."""
        prompts, self.prompts = self.prompts, {}
        features = self.graphs.run("vision_encoder", pixel_values=self.pixels[frame : frame + 1])
        results = {}
        for obj, state in self.objects.items():
            step = prompts.get(obj)
            if step is not None and frame not in state.tracked:
                state.cond[frame] = self.predict(features, features["feats2_no_mem"], step)
            elif step is not None or frame not in state.cond:
                state.noncond[frame] = self.predict(features, self.condition(state, frame, reverse, features), step)
                state.tracked.add(frame)
            results[obj] = ("cond", state.cond[frame]) if frame in state.cond else ("noncond", state.noncond[frame])
        return results

    def condition(self, state: ObjectState, frame: int, reverse: bool, features: Arrays) -> np.ndarray:
        """(1,C,f,f): features conditioned on the slots of memory."""
        rows, cap = len(self.tpos), self.max_cond_frames
        chosen = select_memories(state, frame, reverse, rows, cap)
        sign = -1 if reverse else 1
        times = {id(entry): t for kept in (state.cond, state.noncond) for t, entry in kept.items()}
        passed = lambda slot: (frame - times[id(slot[0])]) * sign  # noqa: E731
        newest = lambda slot: (abs(passed(slot)), passed(slot) < 0)  # noqa: E731
        conditioning = [slot for slot in chosen if slot[1] == rows - 1]
        recent = [slot for slot in reversed(chosen) if slot[1] < rows - 1]
        memories = (conditioning + recent)[:MEMORIES]
        memories += [min(memories, key=newest)] * (MEMORIES - len(memories))

        pointers = select_pointers(state, frame, reverse, len(self.pixels), POINTERS)[:POINTERS]
        if not pointers:
            pointers = [(entry, (frame - times[id(entry)]) * sign) for entry, _ in conditioning]
        pointers += [min(pointers, key=newest)] * (POINTERS - len(pointers))
        longest = min(len(self.pixels), POINTERS) - 1
        distances = np.array([distance for _, distance in pointers]) / longest
        pointer_pos = self.graphs.run("pointer_tpos", normalized_diffs=distances)["pointer_pos"]

        width = self.tpos.shape[1]
        tokens = np.stack([entry.obj_ptr for entry, _ in pointers]).reshape(-1, 1, width)
        split = len(tokens) // POINTERS
        memory = np.concatenate([*(entry.memory for entry, _ in memories), tokens])
        position = np.concatenate(
            [*(self.memory_pos + self.tpos[row] for _, row in memories), np.repeat(pointer_pos, split, axis=0)[:, None]]
        )
        return self.graphs.run(
            "memory_attention",
            current_vision_features=tokens_first(features["feats2"]),
            current_vision_position_embeddings=tokens_first(features["vision_pos_embed"]),
            memory=memory,
            memory_pos=position,
        )["conditioned_feats"]

    def predict(self, features: Arrays, conditioned: np.ndarray, step: Step | None) -> Entry:
        """The decoder on conditioned features with the points of `step`, or an empty one, and the memory of its mask."""
        points = np.zeros((1, 2)) if step is None else np.array(step["points"])
        labels = [-1] if step is None else step["labels"]
        scale = np.array([self.size / self.width, self.size / self.height])
        out = self.graphs.run(
            "mask_decoder",
            feats0=features["feats0"],
            feats1=features["feats1"],
            feats2_cond=conditioned,
            input_points=(points * scale)[None, None],
            input_labels=np.array(labels, dtype=np.int32)[None, None],
        )
        memory = self.graphs.run(
            "memory_encoder",
            feats2=features["feats2"],
            high_res_mask=out["high_res_mask"],
            object_score_logits=out["object_score_logits"][0],
            binarize=np.array(float(step is not None)),
        )
        self.memory_pos = memory["memory_pos"]
        return Entry(
            memory["memory_tokens"],
            out["object_pointer"][0, 0],
            out["low_res_mask"][0, 0],
            float(out["object_score_logits"][0, 0, 0]),
            float(out["iou"][0, 0]),
        )


def tokens_first(features: np.ndarray) -> np.ndarray:
    """(1,C,f,f) → (f²,1,C)."""
    return features.reshape(1, features.shape[1], -1).transpose(2, 0, 1)
