import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Size } from '../../src/core/geometry.ts';
import {
  checkPromptsFit,
  parsePromptFile,
  PromptFileError,
  type PromptFile,
  toPromptedObjects,
  type PromptedObject,
} from '../../src/core/promptFile.ts';
import { readMaskFile } from '../node/maskFile.ts';
import { UsageError } from '../node/usage.ts';

/**
 * A prompt file; frames of its objects are counted from the range's first.
 * @throws UsageError or PromptFileError if the file, or a mask that it names, is not as it must be.
 */
export async function readPrompts(
  path: string,
  size: Size,
  range: { readonly first: number; readonly last: number },
): Promise<Pick<PromptFile, 'model' | 'settings'> & { readonly objects: PromptedObject[] }> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`The prompts ${path} cannot be read.`, { cause });
  });
  const file = parsePromptFile(parseJson(text, path));
  checkPromptsFit(file, size, range);
  const objects = await toPromptedObjects(file, size, (name, place) =>
    readMaskFile(resolve(dirname(path), name), size).catch((cause: unknown) => {
      throw new PromptFileError(`${place}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }),
  );
  return {
    ...file,
    objects: objects.map((object) => ({
      ...object,
      prompts: new Map(Array.from(object.prompts, ([frame, prompts]) => [frame - range.first, prompts])),
    })),
  };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${path} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      cause,
    });
  }
}
