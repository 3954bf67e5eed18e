"""
The reference: transformers' own session, run step by step, with what it computes on the way written down. In one point it is put
right (`Observer._forward`): the pointer of a mask prompt.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel

from .scenario import Record, Run, Step, click


def session_class(model: PreTrainedModel) -> Any:
    if model.config.model_type.startswith("edgetam"):
        from transformers.models.edgetam_video.modeling_edgetam_video import EdgeTamVideoInferenceSession

        return EdgeTamVideoInferenceSession
    from transformers.models.sam2_video.modeling_sam2_video import Sam2VideoInferenceSession

    return Sam2VideoInferenceSession


class Observer:
    """
    Keeps what the model computes and does not store: predicted IoU, how a mask was chosen, and how near the decisions were to
    their thresholds (`binarized`: the smallest absolute logit that was made 0 or 1 since it was last reset).
    """

    def __init__(self, model: PreTrainedModel) -> None:
        self.seen: dict[tuple[int, int, bool], tuple[float, str, dict[str, float]]] = {}
        self.model = model
        self._iou: Tensor = torch.empty(0)
        self._output: Any = None
        self._stability = 0.0
        self.binarized = float("inf")
        self._originals = {
            "_run_single_frame_inference": model._run_single_frame_inference,
            "_single_frame_forward": model._single_frame_forward,
            "_encode_new_memory": model._encode_new_memory,
        }
        self._stability_original = model.mask_decoder._get_stability_scores
        self._hook = model.mask_decoder.iou_prediction_head.register_forward_hook(self._keep_iou)

    def __enter__(self) -> Observer:
        self.model._run_single_frame_inference = self._single_frame
        self.model._single_frame_forward = self._forward
        self.model._encode_new_memory = self._encode
        self.model.mask_decoder._get_stability_scores = self._stability_scores
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._originals:
            delattr(self.model, name)
        del self.model.mask_decoder._get_stability_scores
        self._hook.remove()

    def _keep_iou(self, _module: object, _inputs: object, output: Tensor) -> None:
        self._iou = output.flatten()

    def _stability_scores(self, logits: Tensor) -> Tensor:
        scores = self._stability_original(logits)
        self._stability = float(scores)
        return scores

    def _forward(self, **inputs: Any) -> Any:
        if inputs.get("input_masks") is not None and inputs.get("input_points") is None:
            # The pointer of a mask prompt: the paper's code takes token 0 there, as in training; transformers asks for several masks.
            inputs["multimask_output"] = False
        self._output = self._originals["_single_frame_forward"](**inputs)
        return self._output

    def _encode(self, **inputs: Any) -> Any:
        if inputs["is_mask_from_pts"]:
            self.binarized = min(self.binarized, float(inputs["pred_masks_high_res"].abs().min()))
        return self._originals["_encode_new_memory"](**inputs)

    def _single_frame(self, **inputs: Any) -> Any:
        self._stability = float("nan")
        output = self._originals["_run_single_frame_inference"](**inputs)
        best, second = self._iou[1:].topk(2).values
        margins = {"score": abs(float(output["object_score_logits"])), "iou": float(best - second)}
        iou = float(self._output.iou_scores.max())
        choice = "multimask"
        if inputs["mask_inputs"] is not None:
            iou, choice = 1.0, "mask prompt"
            margins["score"] = abs(float(self._output.object_score_logits))
        elif not np.isnan(self._stability):
            threshold = self.model.config.mask_decoder_config.dynamic_multimask_stability_thresh
            choice = "stable" if self._stability >= threshold else "fallback"
            margins["stability"] = abs(self._stability - threshold)
        self.seen[inputs["obj_idx"], inputs["frame_idx"], inputs["is_init_cond_frame"]] = (iou, choice, margins)
        return output


def track(model: PreTrainedModel, pixels: Tensor, run: Run, width: int, height: int) -> list[Record]:
    """pixels (T,3,S,S); the clip's width and height in pixels → a record for each object and frame, in order."""
    capped = model.config.max_cond_frame_num
    model.config.max_cond_frame_num = run.max_cond_frames
    try:
        with Observer(model) as observer:
            return _track(model, observer, pixels, run, width, height)
    finally:
        model.config.max_cond_frame_num = capped


