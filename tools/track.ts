/** `npm run track`: follows objects through a video without a browser. See docs/track.md. */
import { join, parse } from 'node:path';
import type { PromptedObject } from '../src/core/promptFile.ts';
import type { TrackSettings } from '../src/core/protocol/segmenter.ts';
import { createNodeRuntime } from '../workers/models/ortNode.ts';
import { StepTimer } from '../workers/tracker/run/stepTimer.ts';
import { FfmpegSource } from './node/ffmpegSource.ts';
import { describeModel, loadModel } from './node/models.ts';
import { Progress } from './node/progress.ts';
import { EXIT, runCommand, stopSignal } from './node/runCommand.ts';
import { clipRange, TrackingSession } from './node/trackingSession.ts';
import { UsageError } from './node/usage.ts';
import { everythingRun } from './track/everythingRun.ts';
import { exportRun } from './track/exportRun.ts';
import { identify } from './track/identity.ts';
import { HELP, parseTrackOptions, type TrackOptions } from './track/options.ts';
import { OutputFolder } from './track/outputFolder.ts';
import { isAboutProject } from './track/project/projectOptions.ts';
import { trackProject } from './track/project/trackProject.ts';
import { readPrompts } from './track/readPrompts.ts';
import { trackRun } from './track/trackRun.ts';

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (isAboutProject(args)) return trackProject(args);
  const options = parseTrackOptions(args);
  if (!options) {
    console.log(HELP);
    return EXIT.ok;
  }
  const stop = stopSignal();
  const clip = await FfmpegSource.open(options.input);
  const range = rangeWithin(options, clip.info.frameCount);
  const { prompts } = options;
  const said = prompts === undefined ? { objects: [] } : await readPrompts(prompts, clip.info, range);
  const { objects } = said;
  const settings = withSettings(options.settings, said.settings);
  const names = clip.names.slice(range.first, range.last + 1);
  const output = new OutputFolder({
    path: options.out,
    identity: await identify({ ...options, settings }, objects, range),
    madeBy: await describeModel(options),
    size: clip.info,
    ...{ objects, names, binary: options.binary, resume: options.resume },
  });
  if ((await output.look()).at === 'end') {
    if (options.format) return exportFinished(options, clip, range, objects, stop);
    console.error(`The run in ${options.out} is finished: there is nothing to go on with.`);
    return EXIT.ok;
  }
  const timer = new StepTimer();
  // Before the first file is written: what is wrong with the command line is known by then.
  const model = await loadModel(options, createNodeRuntime({ threads: options.threads }), timer);
  const beginning = await output.open();
  try {
    if (beginning.at === 'start' && beginning.lost) {
      console.error('The saved state or a frame is missing or damaged: the run starts from the beginning.');
    }
    const source = clipRange(clip, range.first, range.last);
    const session = new TrackingSession({ model, source, timer });
    const progress = new Progress('track');
    const run = prompts === undefined ? everythingRun : trackRun;
    const done = await run({
      ...{ session, objects, output, names, first: range.first, settings },
      ...{ every: options.every, size: clip.info },
      saved: beginning.at === 'saved' ? beginning.saved : undefined,
      signal: stop.signal,
      onFrame: (frames, total) => progress.update(frames, total),
    });
    progress.end();
    const finished = !stop.signal.aborted || done === names.length;
    console.error(
      finished
        ? `${done} frames are in ${options.out}.`
        : `Stopped: ${done} of ${names.length} frames are in ${options.out}. The same command with --resume goes on.`,
    );
    if (finished && options.format) return await exportFinished(options, clip, range, objects, stop);
    return finished ? EXIT.ok : stop.exitCode();
  } finally {
    await output.close();
    await model.dispose();
  }
}

/** The settings of the command line and those of a prompt file: what either turns on is on. */
function withSettings(
  given: TrackSettings,
  { allowOverlap, fillHoles, skipDoubtful, forgetAround }: Partial<TrackSettings> = {},
): TrackSettings {
  return {
    ...given,
    allowOverlap: given.allowOverlap || allowOverlap === true,
    fillHoles: given.fillHoles || fillHoles === true,
    skipDoubtful: given.skipDoubtful || skipDoubtful === true,
    forgetAround: given.forgetAround || forgetAround === true,
  };
}

/** Writes the masks of a finished run in the format that was asked for. */
async function exportFinished(
  { out, input, format = 'png' }: TrackOptions,
  source: FfmpegSource,
  range: { readonly first: number; readonly last: number },
  objects: readonly PromptedObject[],
  stop: ReturnType<typeof stopSignal>,
): Promise<number> {
  const clipName = parse(input).name;
  const run = { folder: out, format, source, clipName, range, objects, signal: stop.signal };
  for (const sentence of await exportRun(run)) console.error(sentence);
  console.error(`The masks are in ${join(out, format)}.`);
  return EXIT.ok;
}

/** @throws UsageError if the range reaches beyond the clip. */
function rangeWithin({ range, input }: TrackOptions, frameCount: number): { first: number; last: number } {
  const last = frameCount - 1;
  if (!range) return { first: 0, last };
  if (range.last <= last) return range;
  throw new UsageError(`--range ends at frame ${range.last}, but the last frame of ${input} is ${last}.`);
}

await runCommand(main);
