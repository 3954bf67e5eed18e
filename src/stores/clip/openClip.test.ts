import { afterEach, expect, it, vi } from 'vitest';
import { MaskletError } from '../../core/errors.ts';
import { noticesStore } from '../page/noticesStore.ts';
import { projectStore } from '../project/projectStore.ts';
import { addObject, currentDocument, undoStep } from '../work/objectsStore.ts';
import { openFile } from './openClip.ts';
import { videoStore } from './videoStore.ts';
import { player, segmenter } from '../workers/workers.ts';

const info = {
  ...{ kind: 'image' as const, codec: 'none', width: 2, height: 2 },
  ...{ frameCount: 1, timestamps: new Float64Array(1), duration: 0 },
};

afterEach(() => vi.restoreAllMocks());

it('a clip that the model cannot read does not take the place of one that was opened after it', async () => {
  const later = () => new Promise((resolve) => setTimeout(resolve));
  let openNext: () => void = () => undefined;
  let refuse: (error: Error) => void = () => undefined;
  vi.spyOn(player, 'frame').mockRejectedValue(new MaskletError('worker-crashed', 'There is no worker.'));
  const playerOpens = vi.spyOn(player, 'open').mockResolvedValue(info);
  vi.spyOn(segmenter, 'open')
    .mockResolvedValue(info)
    .mockResolvedValueOnce(info)
    .mockReturnValueOnce(new Promise((_, reject) => (refuse = reject)));
  await openFile(new File([], 'former'));
  await openFile(new File([], 'unreadable'));
  playerOpens.mockReturnValueOnce(new Promise((resolve) => (openNext = () => resolve(info))));
  const opening = openFile(new File([], 'next'));
  await later();
  refuse(new MaskletError('file-damaged', 'It cannot be read.'));
  await later();
  openNext();
  await opening;
  await later();
  expect(videoStore.getState().clip?.name).toBe('next');
});

it('while another file opens nothing can be changed that would go with the clip; where it is refused, work goes on', async () => {
  vi.spyOn(player, 'frame').mockRejectedValue(new MaskletError('worker-crashed', 'There is no worker.'));
  vi.spyOn(segmenter, 'open').mockResolvedValue(info);
  const playerOpens = vi.spyOn(player, 'open').mockResolvedValue(info);
  await openFile(new File([], 'former'));
  projectStore.setState({ problem: 'The browser offers no storage.' });
  addObject();
  const document = currentDocument();
  let refuse: (error: Error) => void = () => undefined;
  playerOpens.mockReturnValueOnce(new Promise((_, reject) => (refuse = reject)));
  const opening = openFile(new File([], 'next'));
  addObject();
  undoStep();
  expect(currentDocument()).toBe(document);
  expect(noticesStore.getState().notices.at(-1)?.message).toBe(
    'A file is opening. Wait until it is here, or cancel it.',
  );

  refuse(new MaskletError('file-damaged', 'It cannot be read.'));
  await opening;
  expect(videoStore.getState().clip?.name).toBe('former');
  expect(currentDocument()).toBe(document);
  addObject();
  expect(currentDocument().objects).toHaveLength(2);
});
