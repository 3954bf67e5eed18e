/** `npm run eval`: measures the tracker on clips with true masks. See docs/quality.md. */
import { writeFile } from 'node:fs/promises';
import { createNodeRuntime } from '../workers/models/ortNode.ts';
import { StepTimer } from '../workers/tracker/run/stepTimer.ts';
import { clipNames, foldOf, openEvalClip, type EvalClip } from './eval/clips.ts';
import { COST_OBJECTS, measureCost, type CostResult } from './eval/cost.ts';
import { cropClip } from './eval/crop.ts';
import { evaluateClip, type Evaluator } from './eval/evalRun.ts';
import { evaluateEverything, printEverything } from './eval/everything.ts';
import { evaluateInteractive } from './eval/interactive.ts';
import { HELP, parseEvalOptions, type EvalOptions } from './eval/options.ts';
import { plantTrial } from './eval/planted.ts';
import { printCost, printInteractive, printQuality, printTrials } from './eval/report.ts';
import { hashOf, hashSources } from './node/contentHash.ts';
import { FeatureFiles } from './node/featureFiles.ts';
import { loadModel } from './node/models.ts';
import { Progress } from './node/progress.ts';
import { EXIT, runCommand } from './node/runCommand.ts';

/** Interactive evaluation tracks each clip many times: room for the features of some hundred frames. */
const CACHE_BYTES = {
  quality: 256 * 2 ** 20,
  cost: 32 * 2 ** 20,
  interactive: 1.5 * 2 ** 30,
  everything: 256 * 2 ** 20,
} as const;

async function main(): Promise<number> {
  const options = parseEvalOptions(process.argv.slice(2));
  if (!options) {
    console.log(HELP);
    return EXIT.ok;
  }
  const found = await clipNames(options.data, options.clips);
  const names = options.fold === undefined ? found : foldOf(found, options.fold);
  const timer = new StepTimer();
  const model = await loadModel(options, createNodeRuntime({ threads: options.threads }), timer);
  const files = options.cache === undefined ? undefined : await FeatureFiles.open(options.cache, model);
  const evaluator: Evaluator = {
    model,
    timer,
    files,
    cacheBytes: CACHE_BYTES[options.mode],
    settings: options.settings,
  };
  const results = await MODES[options.mode](evaluator, options, names);
  if (options.json !== undefined) {
    await writeFile(options.json, `${JSON.stringify({ version: 1, options, results }, null, 1)}\n`);
  }
  await model.dispose();
  return EXIT.ok;
}

type Mode = (evaluator: Evaluator, options: EvalOptions, names: readonly string[]) => Promise<unknown>;

const MODES: Readonly<Record<EvalOptions['mode'], Mode>> = {
  quality: async (evaluator, options, names) => {
    const results = await forEachClip(options, names, (clip, onFrame) =>
      evaluateClip(evaluator, clip, options, onFrame),
    );
    printQuality(results, options.doubt);
    printTrials(results);
    return results;
  },

  interactive: async (evaluator, options, names) => {
    const results = await forEachClip(options, names, (clip, onFrame) =>
      evaluateInteractive(evaluator, clip, options.interactive, options.next, onFrame),
    );
    printInteractive(results);
    return results;
  },

  everything: async (evaluator, options, names) => {
    const results = await forEachClip(options, names, (clip, onFrame) =>
      evaluateEverything(evaluator, clip, onFrame),
    );
    printEverything(results);
    return results;
  },

  cost: async (evaluator, options, names) => {
    // Time hardly depends on the clip.
    const results = await forEachClip(options, names.slice(0, 1), async (clip, onFrame) => {
      const costs: CostResult[] = [];
      for (const objects of COST_OBJECTS) costs.push(await measureCost(evaluator, clip, objects, onFrame));
      return costs;
    });
    printCost(results.flat());
    return results;
  },
};

async function forEachClip<Result>(
  { data, frames, mode, planted, crop }: EvalOptions,
  names: readonly string[],
  evaluate: (clip: EvalClip, onFrame: (done: number, total: number) => void) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const name of names) {
    const whole = await openEvalClip(data, name, frames ?? (mode === 'cost' ? 12 : undefined));
    const ordinary = crop ? cropClip(whole, crop) : whole;
    const clip = planted ? plantTrial(await withPainters(ordinary), planted) : ordinary;
    const progress = new Progress(clip.name);
    results.push(await evaluate(clip, (done, total) => progress.update(done, total)));
    progress.end();
  }
  return results;
}

/** A planted clip's frames depend on the program that paints them, too. */
async function withPainters(clip: EvalClip): Promise<EvalClip> {
  return { ...clip, content: hashOf(clip.content, await hashSources(['tools/eval/'])) };
}

await runCommand(main);
