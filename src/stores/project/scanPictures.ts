import type { ProjectScan } from '../../core/protocol/project.ts';
import { videoStore, type Thumbnail } from '../clip/videoStore.ts';

/** Whether all of the clip was looked through. */
export function isScanned(): boolean {
  const { clip, scannedFrames } = videoStore.getState();
  return clip !== undefined && clip.info.frameCount > 1 && scannedFrames === clip.info.frameCount;
}

/** What was found in the clip, once all of it was looked through. */
export async function scanToSave(): Promise<ProjectScan> {
  const { shots, thumbnails } = videoStore.getState();
  return {
    shots,
    thumbnails: await Promise.all(
      thumbnails.map(async ({ frame, bitmap }) => {
        const blob = await encode(bitmap, bitmap.width, bitmap.height);
        return { frame, picture: new Uint8Array(await blob.arrayBuffer()) };
      }),
    ),
  };
}

/** The thumbnails that were saved. Pictures that cannot be read are left out. */
export async function readThumbnails({ thumbnails }: ProjectScan): Promise<Thumbnail[]> {
  const all = await Promise.all(
    thumbnails.map(async ({ frame, picture }) => {
      const bitmap = await createImageBitmap(new Blob([picture])).catch(() => undefined);
      return bitmap && { frame, bitmap };
    }),
  );
  return all.filter((each) => each !== undefined);
}

const [PICTURE_WIDTH, PICTURE_HEIGHT] = [192, 108];

/** A small picture of a frame as a `data:` address, for the list of projects. */
export async function pictureOf(bitmap: ImageBitmap): Promise<string> {
  const scale = Math.min(PICTURE_WIDTH / bitmap.width, PICTURE_HEIGHT / bitmap.height, 1);
  const blob = await encode(bitmap, Math.ceil(bitmap.width * scale), Math.ceil(bitmap.height * scale));
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return `data:${blob.type};base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
}

async function encode(bitmap: ImageBitmap, width: number, height: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, width, height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
}
