"""The two references themselves: what transformers is put right in, and that the paper's package has a place for every weight."""

import importlib.util
import sys
from collections.abc import Callable

import pytest

from masklet_export import clip, models, official, reference
from masklet_export.scenario import Run, Step, click, mask, run


@pytest.mark.parametrize(
    ("prompt", "several"), [(mask(1, 0, [22, 13, 41, 34]), False), (click(1, 0, [[14, 22]], [1]), True)], ids=["mask", "click"]
)
def test_transformers_is_asked_for_token_0_where_a_mask_is_given(prompt: Step, several: bool) -> None:
    model = models.random("sam2.1", 1, True, None)
    asked: list[bool] = []
    model.mask_decoder.register_forward_pre_hook(lambda _, given, named: asked.append(named["multimask_output"]), with_kwargs=True)
    pixels = clip.preprocess(clip.make(1)[:1], 128)
    reference.track(model, pixels, Run("one frame", "", [prompt, run([0])]), clip.WIDTH, clip.HEIGHT)
    assert asked == [several]


def test_every_weight_has_a_name_in_the_package() -> None:
    pytest.importorskip("sam2")
    official.package(official.random(1))


def absent(find: Callable[..., object]) -> Callable[..., object]:
    return lambda name, *rest: None if name == "sam2" else find(name, *rest)


def test_the_package_is_installed_into_virtual_environments_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", absent(importlib.util.find_spec))
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert not official.package_is_there()
    assert "is no virtual environment" in capsys.readouterr().out
