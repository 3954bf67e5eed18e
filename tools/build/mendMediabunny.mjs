// @ts-check
/** What mediabunny 1.61 does wrong, by file: a piece of its code, and what belongs there. */
const MENDS = [
  {
    // It never ends where a Matroska file holds junk after which nothing valid comes: its search for the next element stands still eight
    // bytes before the end. The search must end there.
    file: '/mediabunny/dist/modules/src/matroska/ebml.js',
    wrong: 'if (slice.length < MAX_VAR_INT_SIZE)',
    right: 'if (slice.length <= MAX_VAR_INT_SIZE)',
  },
  {
    // For each sample of an MP4 it adds up the sizes of all samples of its chunk: a chunk of a million samples takes hours to list. Sums up to
    // each sample are made once.
    file: '/mediabunny/dist/modules/src/isobmff/isobmff-demuxer.js',
    wrong: `        for (let i = startSampleIndexOfChunk; i < startSampleIndexOfChunk + chunkEntry.samplesPerChunk; i++) {
            const sampleSize = sampleTable.sampleSizes[i];
            if (i < sampleIndex) {
                sampleOffset += sampleSize;
            }
            chunkSize += sampleSize;
        }
`,
    right: `        if (!sampleTable.sums) {
            sampleTable.sums = new Float64Array(sampleTable.sampleSizes.length + 1);
            sampleTable.sampleSizes.forEach((size, i) => { sampleTable.sums[i + 1] = sampleTable.sums[i] + size; });
        }
        const { sums } = sampleTable;
        sampleOffset += sums[sampleIndex] - sums[startSampleIndexOfChunk];
        chunkSize += sums[startSampleIndexOfChunk + chunkEntry.samplesPerChunk] - sums[startSampleIndexOfChunk];
`,
  },
];

/**
 * The code of a module, mended where it is a faulty one.
 *
 * @param {string} path or address of the module
 * @param {string} code
 * @returns {string | undefined} nothing for any other module
 * @throws Error if mediabunny has changed: look whether it still needs this
 */
export function mendMediabunny(path, code) {
  const mend = MENDS.find(({ file }) => path.replaceAll('\\', '/').endsWith(file));
  if (mend === undefined) return undefined;
  if (code.split(mend.wrong).length !== 2)
    throw new Error('mediabunny has changed: see tools/build/mendMediabunny.mjs.');
  return code.replace(mend.wrong, mend.right);
}
