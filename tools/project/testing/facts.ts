import type { ProjectFacts } from '../../../src/core/protocol/project.ts';
import { SIZE } from '../../../src/document/testing/documents.ts';

/** Of a project whose masks have two pixels by two. */
export const FACTS: ProjectFacts = {
  ...{ name: 'disc', clipName: 'disc.mp4', fingerprint: null, model: null, picture: null },
  clip: {
    ...{ kind: 'video' as const, ...SIZE, frameCount: 600, duration: 20, codec: 'avc1' },
    timestamps: Float64Array.from({ length: 600 }, (_, frame) => frame / 30),
  },
};
