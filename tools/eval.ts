/** `npm run eval`: measures the tracker on clips with true masks. See docs/quality.md. */
import { writeFile } from 'node:fs/promises';
import { createNodeRuntime } from '../workers/models/ortNode.ts';
import { switchOff } from '../workers/tracker/embedded/tuned.ts';
import { StepTimer } from '../workers/tracker/run/stepTimer.ts';
import { chosenNames, clipNames, foldOf, openEvalClip, type EvalClip } from './eval/clips.ts';
import { COST_OBJECTS, measureCost, type CostResult } from './eval/cost.ts';
import { cropClip } from './eval/crop.ts';
import { evaluateClip, type Evaluator } from './eval/evalRun.ts';
import { evaluateCorrections, printCorrections } from './eval/corrections.ts';
import { evaluateEverything, printEverything } from './eval/everything.ts';
import { evaluateInteractive } from './eval/interactive.ts';
import { evaluateLike, printLike } from './eval/like.ts';
import { HELP, parseEvalOptions, type EvalOptions } from './eval/options.ts';
import { evaluateMarked, markTwin, type MarkedClip } from './eval/marked.ts';
import { paintPair, pairNames } from './eval/pairs.ts';
import { plantTrial, type PlantedClip } from './eval/planted.ts';
import { printCost, printInteractive, printMarked, printQuality, printTrials } from './eval/report.ts';
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
  corrections: 256 * 2 ** 20,
  everything: 256 * 2 ** 20,
  like: 32 * 2 ** 20,
  marked: 256 * 2 ** 20,
} as const;

async function main(): Promise<number> {
  const options = parseEvalOptions(process.argv.slice(2));
  if (!options) {
    console.log(HELP);
    return EXIT.ok;
  }
  const names = await namesOf(options);
  switchOff(options.without);
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

type OnFrame = (done: number, total: number) => void;
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

  corrections: async (evaluator, options, names) => {
    const results = await forEachClip(options, names, (clip, onFrame) =>
      evaluateCorrections(evaluator, clip, options, onFrame),
    );
    printCorrections(results.flat());
    return results.flat();
  },

  everything: async (evaluator, options, names) => {
    const results = await forEachClip(options, names, (clip, onFrame) =>
      evaluateEverything(evaluator, clip, onFrame),
    );
    printEverything(results);
    return results;
  },

  like: async (evaluator, options, names) => {
    const results = await forEachClip(options, names, async (clip, onFrame) => {
      const next = names[(names.indexOf(clip.name) + 1) % names.length] ?? clip.name;
      return evaluateLike(evaluator, clip, await openClip(options, next), onFrame);
    });
    printLike(results);
    return results;
  },

  marked: async (evaluator, options, names) => {
    const results = await forEach(
      names,
      (name) => openMarked(options, name),
      (clip, onFrame) => evaluateMarked(evaluator, clip, options.alone, onFrame),
    );
    printMarked(results);
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

async function namesOf({ data, clips, fold, pairs }: EvalOptions): Promise<string[]> {
  if (pairs !== undefined) return chosenNames(pairNames(pairs), clips);
  const found = await clipNames(data, clips);
  return fold === undefined ? found : foldOf(found, fold);
}

/** Evaluates one clip after the other as the options have them opened, and shows how far each is. */
function forEachClip<Result>(
  options: EvalOptions,
  names: readonly string[],
  evaluate: (clip: EvalClip | PlantedClip, onFrame: OnFrame) => Promise<Result>,
): Promise<Result[]> {
  return forEach(names, (name) => openClip(options, name), evaluate);
}

async function forEach<Clip extends { readonly name: string }, Result>(
  names: readonly string[],
  open: (name: string) => Promise<Clip>,
  evaluate: (clip: Clip, onFrame: OnFrame) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const name of names) {
    const clip = await open(name);
    const progress = new Progress(clip.name);
    results.push(await evaluate(clip, (done, total) => progress.update(done, total)));
    progress.end();
  }
  return results;
}

async function openClip(
  { data, frames, mode, planted, crop }: EvalOptions,
  name: string,
): Promise<EvalClip | PlantedClip> {
  const whole = await openEvalClip(data, name, frames ?? (mode === 'cost' ? 12 : undefined));
  const ordinary = crop ? cropClip(whole, crop) : whole;
  return planted ? plantTrial(await withPainters(ordinary), planted) : ordinary;
}

async function openMarked(options: EvalOptions, name: string): Promise<MarkedClip> {
  if (options.pairs !== undefined) return paintPair(name);
  const clip = await openClip(options, name);
  if (!('wholeTwin' in clip)) throw new Error(`There is no twin in ${name}.`);
  return markTwin(clip);
}

/** A planted clip's frames depend on the programs that paint them, too. */
async function withPainters(clip: EvalClip): Promise<EvalClip> {
  const programs = ['planted', 'twins', 'painting'].map((name) => `tools/eval/${name}.ts`);
  return { ...clip, content: hashOf(clip.content, await hashSources(programs)) };
}

await runCommand(main);
