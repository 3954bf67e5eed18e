// @ts-check
/**
 * mediabunny 1.61 never ends where a Matroska file holds junk after which nothing valid comes: its search for the next element
 * stands still eight bytes before the end. The search must end there.
 */
const FILE = '/mediabunny/dist/modules/src/matroska/ebml.js';
const WRONG = 'if (slice.length < MAX_VAR_INT_SIZE)';
const RIGHT = 'if (slice.length <= MAX_VAR_INT_SIZE)';

/**
 * The code of a module, mended where it is the faulty one.
 *
 * @param {string} path or address of the module
 * @param {string} code
 * @returns {string | undefined} nothing for any other module
 * @throws Error if mediabunny has changed: look whether it still needs this
 */
export function mendMediabunny(path, code) {
  if (!path.replaceAll('\\', '/').endsWith(FILE)) return undefined;
  if (code.split(WRONG).length !== 2)
    throw new Error('mediabunny has changed: see tools/build/mendMediabunny.mjs.');
  return code.replace(WRONG, RIGHT);
}
