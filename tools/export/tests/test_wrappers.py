import torch

from masklet_export.wrappers import first_maximum, round_to_bfloat16


def test_rounding_is_that_of_bfloat16_but_for_ties() -> None:
    x = torch.randn(1 << 20, generator=torch.Generator().manual_seed(1)) * 3
    rounded = round_to_bfloat16(x)
    expected = x.bfloat16().float()
    assert (rounded != expected).sum() <= 32
    assert torch.equal(round_to_bfloat16(expected), expected)


def test_the_first_of_equal_scores_is_chosen() -> None:
    scores = torch.tensor([[0.2, 0.7, 0.7], [0.5, 0.5, 0.5], [0.1, 0.2, 0.3]])
    assert first_maximum(scores).tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
