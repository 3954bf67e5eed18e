/** `npm run bench:graphs`: bytes and flops of graphs, and what share of this processor's best they reach. See docs/performance.md. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { createNodeRuntime } from '../workers/models/ortNode.ts';
import { graphWork, PROBE } from './bench/graphWork.ts';
import { openGraph } from './bench/openGraph.ts';
import { percent } from './bench/report.ts';
import { takeTurns } from './bench/takeTurns.ts';
import { formatTable } from './eval/table.ts';
import { cachePath, ensureGraphs } from './graphs/embeddedGraphs.ts';
import { EXIT, runCommand } from './node/runCommand.ts';

const ROUNDS = 5;

async function main(): Promise<number> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const { encoder, decoder } = (await ensureGraphs()).manifest;
  const files = positionals.length > 0 ? positionals : [encoder.fp32, decoder].map(cachePath);
  const runtime = createNodeRuntime();
  const probe = await openGraph(runtime, PROBE.file);
  const rows: (string | number)[][] = [];
  for (const path of files) {
    const file = await readFile(path);
    const { flops, weightBytes, activationBytes } = await graphWork(runtime, file);
    const graph = await openGraph(runtime, file);
    const name = basename(path);
    const pair = await takeTurns(name, { name, run: graph.run }, { name: 'probe', run: probe.run }, ROUNDS);
    await graph.dispose();
    // Flops a millisecond of the graph by those of the product.
    const share = flops / PROBE.flops / pair.ratio;
    rows.push([
      ...[name, (flops / 1e9).toFixed(2), (weightBytes / 1e6).toFixed(1), (activationBytes / 1e6).toFixed(1)],
      ...[(flops / (weightBytes + activationBytes)).toFixed(1), pair.oursMs.toFixed(0), percent(share)],
    ]);
  }
  await probe.dispose();
  console.log(
    `A run of each graph, in float32, on ${availableParallelism()} threads of this processor. Its share is that of the flops a second of one product of 1024×1024 matrices, taking turns with it.\n`,
  );
  const head = ['graph', 'GFLOP', 'weights, MB', 'activations, MB', 'flops a byte', 'ms', 'share'];
  console.log(formatTable(head, rows));
  return EXIT.ok;
}

await runCommand(main);
