"""The committed fixtures against the graphs in onnxruntime, and each rule of the bank broken on purpose."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from masklet_export import bank, clip, contract, replay, replay_hosted
from masklet_export.compare import TOLERANCE, Difference, compare
from masklet_export.scenario import Record, Run, click

FOLDER = Path(__file__).parents[3] / "fixtures" / "models"


def read(name: str) -> list[tuple[Run, list[Record]]]:
    described = json.loads((FOLDER / name / "reference.json").read_text())
    data = np.frombuffer((FOLDER / name / described["file"]).read_bytes(), "<f4")
    (height, width), channels = described["record"]["mask"], described["record"]["obj_ptr"]
    tracked = []
    for run in described["runs"]:
        records = []
        for entry in run["records"]:
            values = data[entry["offset"] // 4 :][: height * width + channels + 2]
            mask, pointer = values[: height * width].reshape(height, width), values[height * width : -2]
            place = (entry["step"], entry["frame"], entry["object"], entry["stored"])
            records.append(Record(*place, mask, pointer, float(values[-2]), float(values[-1])))
        tracked.append((Run(run["name"], run["about"], run["steps"], run["max_cond_frames"]), records))
    return tracked


def pixels() -> np.ndarray:
    shape = (clip.FRAMES, clip.HEIGHT, clip.WIDTH, 3)
    frames = np.frombuffer((FOLDER / "clip" / "clip.rgb").read_bytes(), np.uint8).reshape(shape)
    return clip.preprocess(frames.copy(), 128).numpy()


def differences(name: str, tracker: Any = replay.Tracker) -> dict[str, Difference]:
    frames = pixels()
    return {
        run.name: compare(
            records,
            replay.track(tracker(FOLDER / name, frames, clip.WIDTH, clip.HEIGHT, run.max_cond_frames), run),
        )
        for run, records in read(name)
    }


MODELS = ["sam2.1-tiny-random", "edgetam-tiny-random", "edgetam-published-tiny-random"]
HOSTED = "sam2.1-tiny-random-five"


@pytest.mark.parametrize("name", MODELS)
def test_the_graphs_give_what_the_reference_gives(name: str) -> None:
    for run, difference in differences(name).items():
        assert difference.largest <= TOLERANCE, run


def test_the_hosted_export_gives_what_its_definition_gives() -> None:
    for run, difference in differences(HOSTED, replay_hosted.HostedTracker).items():
        assert difference.largest <= TOLERANCE, run


@pytest.mark.parametrize("name", [*MODELS, HOSTED])
def test_the_manifest_describes_the_files(name: str) -> None:
    manifest = json.loads((FOLDER / name / "manifest.json").read_text())
    files = [manifest["constants"], *manifest["graphs"]["fp32"].values()]
    for file in files:
        found = contract.described(FOLDER / name / file["file"], FOLDER / name)
        assert found == {key: file[key] for key in found}
    graphs = replay_hosted.GRAPHS if name == HOSTED else ("vision_encoder", "mask_decoder", "memory_encoder", "step")
    assert set(manifest["graphs"]["fp32"]) == set(graphs)
    assert manifest["image_size"] == 128


def _memories(change: Callable[..., list[Any]]) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(replay, "select_memories", change)


def _pointers(change: Callable[..., list[Any]]) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(replay, "select_pointers", change)


def _rule(name: str, value: Any) -> Callable[[pytest.MonkeyPatch], None]:
    def apply(patch: pytest.MonkeyPatch) -> None:
        original = replay.Tracker.__init__

        def changed(self: replay.Tracker, *arguments: Any) -> None:
            original(self, *arguments)
            self.rules[name] = value

        patch.setattr(replay.Tracker, "__init__", changed)

    return apply


def _several_for_masks(decode: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, features, image, points, several, mask=None: decode(
        self, features, image, points, several or mask is not None, mask
    )


def _past_only(state: bank.ObjectState, frame: int, reverse: bool, *rest: int) -> list[Any]:
    future = [entry for t, entry in state.cond.items() if (t < frame if reverse else t > frame)]
    chosen = bank.select_memories(state, frame, reverse, *rest)
    return [slot for slot in chosen if slot[0] not in future] or chosen


MUTATIONS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "temporal rows off by one": _memories(
        lambda *a: [(entry, row if row == 6 else row + 1) for entry, row in bank.select_memories(*a)]
    ),
    "conditioning frames take the first row": _memories(
        lambda *a: [(entry, 0 if row == 6 else row) for entry, row in bank.select_memories(*a)]
    ),
    "five recent frames": _memories(lambda *a: [slot for slot in bank.select_memories(*a) if slot[1] != 5]),
    "no future conditioning memory": _memories(_past_only),
    "no cap on conditioning frames": _memories(lambda s, f, r, n, c: bank.select_memories(s, f, r, n, -1)),
    "future pointers too": _pointers(
        lambda s, f, r, *a: bank.select_pointers(s, f, r, *a)
        + [(e, (f - t) * (-1 if r else 1)) for t, e in s.cond.items() if (f - t) * (-1 if r else 1) < 0]
    ),
    "four recent pointers": _pointers(lambda s, f, r, n, m: bank.select_pointers(s, f, r, min(n, 5), m)),
    "pointers in units of fifteen": lambda patch: patch.setattr(
        replay, "pointer_sine", lambda d, n, m, c: bank.pointer_sine(d, 16, m, c)
    ),
    "sign lost in reverse": _pointers(
        lambda s, f, r, *a: [(e, -d if r and e in s.cond.values() else d) for e, d in bank.select_pointers(s, f, r, *a)]
    ),
    "never binarized for the others of the batch": _rule("binarize", "object"),
    "always one mask": _rule("multimask", False),
    "several masks for two points": _rule("multimask_max_points", 2),
}


def test_the_published_edgetam_has_neither_positions_nor_an_occlusion_embedding() -> None:
    manifest = json.loads((FOLDER / "edgetam-published-tiny-random" / "manifest.json").read_text())
    assert not manifest["rules"]["pointer_tpos"] and not manifest["rules"]["occlusion_embedding"]
    assert "pointer_tpos_weight" not in manifest["constants"]["index"]


def test_the_pointer_of_a_mask_prompt_is_that_of_token_0(monkeypatch: pytest.MonkeyPatch) -> None:
    # The given object of the other fixture is absent to its decoder.
    monkeypatch.setattr(replay.Tracker, "decode", _several_for_masks(replay.Tracker.decode))
    assert differences("edgetam-tiny-random")["mask"].largest > 2 * TOLERANCE


def test_an_empty_slot_of_a_hosted_export_repeats_the_newest_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    oldest = lambda *given, key=None: min(*given) if key is None else given[0][0]  # noqa: E731
    monkeypatch.setattr(replay_hosted, "min", oldest, raising=False)
    largest = max(difference.largest for difference in differences(HOSTED, replay_hosted.HostedTracker).values())
    assert largest > 2 * TOLERANCE


def test_seven_conditioning_frames_take_part_in_a_hosted_export(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[int] = []

    def select(*given: Any) -> list[tuple[bank.Entry, int]]:
        chosen = bank.select_memories(*given)
        rows.extend(row for _, row in chosen)
        return chosen

    monkeypatch.setattr(replay_hosted, "select_memories", select)
    tracker = replay_hosted.HostedTracker(FOLDER / HOSTED, pixels(), clip.WIDTH, clip.HEIGHT, -1)
    for frame in range(8):
        tracker.add(click(1, frame, [[14, 22]], [1]))
        tracker.run(frame, False)
    tracker.run(9, False)
    assert rows.count(len(tracker.tpos) - 1) == 7


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_broken_rule_shows(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    MUTATIONS[name](monkeypatch)
    largest = max(difference.largest for difference in differences("sam2.1-tiny-random").values())
    print(f"{name}: {largest:.1e}")
    assert largest > 2 * TOLERANCE
