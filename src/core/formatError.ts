import { MaskletError } from './errors.ts';

/** A file of masks is not as its format has it, or masks do not fit a format. The message names what and where. */
export class FormatError extends MaskletError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('mask-format', message, options);
    this.name = 'FormatError';
  }
}
