import { useEffect, useState } from 'react';
import { framePicture } from '../../stores/clip/framePictures.ts';

/** A frame's picture once it is there; none where it cannot be decoded. */
export function useFramePicture(frame: number): ImageBitmap | undefined {
  const [picture, setPicture] = useState<ImageBitmap>();
  useEffect(() => {
    let isWanted = true;
    let own: ImageBitmap | undefined;
    framePicture(frame).then(
      (fetched) => {
        if (!isWanted) return fetched.close();
        own = fetched;
        setPicture(fetched);
      },
      // The stage says what is wrong with the frame; masks are shown without it.
      () => undefined,
    );
    return () => {
      isWanted = false;
      setPicture(undefined);
      own?.close();
    };
  }, [frame]);
  return picture;
}
