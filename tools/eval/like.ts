import type { Frame, FrameSource, RgbaImage } from '../../src/core/frames.ts';
import type { Size } from '../../src/core/geometry.ts';
import type { Proposal } from '../../src/core/protocol/segmenter.ts';
import { decodeRle, encodeRle, rleArea, rleBounds, rleIou, type MaskRle } from '../../src/core/rle.ts';
import { onOneFrameOfEachShot, placesThrough } from '../../src/document/alike.ts';
import type { EvalClip } from './clips.ts';
import { hashOf } from '../node/contentHash.ts';
import { openSession, type Evaluator } from './evalRun.ts';
import { mean } from './measures.ts';
import { copyOf } from './painting.ts';
import { formatTable, share } from './table.ts';
import { bilinear, keepBeside } from './twins.ts';

/** IoU from which a proposal is the thing that was to be found. */
const FOUND = 0.5;

/**
 * Where a thing is to be found that is shown on the clip's first frame: `beside`, a copy on that frame; `later`, the object itself on
 * the clip's last frame; `elsewhere`, a copy on four frames of another clip, mirrored, smaller and darker, of which the one counts that
 * the page would propose; `nowhere`, those frames without it.
 */
export const PLACES = ['beside', 'later', 'elsewhere', 'nowhere'] as const;
export type Where = (typeof PLACES)[number];

/** What was proposed in one place. */
export interface LikeTrial {
  readonly where: Where;
  /** Whether there is something to be found. */
  readonly isThere: boolean;
  /** IoU of the truth with the proposal that shows it best, and whether that comes first. */
  readonly best: number;
  readonly isFirst: boolean;
  /** Proposals of something else. */
  readonly others: number;
  /** Likeness of the proposal that shows the truth best if it does, and of each other. */
  readonly likeness: number | undefined;
  readonly otherLikeness: readonly number[];
}

export interface LikeResult {
  readonly clip: string;
  readonly trials: readonly LikeTrial[];
  readonly seconds: number;
}

/** Frames on which a thing is looked for, with the same truth on all of them, and what there is not asked for. */
interface Scene {
  readonly images: readonly RgbaImage[];
  readonly truth: MaskRle | undefined;
  readonly known: readonly MaskRle[];
}

/** Shows the object on a clip's first frame, and looks for what is like it. @param host the clip that a copy is painted into */
export async function evaluateLike(
  evaluator: Evaluator,
  clip: EvalClip,
  host: EvalClip,
  onFrame: (done: number, total: number) => void,
): Promise<LikeResult> {
  const begun = performance.now();
  const shown = await pixelsOf(clip.source, 0);
  const last = clip.truth.length - 1;
  const twin = keepBeside(clip)(0);
  const others: RgbaImage[] = [];
  for (const frame of placesThrough(host.truth.length)) others.push(await pixelsOf(host.source, frame));
  const copies = others.map((image) => copyInto(image, shown, clip.first));
  const scenes: Record<Where, Scene> = {
    beside: {
      images: [twin.paint(shown)],
      truth: encodeRle(twin.twin, clip.first),
      known: [encodeRle(twin.visible, clip.first)],
    },
    later: { images: [await pixelsOf(clip.source, last)], truth: clip.truth[last], known: [] },
    elsewhere: { images: copies.map(({ image }) => image), truth: copies[0]?.truth, known: [] },
    nowhere: { images: others, truth: undefined, known: [] },
  };
  const session = (image: RgbaImage) => {
    const source = stillSource(image);
    return openSession(evaluator, { name: `${clip.name}+like`, content: hashOf(source.bytes), source });
  };
  const appearance = await session(shown).appearanceOf([{ frame: 0, mask: clip.first }]);
  const trials: LikeTrial[] = [];
  for (const where of PLACES) {
    const { images, truth, known } = scenes[where];
    const found: (Proposal & { frame: number })[] = [];
    for (const [frame, image] of images.entries()) {
      const proposals = await session(image).alike(0, appearance, known);
      found.push(...proposals.map((proposal) => ({ ...proposal, frame })));
    }
    trials.push(judge(where, truth, onOneFrameOfEachShot(found, [])));
    onFrame(trials.length, PLACES.length);
  }
  return { clip: clip.name, trials, seconds: (performance.now() - begun) / 1000 };
}

