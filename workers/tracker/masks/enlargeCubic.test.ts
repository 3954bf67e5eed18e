import { describe, expect, it } from 'vitest';
import { enlargeCubic } from './enlargeCubic.ts';

describe('enlargeCubic', () => {
  // torch.nn.functional.interpolate(torch.tensor([[[[0., 1., 0., 2.]]]]), scale_factor=(1, 2), mode='bicubic')
  const TORCH_ROW = [
    -0.10546875, 0.26171875, 0.87890625, 0.80859375, 0.05078125, 0.34765625, 1.51171875, 2.2109375,
  ];

  it('equals PyTorch’s bicubic', () => {
    const { data, width, height } = enlargeCubic(
      { data: Float32Array.of(0, 1, 0, 2), width: 4, height: 1 },
      2,
    );
    expect([width, height]).toEqual([8, 2]);
    TORCH_ROW.forEach((value, x) => expect(data[x]).toBeCloseTo(value, 5));
  });
});
