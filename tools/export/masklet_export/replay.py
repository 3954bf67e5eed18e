"""
A tracker over the exported graphs in onnxruntime: the executable form of the contract and of the bank's rules. All objects of a
frame run in one batch. What it records must be the reference's within rounding.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from . import reference
from .bank import Entry, ObjectState, pointer_sine, select_memories, select_pointers
from .scenario import Record, Run, Step

Arrays = dict[str, np.ndarray]


class Graphs:
    """The sessions of a folder of graphs, run by name. `seconds`: how long each run of each graph took."""

    def __init__(self, folder: Path, names: dict[str, str]) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.sessions = {
            name: onnxruntime.InferenceSession(folder / file, options, providers=["CPUExecutionProvider"])
            for name, file in names.items()
        }
        self.seconds: dict[str, list[float]] = {}

    def run(self, name: str, **inputs: np.ndarray) -> Arrays:
        session = self.sessions[name]
        typed = {key: value if value.dtype == np.int32 else value.astype(np.float32) for key, value in inputs.items()}
        started = time.monotonic()
        outputs = session.run(None, typed)
        self.seconds.setdefault(name, []).append(time.monotonic() - started)
        return dict(zip([output.name for output in session.get_outputs()], outputs))


class Tracker:
    """One session over a clip: pixels (T,3,S,S) preprocessed, the video's width and height in pixels."""

    def __init__(
        self, folder: Path, pixels: np.ndarray, width: int, height: int, max_cond_frames: int, precision: str = "fp32"
    ) -> None:
        self.manifest = json.loads((folder / "manifest.json").read_text())
        self.graphs = Graphs(folder, {name: file["file"] for name, file in self.manifest["graphs"][precision].items()})
        self.constants = read_constants(folder, self.manifest)
        self.rules = self.manifest["rules"]
        self.size = self.manifest["image_size"]
        self.pixels, self.width, self.height = pixels, width, height
        self.max_cond_frames = max_cond_frames
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
        computed = [obj for obj, state in self.objects.items() if obj in prompts or frame not in state.cond]
        fresh = [obj for obj in computed if obj in prompts and frame not in self.objects[obj].tracked]
        tracked = [obj for obj in computed if obj not in fresh]
        batch = self.rules["binarize"] == "batch" and bool(prompts)
        binarize = {obj: float(batch or obj in prompts) for obj in computed}

        for obj in fresh:
            entry = self.prompted(prompts[obj], features, features["no_memory_embed"], binarize[obj])
            self.objects[obj].cond[frame] = entry
        if tracked:
            out = self.step(tracked, frame, reverse, features, binarize)
            for i, obj in enumerate(tracked):
                entry = Entry(
                    memory=out["next_memory"][i],
                    obj_ptr=out["next_obj_ptr"][i],
                    mask=out["masks"][i, 0],
                    obj_score=float(out["obj_score"][i, 0]),
                    iou=float(out["iou"][i, 0]),
                )
                if obj in prompts:
                    entry = self.prompted(prompts[obj], features, out["cond_embed"][i : i + 1], binarize[obj])
                self.objects[obj].noncond[frame] = entry
                self.objects[obj].tracked.add(frame)
        return {
            obj: ("cond", state.cond[frame]) if frame in state.cond else ("noncond", state.noncond[frame])
            for obj, state in self.objects.items()
        }

    def step(
        self, objects: list[int], frame: int, reverse: bool, features: Arrays, binarize: dict[int, float]
    ) -> Arrays:
        """One run of `step` for several objects. Objects with fewer memories or pointers are padded; key_bias hides the padding."""
        rules, manifest = self.rules, self.manifest
        tokens, width, channels = manifest["memory_tokens"], manifest["memory_width"], manifest["hidden_size"]
        split = channels // width
        chosen = []
        for obj in objects:
            state = self.objects[obj]
            memories = select_memories(state, frame, reverse, rules["num_maskmem"], self.max_cond_frames)
            chosen.append((memories, select_pointers(state, frame, reverse, len(self.pixels), rules["max_obj_ptrs"])))
        m = max(len(memories) for memories, _ in chosen)
        p = max(1, max(len(pointers) for _, pointers in chosen))
        n = len(objects)
        memory, memory_tpos = np.zeros((n, m, tokens, width)), np.zeros((n, m, width))
        obj_ptr, obj_ptr_tpos = np.zeros((n, p, channels)), np.zeros((n, p, width))
        key_bias = np.full((n, 1, m * tokens + p * split), rules["key_bias_padding"])
        for i, (memories, pointers) in enumerate(chosen):
            for slot, (entry, row) in enumerate(memories):
                memory[i, slot] = entry.memory
                memory_tpos[i, slot] = self.constants["memory_tpos"][row]
            for slot, (entry, _) in enumerate(pointers):
                obj_ptr[i, slot] = entry.obj_ptr
            if pointers and rules["pointer_tpos"]:
                sine = pointer_sine([distance for _, distance in pointers], len(self.pixels), rules["max_obj_ptrs"], channels)
                weight, bias = self.constants["pointer_tpos_weight"], self.constants["pointer_tpos_bias"]
                obj_ptr_tpos[i, : len(pointers)] = sine @ weight.T + bias
            key_bias[i, :, : len(memories) * tokens] = 0
            key_bias[i, :, m * tokens : m * tokens + len(pointers) * split] = 0
        return self.graphs.run(
            "step",
            feat_s0=features["feat_s0"],
            feat_s1=features["feat_s1"],
            image_embed=features["image_embed"],
            memory=memory,
            memory_tpos=memory_tpos,
            obj_ptr=obj_ptr,
            obj_ptr_tpos=obj_ptr_tpos,
            key_bias=key_bias,
            binarize=np.array([binarize[obj] for obj in objects]).reshape(-1, 1, 1, 1),
        )

    def prompted(self, step: Step, features: Arrays, cond_embed: np.ndarray, binarize: float) -> Entry:
        """A mask from a prompt, on features (1,C,h,w) conditioned or with the no-memory embedding, and its memory."""
        if step["do"] == "mask":
            return self.masked(step, features, binarize)
        several = self.several(len(step["labels"]))
        out = self.decode(features, cond_embed, self.point_embed(step["points"], step["labels"]), several)
        memory = self.graphs.run(
            "memory_encoder",
            image_embed=features["image_embed"],
            masks=out["masks"],
            binarize=np.full((1, 1, 1, 1), binarize),
            obj_score=out["obj_score"],
        )["memory"]
        return Entry(memory[0], out["obj_ptr"][0], out["masks"][0, 0], float(out["obj_score"][0, 0]), float(out["iou"][0, 0]))

    def decode(
        self,
        features: Arrays,
        cond_embed: np.ndarray,
        point_embed: np.ndarray,
        several: bool,
        mask_input: np.ndarray | None = None,
    ) -> Arrays:
        """The decoder for one object; `several`: whether the best of several masks is taken, or token 0."""
        side = 4 * self.manifest["grid"]
        return self.graphs.run(
            "mask_decoder",
            cond_embed=cond_embed,
            feat_s0=features["feat_s0"],
            feat_s1=features["feat_s1"],
            point_embed=point_embed,
            mask_input=np.zeros((1, 1, side, side)) if mask_input is None else mask_input,
            has_mask=np.full((1, 1, 1, 1), float(mask_input is not None)),
            multimask=np.full((1, 1), float(several)),
        )

    def several(self, labels: int) -> bool:
        """Whether several masks are chosen from: `labels` is how many points the user gave (a box counts two)."""
        rules = self.rules
        return bool(rules["multimask"]) and rules["multimask_min_points"] <= labels <= rules["multimask_max_points"]

    def read(self, index: int, step: Step) -> list[Record]:
        """The readings of a click, as the reference's."""
        frame = step["frame"]
        features = self.graphs.run("vision_encoder", pixel_values=self.pixels[frame : frame + 1])
        out = self.decode(features, features["no_memory_embed"], self.point_embed([step["point"]], [1]), self.several(1))
        masks, pointers, ious = (out[name][0] for name in ("token_masks", "token_obj_ptr", "token_iou"))
        score = float(out["obj_score"][0, 0])
        return [
            Record(index, frame, token, "reading", masks[token], pointers[token], score, float(ious[token]))
            for token in (1, 2, 3)
        ]

    def point_embed(self, points: list[list[float]], labels: list[int]) -> np.ndarray:
        """(1,Q+1,C): points in pixels of the video as prompt tokens, with the empty point that the reference appends."""
        constants = self.constants
        tokens = []
        for (x, y), label in zip(points, labels):
            place = np.array([x * self.size / self.width, y * self.size / self.height])
            angle = 2 * np.pi * ((2 * (place + 0.5) / self.size - 1) @ constants["point_gaussian"])
            tokens.append(np.concatenate([np.sin(angle), np.cos(angle)]) + constants["point_labels"][label])
        return np.stack([*tokens, constants["not_a_point"]])[None]

    def masked(self, step: Step, features: Arrays, binarize: float) -> Entry:
        """
        A mask prompt is its own prediction. The decoder only gives the pointer, on raw features, from the mask at a quarter of
        the input's size, and without points: two empty ones. It is that of token 0.
        """
        constants, size = self.constants, self.size
        side = size // 4
        mask = reference.mask_input(step["rectangle"], self.width, self.height, size).numpy()[0, 0]
        patches = mask.reshape(side, 4, side, 4).transpose(0, 2, 1, 3)
        dense = (patches * constants["mask_prompt_weight"]).sum((2, 3)) + constants["mask_prompt_bias"]
        empty = np.stack([constants["not_a_point"]] * 2)[None]
        pointer = self.decode(features, features["image_embed"], empty, False, dense[None, None])["obj_ptr"][0]
        appears = bool((mask > 0).any())
        obj_score = 10.0 if appears else -10.0
        logits = 20.0 * mask - 10.0
        memory = self.graphs.run(
            "memory_encoder",
            image_embed=features["image_embed"],
            masks=logits[None, None],
            binarize=np.full((1, 1, 1, 1), binarize),
            obj_score=np.full((1, 1), obj_score),
        )["memory"]
        return Entry(
            memory=memory[0],
            obj_ptr=pointer if appears else constants["no_object_pointer"],
            mask=reference.downsampled(logits, side),
            obj_score=obj_score,
            iou=1.0,
        )


def read_constants(folder: Path, manifest: dict[str, Any]) -> Arrays:
    data = (folder / manifest["constants"]["file"]).read_bytes()
    return {
        name: np.frombuffer(data, "<f4", int(np.prod(place["shape"])), place["offset"]).reshape(place["shape"])
        for name, place in manifest["constants"]["index"].items()
    }


def track(tracker: Any, run: Run) -> list[Record]:
    """Plays a run on a tracker (this one or that of the hosted exports); records as the reference's."""
    records = []
    for index, step in enumerate(run.steps):
        if step["do"] == "read":
            records += tracker.read(index, step)
            continue
        if step["do"] != "run":
            tracker.add(step)
            continue
        for frame in step["frames"]:
            for obj, (stored, entry) in tracker.run(frame, step["reverse"]).items():
                records.append(
                    Record(index, frame, obj, stored, entry.mask, entry.obj_ptr, entry.obj_score, entry.iou)
                )
    return records
