import { MaskletError } from '../../src/core/errors.ts';
import type { Size } from '../../src/core/geometry.ts';
import { BLUR_ZOOM, blurDeviation } from '../../src/core/looks.ts';
import type { Pane, SceneMask, StageScene } from '../../src/core/stageScene.ts';
import { BlurredFrame } from './blurredFrame.ts';
import { Drawing } from './drawing.ts';
import type { EdgeMakers } from './edges/compareEdges.ts';
import type { Bounds } from './edges/softEdges.ts';
import { FrameTexture } from './frameTexture.ts';
import { COMPOSITIONS, FILL, GROUND, type Composition } from './looks.ts';
import { MaskBits } from './maskBits.ts';
import { bilinearSampler, pictureShader } from './pictureShader.ts';
import { haveSameEdges, haveSameShapes } from './sameMasks.ts';
import shader from './compose.wgsl?raw';

/** Bytes of compose.wgsl's structs. */
const SCENE_BYTES = 80;
const STYLE_BYTES = 32;
/** Side of the checker's squares in CSS pixels, as in the page's style sheet. */
const TILE = 10;

/** Masks as they lie on the GPU, in their shapes. */
interface Unfolded {
  readonly masks: readonly SceneMask[];
  readonly view: GPUTextureView;
  readonly hasShapes: boolean;
}

/** Draws scenes on the stage's canvases with a GPU. */
export class StageRenderer {
  readonly #device: GPUDevice;
  readonly #format = navigator.gpu.getPreferredCanvasFormat();
  readonly #contexts = new Map<Pane, GPUCanvasContext>();
  readonly #pipeline: GPURenderPipeline;
  readonly #sampler: GPUSampler;
  readonly #frame: FrameTexture;
  readonly #masks: MaskBits;
  readonly #blurred: BlurredFrame;
  readonly #cutOut: FrameTexture;
  readonly #work = { dispatches: 0, bytesUp: 0 };
  #edges: EdgeMakers | undefined;
  /** What was submitted last: it stays while masks and shapes are the same, whatever is shown of them. */
  #unfolded: Unfolded | undefined;
  /** Of which masks on the present frame the objects alone are there. */
  #cutOutOf: readonly SceneMask[] | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#pipeline = pictureShader(device, 'compose', shader, this.#format);
    this.#sampler = bilinearSampler(device);
    const { COPY_DST, RENDER_ATTACHMENT, STORAGE_BINDING } = GPUTextureUsage;
    this.#frame = new FrameTexture(device, 'rgba8unorm', COPY_DST | RENDER_ATTACHMENT);
    this.#masks = new MaskBits(device);
    this.#blurred = new BlurredFrame(device);
    this.#cutOut = new FrameTexture(device, 'rgba8unorm', COPY_DST | RENDER_ATTACHMENT | STORAGE_BINDING);
  }

  /** Bytes of the textures. */
  get bytes(): number {
    const { shapes, soft } = this.#edges ?? {};
    const edges = (shapes?.bytes ?? 0) + (soft?.bytes ?? 0);
    return this.#frame.bytes + this.#masks.bytes + this.#blurred.bytes + this.#cutOut.bytes + edges;
  }

  /** Dispatches of kernels, and bytes sent to the GPU besides frames, so far. */
  get work(): Readonly<Record<'dispatches' | 'bytesUp', number>> {
    return this.#work;
  }

  /** Makes edges from here on, of scenes that ask for them. */
  useEdges(edges: EdgeMakers): void {
    this.#edges = edges;
    this.#unfolded = undefined;
  }

  /** Draws a pane on a canvas from here on, and on the one before no more. */
  connect(pane: Pane, canvas: OffscreenCanvas): void {
    const context = canvas.getContext('webgpu');
    if (context === null) {
      throw new MaskletError('unknown', 'The browser gave no canvas for the GPU. Close other tabs.');
    }
    context.configure({ device: this.#device, format: this.#format, alphaMode: 'opaque' });
    this.#contexts.get(pane)?.unconfigure();
    this.#contexts.set(pane, context);
  }

  /** Takes a frame up, for the scenes that come. What it has that is transparent is black. */
  setFrame(picture: ImageBitmap): void {
    const { width, height } = picture;
    const texture = this.#frame.sized({ width, height });
    const target = { texture, premultipliedAlpha: true };
    this.#device.queue.copyExternalImageToTexture({ source: picture }, target, [width, height]);
    this.#cutOutOf = undefined;
  }

  /** Returns whether it made edges. Shapes stay while masks and edges are the same, soft edges while the frame is too. */
  async draw(scene: StageScene): Promise<boolean> {
    const compositions = COMPOSITIONS[scene.look];
    const makesSoft = hasSoftEdges(scene) && !this.#hasCutOutOf(scene.masks);
    const { unfolded, isNew, drawing, bounds } = await this.#unfold(scene.masks, makesSoft);
    if (compositions.some(({ ground }) => ground === 'blurred')) {
      const { size, scale, part } = scene.view;
      const frameWidth = size.width / scale / part.width;
      this.#blurred.blur(drawing, this.#frame.current, blurDeviation(frameWidth) / frameWidth);
    }
    if (scene.cutOut) this.#setCutOut(scene.cutOut, scene.masks[0]?.mask);
    if (makesSoft) this.#makeCutOut(drawing, scene.masks, unfolded.view, bounds);
    const styles = drawing.array(stylesOf(scene.masks));
    for (const composition of compositions) {
      const context = this.#contexts.get(composition.pane);
      if (context === undefined) continue;
      resize(context.canvas, scene.view.size);
      drawing.fill(context.getCurrentTexture(), this.#pipeline, [
        this.#frame.current.createView(),
        this.#sampler,
        drawing.uniform(parametersOf(scene, composition)),
        styles,
        unfolded.view,
        this.#blurred.view,
        this.#cutOut.current.createView(),
      ]);
    }
    this.#submit(drawing);
    this.#unfolded = unfolded;
    return makesSoft || (isNew && unfolded.hasShapes);
  }

  /**
   * Unfolds masks in their shapes, where they are not there yet. Where soft edges are to be made of them, it must be known before where the shapes
   * lie.
   *
   * @returns the drawing that goes on, and the masks
   */
  async #unfold(
    masks: readonly SceneMask[],
    isForSoft: boolean,
  ): Promise<{ unfolded: Unfolded; isNew: boolean; drawing: Drawing; bounds?: Bounds }> {
    const drawing = new Drawing(this.#device);
    const kept = this.#unfolded && haveSameShapes(this.#unfolded.masks, masks) ? this.#unfolded : undefined;
    this.#unfolded = undefined;
    const unfolded = kept ?? this.#unfoldAll(drawing, masks);
    const isNew = kept === undefined;
    if (!isForSoft || !unfolded.hasShapes) return { unfolded, isNew, drawing };
    this.#submit(drawing);
    const bounds = await this.#edges?.shapes.bounds(masks);
    return { unfolded, isNew, drawing: new Drawing(this.#device), ...(bounds && { bounds }) };
  }

  #unfoldAll(drawing: Drawing, masks: readonly SceneMask[]): Unfolded {
    const shapes = this.#edges?.shapes;
    if (shapes !== undefined && masks.some(({ shape }) => shape !== undefined))
      return { masks, view: shapes.unfold(drawing, this.#masks, masks), hasShapes: true };
    this.#masks.unfold(
      drawing,
      masks.map(({ mask }) => mask),
    );
    return { masks, view: this.#masks.view, hasShapes: false };
  }

  #submit(drawing: Drawing): void {
    drawing.submit();
    this.#work.dispatches += drawing.dispatches;
    this.#work.bytesUp += drawing.bytesUp;
  }

  #hasCutOutOf(masks: readonly SceneMask[]): boolean {
    return this.#cutOutOf !== undefined && haveSameEdges(this.#cutOutOf, masks);
  }

  #makeCutOut(
    drawing: Drawing,
    masks: readonly SceneMask[],
    bits: GPUTextureView,
    bounds: Bounds | undefined,
  ): void {
    const { width, height } = this.#frame.current;
    const into = this.#cutOut.sized({ width, height });
    this.#edges?.soft.make(drawing, this.#frame.current.createView(), bits, masks, into, bounds);
    this.#cutOutOf = masks;
  }

  #setCutOut(cutOut: Uint8ClampedArray<ArrayBuffer>, size: Size | undefined): void {
    if (size === undefined) return;
    const { width, height } = size;
    const target = { texture: this.#cutOut.sized({ width, height }), premultipliedAlpha: true };
    const source = new ImageData(cutOut, width, height);
    this.#cutOutOf = undefined;
    this.#work.bytesUp += cutOut.byteLength;
    this.#device.queue.copyExternalImageToTexture({ source }, target, [width, height]);
  }
}