def _track(
    model: PreTrainedModel, observer: Observer, pixels: Tensor, run: Run, width: int, height: int
) -> list[Record]:
    session = session_class(model)(video=pixels, video_height=height, video_width=width, dtype=torch.float32)
    records = []
    for index, step in enumerate(run.steps):
        if step["do"] == "read":
            records += readings(model, pixels, index, step, width, height)
            continue
        if step["do"] != "run":
            prompt(model, session, step, width, height)
            continue
        for frame in step["frames"]:
            observer.binarized = float("inf")
            model(session, frame_idx=frame, reverse=step["reverse"])
            for obj in session.obj_ids:
                obj_idx = session.obj_id_to_idx(obj)
                outputs = session.output_dict_per_obj[obj_idx]
                conditioning = frame in outputs["cond_frame_outputs"]
                entry = outputs["cond_frame_outputs" if conditioning else "non_cond_frame_outputs"][frame]
                iou, choice, margins = observer.seen[obj_idx, frame, conditioning]
                records.append(
                    Record(
                        step=index,
                        frame=frame,
                        object=obj,
                        stored="cond" if conditioning else "noncond",
                        mask=entry["pred_masks"].reshape(entry["pred_masks"].shape[-2:]).numpy(),
                        obj_ptr=entry["object_pointer"].reshape(-1).numpy(),
                        obj_score=float(entry["object_score_logits"]),
                        iou=iou,
                        choice=choice,
                        margins={**margins, "pixel": observer.binarized},
                    )
                )
    return records


def readings(
    model: PreTrainedModel, pixels: Tensor, index: int, step: Step, width: int, height: int
) -> list[Record]:
    """The masks that the decoder of a session of its own gives for one click, before one of them is chosen."""
    kept: list[Any] = []
    hook = model.mask_decoder.register_forward_hook(lambda _module, _inputs, output: kept.append(output))
    frame = step["frame"]
    session = session_class(model)(video=pixels, video_height=height, video_width=width, dtype=torch.float32)
    prompt(model, session, click(1, frame, [step["point"]], [1]), width, height)
    try:
        model(session, frame_idx=frame)
    finally:
        hook.remove()
    masks, ious, tokens, score = (output[0, 0] for output in kept[0])
    pointers = model.object_pointer_proj(tokens).detach()
    return [
        Record(index, frame, 1 + i, "reading", mask.numpy(), pointer.numpy(), float(score), float(iou), "reading")
        for i, (mask, pointer, iou) in enumerate(zip(masks, pointers, ious))
    ]


def prompt(model: PreTrainedModel, session: Any, step: Step, width: int, height: int) -> None:
    """What the reference's processor does with a prompt, for one object."""
    obj_idx = session.obj_id_to_idx(step["object"])
    size = int(model.config.image_size)
    if step["do"] == "points":
        points = torch.tensor(step["points"]) * torch.tensor([size / width, size / height])
        labels = torch.tensor(step["labels"], dtype=torch.int32)
        session.add_point_inputs(
            obj_idx, step["frame"], {"point_coords": points[None, None], "point_labels": labels[None, None]}
        )
    else:
        session.add_mask_inputs(obj_idx, step["frame"], mask_input(step["rectangle"], width, height, size))
    session.obj_with_new_inputs = [step["object"]]


def mask_input(rectangle: list[int], width: int, height: int, size: int) -> Tensor:
    """(1,1,S,S) of 0 and 1: the mask in pixels of the video, stretched with antialiasing, then at least one half."""
    x0, y0, x1, y1 = rectangle
    mask = torch.zeros(1, 1, height, width)
    mask[..., y0:y1, x0:x1] = 1
    stretched = torch.nn.functional.interpolate(
        mask, size=(size, size), mode="bilinear", align_corners=False, antialias=True
    )
    return (stretched >= 0.5).float()


def downsampled(logits: np.ndarray, side: int) -> np.ndarray:
    """(S,S) → (side,side), bilinear with antialiasing: the low-resolution form of a mask prompt."""
    return torch.nn.functional.interpolate(
        torch.from_numpy(logits).float()[None, None], size=(side, side), mode="bilinear", align_corners=False, antialias=True
    )[0, 0].numpy()
