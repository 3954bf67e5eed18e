/**
 * Coordinate spaces. A point or box carries its space in its type, so that a click in CSS pixels cannot be handed
 * to a model by mistake. All spaces have their origin at the top left corner; a pixel covers [x, x + 1).
 */

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Point<Space extends string> {
  readonly x: number;
  readonly y: number;
  /** Never present at run time: it only keeps the spaces apart in the type system. */
  readonly space?: Space;
}

interface Box<Space extends string> {
  readonly x0: number;
  readonly y0: number;
  /** Right edge, exclusive. */
  readonly x1: number;
  /** Bottom edge, exclusive. */
  readonly y1: number;
  readonly space?: Space;
}

/** Pixels of the displayed frame (after rotation and pixel aspect). */
export type VideoPoint = Point<'video'>;
export type VideoBox = Box<'video'>;
/** Pixels of a model's square input. */
export type ModelPoint = Point<'model'>;
export type ModelBox = Box<'model'>;
/** CSS pixels from the top left corner of the stage. */
export type StagePoint = Point<'stage'>;
/** CSS pixels from the top left corner of the room that the stage lies in, or a way in it. */
export type RoomPoint = Point<'room'>;

/** How a frame lies in a model's square input: scaled, at the top left; the rest, if any, is padding. */
export interface ModelFit {
  /** Side of the square, in model pixels. */
  readonly side: number;
  /** Model pixels for each video pixel, across and down. */
  readonly scale: { readonly x: number; readonly y: number };
  /** The part of the square that the frame covers, in model pixels. */
  readonly content: Size;
  /** The part of the square that the encoder is given, in model pixels: all of it, or what the frame covers and some padding. */
  readonly input: Size;
}

/** Fits a frame of `video` pixels into a square of `side` model pixels: longest side scaled to `side`, no cropping. */
export function letterbox(video: Size, side: number): ModelFit {
  const scale = side / Math.max(video.width, video.height);
  return {
    side,
    scale: { x: scale, y: scale },
    content: {
      width: Math.max(1, Math.round(video.width * scale)),
      height: Math.max(1, Math.round(video.height * scale)),
    },
    input: { width: side, height: side },
  };
}

/** Stretches a frame of `video` pixels over the whole square, as SAM 2 wants it. */
export function stretch(video: Size, side: number): ModelFit {
  return {
    side,
    scale: { x: side / video.width, y: side / video.height },
    content: { width: side, height: side },
    input: { width: side, height: side },
  };
}

/** Maps a point of the frame to the model’s input. */
export function videoToModelPoint(point: VideoPoint, { scale }: ModelFit): ModelPoint {
  return { x: point.x * scale.x, y: point.y * scale.y };
}

/** Maps a box of the frame to the model’s input. */
export function videoToModelBox(box: VideoBox, { scale }: ModelFit): ModelBox {
  return { x0: box.x0 * scale.x, y0: box.y0 * scale.y, x1: box.x1 * scale.x, y1: box.y1 * scale.y };
}

/** Maps a point on a stage of `stage` CSS pixels, which shows the whole frame, to the frame's pixels, clamped to it. */
export function stageToVideoPoint(point: StagePoint, stage: Size, video: Size): VideoPoint {
  const clamp = (value: number, limit: number) => Math.min(Math.max(value, 0), limit);
  return {
    x: clamp((point.x / stage.width) * video.width, video.width),
    y: clamp((point.y / stage.height) * video.height, video.height),
  };
}

/** Maps a point of the frame to a stage of `stage` CSS pixels, which shows the whole frame. */
export function videoToStagePoint(point: VideoPoint, stage: Size, video: Size): StagePoint {
  return { x: (point.x / video.width) * stage.width, y: (point.y / video.height) * stage.height };
}

/** The box that two opposite corners span, in any order. */
export function boxFromCorners(a: VideoPoint, b: VideoPoint): VideoBox {
  return { x0: Math.min(a.x, b.x), y0: Math.min(a.y, b.y), x1: Math.max(a.x, b.x), y1: Math.max(a.y, b.y) };
}
