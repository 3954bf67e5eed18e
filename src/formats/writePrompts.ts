import { encodeGrayPng } from '../core/png.ts';
import { PROMPT_FILE_VERSION } from '../core/promptFile.ts';
import { paintRle } from '../core/rle.ts';
import { jsonFile } from './files.ts';
import type { WriteMasks } from './format.ts';

/**
 * What was said of the objects, as a prompt file (docs/prompts.md): `prompts.json`, with a PNG for each mask that it names. `npm run track`
 * makes the same masks of it. Where the points alone would give another mask, the mask of that frame is said instead.
 */
export const writePrompts: WriteMasks = async function* (clip, { signal }, report) {
  const masks = new Map<string, string>();
  for await (const { at, masks: found } of clip.frameMasks(signal)) {
    const frame = clip.frames[at]?.number;
    for (const { id, prompts = [] } of clip.objects) {
      const said = prompts.find((each) => each.frame === frame);
      const entry = found.get(id);
      if (frame === undefined || !said?.isReplayedByMask || entry === undefined) continue;
      const pixels = new Uint8Array(clip.width * clip.height);
      paintRle(entry.mask, pixels, 0xff);
      const path = `prompts/${id}-${String(frame).padStart(5, '0')}.png`;
      masks.set(`${id} ${frame}`, path);
      yield { path, bytes: await encodeGrayPng(pixels, clip) };
    }
  }
  const objects = clip.objects.flatMap(({ id, name, prompts = [] }) => {
    const entries = prompts.flatMap(({ frame, points, box, reading, isReplayedByMask }) => {
      if (!isReplayedByMask)
        return {
          frame,
          ...(points.length > 0 && { points: points.map(({ x, y, label }) => ({ x, y, label })) }),
          ...(box && { box: [box.x0, box.y0, box.x1, box.y1] }),
          ...(reading !== undefined && { reading }),
        };
      const mask = masks.get(`${id} ${frame}`);
      if (mask !== undefined) return { frame, mask };
      report.add(
        `${name}: the prompts on frame ${frame} need its mask, which is not among the exported frames.`,
      );
      return [];
    });
    if (entries.length > 0) return { id, name, prompts: entries };
    report.add(`${name} has no prompts and is left out.`);
    return [];
  });
  yield jsonFile('prompts.json', {
    version: PROMPT_FILE_VERSION,
    ...(clip.model && { model: clip.model }),
    ...(clip.settings && { settings: clip.settings }),
    objects,
  });
};
