/** `npx tsx tools/parity/embedded.ts`: the embedded model on an emulated GPU beside itself on the CPU, both in Chromium. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cachePath, ensureGraphs } from '../graphs/embeddedGraphs.ts';
import { SAMPLE } from '../bench/benchRun.ts';
import { formatTable, share } from '../eval/table.ts';
import { EXIT, runCommand } from '../node/runCommand.ts';
import { wholeNumber } from '../node/usage.ts';
import type { ComparedFrame } from './page/compareEmbeddedRun.ts';
import { pageInChromium, SOFTWARE_GPU } from './pageInChromium.ts';

const HELP = `Tracks the sample's rabbit on the CPU and on an emulated GPU, which gets the CPU's encoder outputs.

  npx tsx tools/parity/embedded.ts [--frames N]     N tracked frames, 3 where left out: minutes

Exit codes: 0 all masks alike; 1 not; 2 the command line makes no sense.
`;

/** Masks of an IoU of at least this are alike: where a logit is zero to a rounding, a pixel may be on either side. */
const ALIKE = 0.99;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { frames: { type: 'string', default: '3' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return EXIT.ok;
  }
  const frames = wholeNumber('--frames', values.frames, 1);
  const { manifest } = await ensureGraphs();
  const files: Readonly<Record<string, string>> = {
    'sample.mp4': fileURLToPath(new URL(`../../${SAMPLE}`, import.meta.url)),
    'models/encoder.fp32.onnx': cachePath(manifest.encoder.fp32),
    'models/decoder.onnx': cachePath(manifest.decoder),
  };
  const compared = await pageInChromium(
    (path) => files[path],
    (page) =>
      page.evaluate(
        (count) =>
          (
            window as unknown as { compareEmbeddedRun(frames: number): Promise<ComparedFrame[]> }
          ).compareEmbeddedRun(count),
        frames,
      ),
    SOFTWARE_GPU,
  );
  console.log(
    formatTable(
      ['frame', 'IoU', 'CPU', 'score', 'GPU', 'score'],
      compared.map(({ frame, iou, status: [cpu, gpu], score: [onCpu, onGpu] }) => [
        ...[frame, iou.toFixed(4)],
        ...[cpu, share(onCpu), gpu, share(onGpu)],
      ]),
    ),
  );
  return compared.length === frames && compared.every(({ iou }) => iou >= ALIKE) ? EXIT.ok : EXIT.failed;
}

await runCommand(main);
