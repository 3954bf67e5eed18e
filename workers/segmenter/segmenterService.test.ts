import { expect, it, vi } from 'vitest';
import type { Clip } from '../media/clip.ts';
import { openClip } from '../media/openClip.ts';
import { SegmenterService } from './segmenterService.ts';

vi.mock('../media/openClip.ts');

function clipOf(codec: string, dispose: () => void): Clip {
  const info = {
    ...{ kind: 'video' as const, codec, width: 2, height: 2 },
    ...{ frameCount: 1, timestamps: new Float64Array(1), duration: 0 },
  };
  return { info, dispose } as unknown as Clip;
}

it('keeps the clip that was opened last, also where one before it takes longer to open', async () => {
  const [disposeSlow, disposeFast] = [vi.fn(), vi.fn()];
  let openSlow: (clip: Clip) => void = () => undefined;
  vi.mocked(openClip).mockReturnValueOnce(new Promise((resolve) => (openSlow = resolve)));
  vi.mocked(openClip).mockResolvedValueOnce(clipOf('fast', disposeFast));
  const service = new SegmenterService();
  const first = service.open(new Blob());
  await service.open(new Blob());
  openSlow(clipOf('slow', disposeSlow));
  await expect(first).rejects.toMatchObject({ code: 'superseded' });
  expect(disposeSlow).toHaveBeenCalledOnce();
  expect(disposeFast).not.toHaveBeenCalled();
});
