import type { Census } from '../census.ts';
import type { Pane, StageScene } from '../stageScene.ts';

/** Draws the stage with a GPU, apart from the UI thread and from the model. */
export interface StageApi {
  /** Opens a GPU. False if there is none that is worth using. @param allowSoftware whether an emulated one counts */
  open(allowSoftware: boolean): Promise<boolean>;
  /** Draws a pane on a canvas, which is transferred, instead of the one before. */
  connect(pane: Pane, canvas: OffscreenCanvas): Promise<void>;
  /**
   * Draws a frame and its masks on all panes that the look has, and answers when the GPU has done so: whether it made soft edges for it.
   *
   * @param picture the frame, transferred; left out where it is the one before
   */
  draw(scene: StageScene, picture?: ImageBitmap): Promise<boolean>;
  /** Whether the GPU makes soft edges as the CPU does. Scenes may ask for them once it has said so. */
  checkEdges(): Promise<EdgeCheck>;
  /** Answers when the GPU is lost or has failed, with what it says of that. */
  failure(): Promise<string>;
  census(): Promise<Census>;
}

/** What came of the check whether a GPU makes soft edges as the CPU does. */
export interface EdgeCheck {
  /** The most pixels of a frame whose edges it makes; 0 where it cannot. */
  readonly mostPixels: number;
  /** Why it cannot. */
  readonly problem?: string;
}
