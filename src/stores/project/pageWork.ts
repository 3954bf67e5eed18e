import type { Doubts } from '../../core/doubt.ts';
import { fingerprintOf } from '../../core/fingerprint.ts';
import type { ProjectFacts, ProjectView } from '../../core/protocol/project.ts';
import type { LogEntry } from '../../core/workLog.ts';
import type { MaskDocument } from '../../document/document.ts';
import type { History } from '../../document/history.ts';
import { stemOf } from '../../formats/files.ts';
import { playbackStore } from '../clip/playbackStore.ts';
import type { Clip } from '../clip/videoStore.ts';
import { doubtsOf, isJudging } from '../work/doubtful.ts';
import { objectsStore } from '../work/objectsStore.ts';
import { trackingStore } from '../work/trackingStore.ts';
import { waitingLog } from '../work/workLog.ts';

/** The work on the page, as a project has it. */
export interface PageWork {
  readonly history: History<MaskDocument>;
  readonly view: ProjectView;
  /** Nothing while they are not known. */
  readonly doubts: ReadonlyMap<number, Doubts> | undefined;
  /** What was done and is not in the storage yet. */
  readonly log: readonly LogEntry[];
}

/** The work as it is now. */
export function readPageWork(): PageWork {
  const { history } = objectsStore.getState();
  const doubts = isJudging() ? undefined : doubtsOf(history.present.objects);
  return { history, view: readView(), doubts, log: waitingLog() };
}

function readView(): ProjectView {
  const { frame, range = null } = playbackStore.getState();
  const { selectedId = null, soloId = null, hidden } = objectsStore.getState();
  const isTracking = trackingStore.getState().phase === 'running';
  return { frame, range, selectedId, soloId, hidden: [...hidden], isTracking };
}

/** What a project on a clip is called at first. */
export function projectNameOf({ name }: Clip): string {
  return stemOf(name) || name;
}

/** What a new project on a clip says of it. */
export async function factsOf(name: string, clip: Clip): Promise<ProjectFacts> {
  const { name: clipName, info, file } = clip;
  const fingerprint = file ? await fingerprintOf(file) : null;
  return { name, clipName, clip: info, fingerprint, model: null, picture: null };
}
