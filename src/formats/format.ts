import type { Size } from '../core/geometry.ts';
import type { InputFile, OutputFile } from './files.ts';
import type { MaskedClip } from '../core/maskedClip.ts';
import type { Report } from './report.ts';

/** How masks are written; each format says which of these it heeds. */
export interface WriteOptions {
  /** Outlines instead of run lengths, for programs that know nothing else. Holes are lost. */
  readonly polygons?: boolean;
  /** Also a black and white mask for each object and frame. */
  readonly binary?: boolean;
  /** One sequence of all objects instead of one for each. */
  readonly together?: boolean;
  readonly signal?: AbortSignal;
}

/** How masks are read. */
export interface ReadOptions {
  /** Which clip is meant, where there are several: the name of its folder, or as the file names it. */
  readonly clip?: string;
  /** The size of the frames, for formats that do not say it. */
  readonly size?: Size;
  readonly signal?: AbortSignal;
}

/**
 * Gives the files of a format, one after the other. A file's bytes are made while they are read; before the next file is asked
 * for, all of them have been. Tells the report what the format could not hold.
 * @throws FormatError if the format has no room for the clip
 */
export type WriteMasks = (
  clip: MaskedClip,
  options: WriteOptions,
  report: Report,
) => AsyncGenerator<OutputFile, void, undefined>;

/**
 * Reads masks. Looks through all files before it answers, so that the report is complete then: one sentence for each mask or
 * file that does not fit and is left out.
 * @throws FormatError if nothing can be read of it
 */
export type ReadMasks = (
  files: readonly InputFile[],
  options: ReadOptions,
  report: Report,
) => Promise<MaskedClip>;
