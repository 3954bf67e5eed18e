import { createNodeRuntime } from '../../../workers/models/ortNode.ts';
import { StepTimer } from '../../../workers/tracker/run/stepTimer.ts';
import { DEFAULT_MODEL, describeModel, loadModel } from '../../node/models.ts';
import { Progress } from '../../node/progress.ts';
import { EXIT, stopSignal } from '../../node/runCommand.ts';
import { TrackingSession } from '../../node/trackingSession.ts';
import { PROJECT_HELP, parseProjectOptions } from './projectOptions.ts';
import { openProjectVideo } from './projectVideo.ts';
import { ProjectWork } from './projectWork.ts';

/** How often the project is written while its objects are tracked, in milliseconds. */
const SAVE_EVERY = 30_000;

/** `npm run track -- PROJECT.masklet`: tracks the objects of a project, and writes their masks into it. Gives the exit code. */
export async function trackProject(args: string[]): Promise<number> {
  const options = parseProjectOptions(args);
  if (!options) {
    console.log(PROJECT_HELP);
    return EXIT.ok;
  }
  const stop = stopSignal();
  const work = await ProjectWork.open(options.project);
  try {
    const source = await openProjectVideo(options.project, work.facts, options.video);
    const objects = work.plan();
    if (objects.length === 0) {
      console.error(
        `Nothing is left to track in ${options.project}: every object with prompts has its masks.`,
      );
      return EXIT.ok;
    }
    const timer = new StepTimer();
    const model = await loadModel(options, createNodeRuntime({ threads: options.threads }), timer);
    const madeBy = await describeModel(options);
    let written = options.out;
    const known = options.model === DEFAULT_MODEL ? DEFAULT_MODEL : undefined;
    try {
      const session = new TrackingSession({ model, source, timer });
      const progress = new Progress('track');
      let savedAt = performance.now();
      try {
        for await (const event of session.track(objects, stop.signal, { settings: work.settings })) {
          work.putIn(event, madeBy);
          progress.update(event.doneFrames, event.totalFrames);
          if (performance.now() - savedAt < SAVE_EVERY) continue;
          await work.save(options.out, known);
          savedAt = performance.now();
        }
      } catch (thrown) {
        if (!stop.signal.aborted) throw thrown;
      } finally {
        progress.end();
        // Whatever ended it, what is done stays.
        written = await work.save(options.out, known);
      }
    } finally {
      await model.dispose();
    }
    const isDone = !stop.signal.aborted || work.plan().length === 0;
    console.error(
      isDone
        ? `The masks are in ${written}.`
        : `Stopped: the masks so far are in ${written}, with which the same command goes on.`,
    );
    return isDone ? EXIT.ok : stop.exitCode();
  } finally {
    work.close();
  }
}
