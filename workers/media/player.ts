import * as Comlink from 'comlink';
import { EMPTY_CENSUS, type Census } from '../../src/core/census.ts';
import type { ClipInfo } from '../../src/core/clip.ts';
import { MaskletError } from '../../src/core/errors.ts';
import { cutOut } from '../../src/core/edges/cutOut.ts';
import { shapedMask } from '../../src/core/edges/edges.ts';
import { objectsAlpha, softArea } from '../../src/core/edges/objectsAlpha.ts';
import type { RgbaImage } from '../../src/core/frames.ts';
import type { EdgedMask, MadeEdges, PlayerApi } from '../../src/core/protocol/player.ts';
import { liveFrameCount } from './mediaFrame.ts';
import { openClip } from './openClip.ts';
import { PICTURE_CACHE_BYTES, PictureCache } from './pictureCache.ts';

/** Decodes frames for the eye. */
export class PlayerService implements PlayerApi {
  #pictures: PictureCache | undefined;
  #opened = 0;

  /** A file that cannot be opened, or whose first frame cannot be decoded, leaves the former clip as it is. */
  async open(file: Blob): Promise<ClipInfo> {
    const turn = ++this.#opened;
    const pictures = new PictureCache(await openClip(file));
    try {
      (await pictures.picture(0)).close();
      if (turn !== this.#opened) throw new MaskletError('superseded', 'Another file was opened meanwhile.');
    } catch (thrown) {
      pictures.dispose();
      throw thrown;
    }
    this.#pictures?.dispose();
    this.#pictures = pictures;
    return pictures.clip.info;
  }

  async frame(index: number): Promise<ImageBitmap> {
    if (!this.#pictures)
      throw new MaskletError('not-ready', 'Nothing is open: open a video or an image first.');
    const pictures = this.#pictures;
    const picture = await pictures.picture(index).catch((thrown: unknown) => {
      if (pictures === this.#pictures) throw thrown;
      throw new MaskletError('superseded', 'Another file was opened meanwhile.', { cause: thrown });
    });
    return Comlink.transfer(picture, [picture]);
  }

  async edges(index: number, masks: readonly EdgedMask[], wantsCutOut: boolean): Promise<MadeEdges> {
    const shaped = masks.map(({ mask, edge, neighbours }) => ({
      mask: shapedMask(mask, edge, neighbours),
      edge,
    }));
    const made = shaped.map(({ mask }) => mask);
    const [size] = made;
    const soft = softArea(shaped);
    if (!wantsCutOut || size === undefined || soft === undefined) return { masks: made, cutOut: undefined };
    const picture = await this.#pixels(index);
    const objects = cutOut(picture, objectsAlpha(shaped, size, picture), soft);
    return Comlink.transfer({ masks: made, cutOut: objects }, [objects.buffer]);
  }

  async #pixels(index: number): Promise<RgbaImage> {
    const picture = await this.frame(index);
    const { width, height } = picture;
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    context?.drawImage(picture, 0, 0);
    picture.close();
    return context?.getImageData(0, 0, width, height) ?? { width, height, data: new Uint8ClampedArray() };
  }

  async census(): Promise<Census> {
    return {
      ...EMPTY_CENSUS,
      buffers: this.#pictures?.size ?? 0,
      bytes: this.#pictures?.bytes ?? 0,
      maxBytes: PICTURE_CACHE_BYTES,
      frames: liveFrameCount(),
    };
  }
}