function judge(where: Where, truth: MaskRle | undefined, proposals: readonly Proposal[]): LikeTrial {
  const ious = proposals.map(({ mask }) => (truth ? rleIou(mask, truth) : 0));
  const best = Math.max(0, ...ious);
  const at = best >= FOUND ? ious.indexOf(best) : -1;
  return {
    ...{ where, best },
    isThere: truth !== undefined && rleArea(truth) > 0,
    isFirst: at === 0,
    others: ious.filter((iou) => iou < FOUND).length,
    likeness: proposals[at]?.score,
    otherLikeness: proposals.flatMap(({ score }, i) => ((ious[i] ?? 0) < FOUND ? [score] : [])),
  };
}

/** How a copy differs from the thing: its size, as a share of the thing's, and its brightness. */
const COPY = { scale: 0.75, brightness: 0.85 } as const;

/** A picture with a mirrored, smaller and darker copy of another picture's object in its middle. */
function copyInto(host: RgbaImage, from: RgbaImage, object: MaskRle): { image: RgbaImage; truth: MaskRle } {
  const image = copyOf(host);
  const pixels = decodeRle(object);
  const truth = new Uint8Array(image.width * image.height);
  const box = rleBounds(object) ?? { x0: 0, x1: 0, y0: 0, y1: 0 };
  const room = Math.min(image.width / (box.x1 - box.x0), image.height / (box.y1 - box.y0));
  const scale = Math.min(COPY.scale, 0.9 * room);
  for (let y = 0, at = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++, at++) {
      const fromX = (box.x0 + box.x1) / 2 - (x + 0.5 - image.width / 2) / scale - 0.5;
      const fromY = (box.y0 + box.y1) / 2 + (y + 0.5 - image.height / 2) / scale - 0.5;
      const [column, row] = [Math.round(fromX), Math.round(fromY)];
      const isInside = column >= 0 && column < object.width && row >= 0 && row < object.height;
      if (!isInside || pixels[row * object.width + column] === 0) continue;
      truth[at] = 1;
      for (let c = 0; c < 3; c++) image.data[at * 4 + c] = COPY.brightness * bilinear(from, fromX, fromY, c);
    }
  }
  return { image, truth: encodeRle(truth, image) };
}

async function pixelsOf(source: FrameSource, index: number): Promise<RgbaImage> {
  const frame = await source.frame(index);
  const image = copyOf(await frame.pixels());
  frame.close();
  return image;
}

/** A picture as a clip of one frame. */
function stillSource(image: RgbaImage): FrameSource & { readonly bytes: Uint8Array } {
  const { width, height, data }: Size & { data: Uint8ClampedArray } = image;
  const frame: Frame = { index: 0, pixels: () => Promise.resolve(image), close: () => undefined };
  return {
    bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    info: {
      ...{ kind: 'image', codec: 'none', width, height, frameCount: 1 },
      ...{ timestamps: Float64Array.of(0), duration: 0 },
    },
    frame: () => Promise.resolve(frame),
    async *frames() {
      yield await Promise.resolve(frame);
    },
    dispose: () => undefined,
  };
}

/** Prints how often things were found, where, and what else was proposed. */
export function printLike(results: readonly LikeResult[]): void {
  const cell = ({ isThere, best, isFirst, others }: LikeTrial) =>
    `${isThere ? `${share(best)}${isFirst ? ' 1st' : ''} ` : ''}+${others}`;
  const rows = results.map(({ clip, trials, seconds }) => [clip, ...trials.map(cell), seconds.toFixed(0)]);
  console.log(formatTable(['clip', ...PLACES, 'seconds'], rows));
  for (const where of PLACES) {
    const trials = results.flatMap((result) => result.trials.filter((trial) => trial.where === where));
    const there = trials.filter(({ isThere }) => isThere);
    const found = there.filter(({ best }) => best >= FOUND);
    const others = mean(trials.map((trial) => trial.others));
    const recall =
      there.length === 0
        ? ''
        : `${found.length} of ${there.length} found, ${found.filter(({ isFirst }) => isFirst).length} of them first; `;
    console.log(`${where}: ${recall}${others.toFixed(1)} other proposals`);
  }
}
