import { player } from '../workers/workers.ts';

/** The longest side of a picture of which parts are shown, in pixels. */
const LONGEST = 1280;

/** A frame as a picture of moderate size, for small pictures of its parts. The caller closes it. @throws MaskletError as the player does */
export async function framePicture(frame: number): Promise<ImageBitmap> {
  const picture = await player.frame(frame);
  const scale = LONGEST / Math.max(picture.width, picture.height);
  if (scale >= 1) return picture;
  try {
    return await createImageBitmap(picture, {
      resizeWidth: Math.max(1, Math.round(picture.width * scale)),
      resizeHeight: Math.max(1, Math.round(picture.height * scale)),
      resizeQuality: 'medium',
    });
  } finally {
    picture.close();
  }
}
