import { DECODER, ENCODER } from '../tools/fixtures/paintedGraphs.ts';
import type { RgbaImage } from '../src/core/frames.ts';
import { encodeRle, type MaskRle } from '../src/core/rle.ts';
import type { EmbeddedWeights } from '../workers/tracker/embedded/embeddedModel.ts';
import { PaintedClip } from '../workers/tracker/testing/paintedClip.ts';

/** Graphs without weights: with them a run is quick even on an emulated GPU. */
export const PAINTED_MODEL: EmbeddedWeights = { encoder: ENCODER, decoder: DECODER };

/** Flat, so that few cells are compared. */
const [WIDTH, HEIGHT, RADIUS] = [320, 48, 18];
const ROW = HEIGHT / 2;
/** Where a bright disc is that moves right over a grey ground, and a dark one that moves left. */
const BRIGHT = [80, 88, 96, 104, 112, 120, 128, 136] as const;
const DARK = [260, 254, 248, 242, 236, 230, 224, 218] as const;
/** Where another bright one is, darker towards its edge, in a clip with a twin: it comes near the first. */
const TWIN = [150, 148, 146, 144, 142] as const;
/** Where one like the first is in a clip with a late twin. */
const LATE = [undefined, undefined, undefined, undefined, 190, 187, 184, 181] as const;
/** Without a twin the bright disc is gone on this frame. */
const GONE = 3;

/** In a clip in which the second object is corrected, it is prompted on these frames again. */
const CORRECTED = [1, 2];

/** What happens in a clip. With a marked twin, that is the second object, and the dark disc none. */
export type Painted = 'gone' | 'twin' | 'late' | 'marked' | 'corrected';

const FRAMES: Readonly<Record<Painted, number>> = { gone: 5, twin: 5, late: 8, marked: 5, corrected: 4 };

function discsOn(frame: number, painted: Painted) {
  const bright = painted === 'gone' && frame === GONE ? undefined : BRIGHT[frame];
  const twin = painted === 'twin' || painted === 'marked' ? TWIN[frame] : undefined;
  return { bright, dark: DARK[frame], twin, late: painted === 'late' ? LATE[frame] : undefined };
}

function isIn(centre: number | undefined, x: number, y: number): boolean {
  return centre !== undefined && Math.hypot(x - centre, y - ROW) < RADIUS;
}

function paint(frame: number, painted: Painted): RgbaImage {
  const { bright, dark, twin, late } = discsOn(frame, painted);
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, at += 4) {
      const ground = 120 + 12 * Math.sin(x / 9) + 8 * Math.cos(y / 7);
      const gray =
        isIn(bright, x, y) || isIn(late, x, y)
          ? 245
          : isIn(twin, x, y)
            ? 215 - Math.hypot(x - (twin ?? 0), y - ROW)
            : isIn(dark, x, y)
              ? 10
              : ground;
      data.set([gray, gray, gray, 255], at);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

/** By object, the masks that are prompted, by frame: of the bright disc, and of the dark one or the twin. */
export function paintedMasks(painted: Painted): ReadonlyMap<number, MaskRle>[] {
  const maskOf = (centre: number | undefined) => {
    const mask = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
      isIn(centre, i % WIDTH, Math.floor(i / WIDTH)) ? 1 : 0,
    );
    return encodeRle(mask, { width: WIDTH, height: HEIGHT });
  };
  const second = painted === 'marked' ? TWIN : DARK;
  const again = painted === 'corrected' ? CORRECTED : [];
  return [
    new Map([[0, maskOf(BRIGHT[0])]]),
    new Map([0, ...again].map((frame) => [frame, maskOf(second[frame])])),
  ];
}

/** The clip that they move in. */
export function paintedClip(painted: Painted): PaintedClip {
  return new PaintedClip({ width: WIDTH, height: HEIGHT }, FRAMES[painted], (frame) => paint(frame, painted));
}