/** Whether the GPU is to make soft edges. */
function hasSoftEdges({ masks, cutOut }: StageScene): boolean {
  return cutOut === undefined && masks.some(({ edge }) => edge !== undefined);
}

/** Only where it changes: it empties the canvas. */
function resize(
  canvas: { width: number; height: number },
  { width, height }: { width: number; height: number },
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

/** `Scene` of compose.wgsl. */
function parametersOf(scene: StageScene, composition: Composition): ArrayBuffer {
  const { view, lines, masks, cutOut, background } = scene;
  const { size, part, scale, isCrisp } = view;
  const { ground, fill, color = background } = composition;
  const buffer = new ArrayBuffer(SCENE_BYTES);
  const floats = new Float32Array(buffer);
  const words = new Uint32Array(buffer);
  floats.set([part.x, part.y, part.width, part.height, size.width, size.height]);
  words.set([GROUND[ground], FILL[fill]], 6);
  floats.set(
    color.map((channel) => channel / 255),
    8,
  );
  words[11] = masks.length;
  floats.set([lines.outline, lines.hatchPeriod, TILE * scale], 12);
  words[15] = Number(isCrisp);
  floats[16] = BLUR_ZOOM;
  words[17] = Number((cutOut !== undefined && masks.length > 0) || hasSoftEdges(scene));
  return buffer;
}

/** An array of `Style` of compose.wgsl. */
function stylesOf(masks: readonly SceneMask[]): ArrayBuffer {
  const buffer = new ArrayBuffer(masks.length * STYLE_BYTES);
  masks.forEach(({ style: { color, fill, hatched } }, i) => {
    const channels = color.map((channel) => channel / 255);
    new Float32Array(buffer, i * STYLE_BYTES).set([...channels, fill]);
    new Uint32Array(buffer, i * STYLE_BYTES)[4] = Number(hatched);
  });
  return buffer;
}
