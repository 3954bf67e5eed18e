import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { contentOf, type RgbaImage } from '../../src/core/frames.ts';
import type { FeatureLookup } from '../../workers/tracker/run/featureLookup.ts';
import type { VideoModel } from '../../workers/tracker/videoModel.ts';
import { writeWhole } from './writeWhole.ts';

/**
 * An encoder's features on disk, so that a change of the tracker is measured without running the encoder again. About 7 MB a
 * frame of the embedded model.
 */
export class FeatureFiles<Features> {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The files of this encoder in `folder`. They are apart from those of any other encoder, or of the same one with another
   * preparation of its input or output: the place is named by a hash of what it makes of a test picture.
   */
  static async open<Features>(
    folder: string,
    model: VideoModel<Features, unknown>,
  ): Promise<FeatureFiles<Features>> {
    const hash = createHash('sha256').update(serialize(await model.encode(contentOf(testPicture()))));
    return new FeatureFiles(join(folder, hash.digest('hex').slice(0, 16)));
  }

  /** A lookup for one clip that reads what is there, and keeps what `encode` makes. */
  lookUp(clip: string, encode: FeatureLookup<Features>): FeatureLookup<Features> {
    const folder = join(this.#folder, clip);
    return async (index, work, frame) => {
      const path = join(folder, `${index}.bin`);
      const kept = await readFile(path).catch(() => undefined);
      if (kept !== undefined) return work(deserialize(kept) as Features);
      const keep = async (features: Features) => {
        await mkdir(folder, { recursive: true });
        await writeWhole(path, serialize(features));
        return work(features);
      };
      return encode(index, keep, frame);
    };
  }
}

/** Not square, not flat, the same every time. */
function testPicture(): RgbaImage {
  const [width, height] = [96, 54];
  const data = new Uint8ClampedArray(width * height * 4);
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    data[i] = ((state >> 16) & 63) + ((i >> 3) % 192);
  }
  return { width, height, data };
}
